import type { LiveMunicipality, Trend } from '@ppe-pulse/protocol';
import { TREND_EVERY_MS, TREND_POINTS } from '@ppe-pulse/protocol';
import { kuzbassMunicipalities } from '../../../server/src/region/kuzbass-municipalities.ts';
import { hashOf, unit } from '../../../server/src/simulate/random.ts';
import { plainIncident } from '../plain-incident.ts';
import type { Scene, SceneSite, Trouble } from './scene.ts';

const MINUTE_MS = 60_000;
const ZONE = 'Asia/Novokuznetsk';

/** The busy moment of the day: keys have come, printing is next. */
export const WORK_MS = Date.parse('2024-05-15T09:42:19+07:00');

/** How many ППЭ each municipality of the drawn prototype has; the others have one. */
const ppeOf: Readonly<Record<string, number>> = {
  kemerovo: 20,
  novokuznetsk: 18,
  prokopyevsk: 6,
  'leninsk-kuznetsky': 4,
  mezhdurechensk: 4,
  belovo: 4,
  yurga: 3,
  'anzhero-sudzhensk': 3,
  kiselevsk: 3,
  topkinsky: 2,
  promyshlennovsky: 2,
  guryevsky: 2,
  mariinsky: 2,
  myski: 2,
  osinniki: 2,
  tashtagolsky: 2,
  berezovsky: 2,
};

/** What a scene may be asked to be. */
export interface SceneOptions {
  readonly seed?: number;
  readonly rooms?: number;
}

/** 98 ППЭ of Kuzbass with 20 rooms each and nothing wrong, at 09:42:19 of 15 May 2024. */
export function calm({ seed = 7, rooms = 20 }: SceneOptions = {}): Scene {
  const scene: Scene = {
    name: 'calm',
    seed,
    atMs: WORK_MS,
    phase: 'opening',
    municipalities: kuzbassMunicipalities,
    sites: kuzbassSites(rooms),
    troubles: [],
    lateStages: new Map(),
    incidents: [],
    silences: [],
    trend: { everyMs: TREND_EVERY_MS, points: [] },
    isSimulated: false,
    hasPlan: true,
    overview: {},
  };
  return { ...scene, trend: downloadTrend(scene) };
}

/** The same with a few problems, as the drawn prototype has them. */
export function work(options: SceneOptions = {}): Scene {
  const base = calm(options);
  const trouble = troubleOf(base);
  const taken = { acknowledgedAtMs: WORK_MS - 4 * MINUTE_MS, acknowledgedBy: 'admin' };
  return {
    ...base,
    name: 'work',
    lateStages: new Map([[codeOf(base, 'chebulinsky', 0), ['keyDownload']]]),
    troubles: [
      trouble('novokuznetsk', 4, 'fail printer.state offline', 3.2, ['0004', '0011']),
      trouble('chebulinsky', 0, 'fail net.portal unreachable', 12, ['7777'], {
        ...taken,
        assignee: 'technicalSupport',
      }),
      trouble('krapivinsky', 0, 'fail printer.state noPaper', 1.3, ['0007']),
      trouble('kemerovo', 0, 'unknown heartbeat silent', 0.7, null),
      trouble('mezhdurechensk', 2, 'unknown heartbeat silent', 5.3, null, {
        ...taken,
        assignee: 'municipality',
      }),
      trouble('novokuznetsk', 9, 'warn printer.state lowToner', 2.5, ['0002']),
      trouble('kemerovo', 10, 'warn camera.1.stream noStream', 9, ['0003', '0005']),
      trouble('kemerovo', 14, 'warn net.reserve reserveOld', 40, ['7777']),
      trouble('mezhdurechensk', 3, 'warn net.down belowContract', 1.6, ['7777']),
      trouble('prokopyevsk', 5, 'warn pc.disk low', 1, ['0016']),
      trouble('belovo', 3, 'warn scanner.state testOld', 6.9, ['0009']),
      trouble('topkinsky', 0, 'warn printer.state lowPaper', 22, ['0009']),
      trouble('prokopyevsky-r', 0, 'warn clock.skew skewed', 6.4, ['0009']),
    ],
  };
}

/** 28 of 98 ППЭ fell silent within six seconds: one incident for all of them, and two that were there before. */
export function flood(options: SceneOptions = {}): Scene {
  const base = work(options);
  const hit = base.sites.filter(
    ({ municipality }, at) =>
      ['prokopyevsk', 'kiselevsk', 'belovo', 'myski', 'osinniki', 'yurga'].includes(municipality) ||
      (['novokuznetsk', 'mezhdurechensk'].includes(municipality) && at % 2 === 0),
  );
  const silent = hit.slice(0, 28);
  const codes = new Set(silent.map(({ code }) => code));
  const children = silent.reduce((sum, { rooms }) => sum + rooms + 1, 0);
  return {
    ...base,
    name: 'flood',
    troubles: [
      ...base.troubles
        .filter(({ siteCode, verdict }) => !codes.has(siteCode) && verdict !== 'unknown')
        .slice(0, 3),
      ...silent.map(({ code }, at): Trouble => ({
        siteCode: code,
        rooms: null,
        verdict: 'unknown',
        check: 'heartbeat',
        reason: 'silent',
        forMs: 134_000 - (at % 7) * 1_000,
        incident: null,
      })),
    ],
    incidents: [
      plainIncident(90, base.atMs - 128_000, {
        level: 'provider',
        node: 'provider:Связь-2',
        provider: 'Связь-2',
        children,
        peakChildren: children,
        sites: silent.length,
        siteCodes: silent.map(({ code }) => code),
      }),
    ],
  };
}

/** The morning before: 14 May, 16:10, technical control goes on. */
export function beforeDay(options: SceneOptions = {}): Scene {
  return moved(calm(options), 'before-day', '2024-05-14T16:10:00+07:00', 'preparation');
}

/** The evening after: all is sent. */
export function afterDay(options: SceneOptions = {}): Scene {
  return moved(calm(options), 'after-day', '2024-05-15T18:40:00+07:00', 'closed');
}

/** Trouble that is rehearsed on purpose. */
export function drill(options: SceneOptions = {}): Scene {
  const base = work(options);
  return {
    ...base,
    name: 'drill',
    troubles: base.troubles.map((each) => ({
      ...each,
      incident: each.incident && { ...each.incident, isDrill: true },
    })),
  };
}

/** Everybody is made by the simulator. */
export function simulated(options: SceneOptions = {}): Scene {
  return { ...work(options), name: 'simulated', isSimulated: true };
}

/** Somebody has the plan open. */
export function planEditing(options: SceneOptions = {}): Scene {
  const base = calm(options);
  const sinceAt = new Date(base.atMs - 3 * MINUTE_MS).toISOString();
  return { ...base, name: 'plan-editing', overview: { planEditing: { by: 'admin', sinceAt } } };
}

/** Rooms are isolated by the plan: pupils write, and nobody is heard but the Штабы. */
export function silentByRule(options: SceneOptions = {}): Scene {
  const base = moved(calm(options), 'silent-by-rule', '2024-05-15T11:20:00+07:00', 'exam');
  return {
    ...base,
    troubles: base.sites.map(({ code, rooms }): Trouble => ({
      siteCode: code,
      rooms: Array.from({ length: rooms }, (_, room) => String(room + 1).padStart(4, '0')),
      verdict: 'silentByRule',
      check: 'heartbeat',
      reason: 'isolatedByPlan',
      forMs: 80 * MINUTE_MS,
      incident: null,
    })),
  };
}

/** As on 5 March: four ППЭ take part, the rest do not. */
export function notInvolved(options: SceneOptions = {}): Scene {
  const base = calm(options);
  return {
    ...base,
    name: 'not-involved',
    sites: base.sites.map((site, index) => ({ ...site, isInvolved: index % 25 === 0 })),
  };
}

/** No registry, no plan, nobody. */
export function zeroSites(): Scene {
  const nobody = { ...calm(), name: 'zero-sites', municipalities: [], sites: [], hasPlan: false };
  return { ...nobody, phase: 'idle' };
}

/** Names of 200 characters, markup and right-to-left marks wherever the region may write. */
export function foreignNames(options: SceneOptions = {}): Scene {
  const base = work(options);
  const long = 'Муниципальное бюджетное общеобразовательное учреждение '.repeat(4).slice(0, 200);
  const names = ['<img src=x onerror=alert(1)><b>Школа</b>', long, '\u202eאבג Школа'];
  return {
    ...base,
    name: 'foreign-names',
    municipalities: base.municipalities.map((each, index) => ({
      ...each,
      name: index < 3 ? (names[index] ?? '') : each.name,
    })),
    sites: base.sites.map((site, index) => ({ ...site, name: names[index % 3] ?? '' })),
  };
}

/** So many sites in 89 regions of as many municipalities each as they need; `rooms` a site on average. */
export function country(sites = 6_000, { seed = 7, rooms = 11 }: SceneOptions = {}): Scene {
  const base = calm({ seed });
  const homes = Array.from(
    { length: Math.max(1, Math.round(sites / 67)) },
    (_, at): LiveMunicipality => ({
      slug: `region-${at + 1}`,
      name: `Регион ${at + 1}`,
      kind: '',
      tile: null,
    }),
  );
  return {
    ...base,
    name: 'country',
    municipalities: homes,
    sites: Array.from({ length: sites }, (_, at): SceneSite => {
      const code = String(at + 1).padStart(4, '0');
      const home = homes[Math.floor((at * homes.length) / sites)];
      const spread = unit(hashOf(`${seed} ${code}`), 'rooms');
      return {
        code,
        kind: 'ppe',
        name: `Школа № ${at + 1} (пример)`,
        municipality: home?.slug ?? '',
        // Counted without the Штаб.
        rooms: Math.max(1, Math.round(rooms * (0.4 + 1.2 * spread)) - 1),
        isInvolved: true,
        timeZone: ZONE,
      };
    }),
  };
}

/** 600 sites: more than a wall of tiles shows. */
export function sixHundred(options: SceneOptions = {}): Scene {
  return { ...country(600, options), name: 'six-hundred' };
}

/** As many ППЭ of as many rooms as a bench asks for, all well; the Штаб counts as one of the rooms. */
export function sized(sites: number, rooms: number): Scene {
  const base = calm();
  const homes = base.municipalities;
  return {
    ...base,
    name: `sized-${sites}x${rooms}`,
    sites: Array.from({ length: sites }, (_, at) =>
      ppe(
        String(4_201 + at),
        homes[Math.floor((at * homes.length) / sites)]?.slug ?? '',
        rooms - 1,
      ),
    ),
  };
}

function moved(scene: Scene, name: string, moment: string, phase: Scene['phase']): Scene {
  const atMs = Date.parse(moment);
  const later = { ...scene, name, atMs, phase };
  return { ...later, trend: downloadTrend(later) };
}

function kuzbassSites(rooms: number): SceneSite[] {
  const homes = kuzbassMunicipalities.flatMap(({ slug }) =>
    Array.from({ length: ppeOf[slug] ?? 1 }, () => slug),
  );
  return homes.map((slug, index) => ppe(String(4_201 + index), slug, rooms));
}

function ppe(code: string, municipality: string, rooms: number): SceneSite {
  const name = `Школа № ${Number(code) % 1_000} (пример)`;
  return { code, kind: 'ppe', name, municipality, rooms, isInvolved: true, timeZone: ZONE };
}

function codeOf({ sites }: Scene, municipality: string, nth: number): string {
  const code = sites.filter((site) => site.municipality === municipality)[nth]?.code;
  if (code === undefined) throw new Error(`${municipality} has no ППЭ number ${nth} on the stage`);
  return code;
}

/** `verdict check reason` of the n-th ППЭ of a municipality, so many minutes ago. */
function troubleOf(scene: Scene) {
  return (
    municipality: string,
    nth: number,
    what: string,
    ...[minutes, rooms, incident = {}]: [
      minutes: number,
      rooms: readonly string[] | null,
      incident?: Trouble['incident'],
    ]
  ): Trouble => {
    const [verdict, check = '', reason = ''] = what.split(' ');
    return {
      siteCode: codeOf(scene, municipality, nth),
      rooms,
      verdict: verdict as Trouble['verdict'],
      check,
      reason,
      forMs: minutes * MINUTE_MS,
      incident,
    };
  };
}

/** Most downloaded the materials around 08:50; a little goes on. */
function downloadTrend({ atMs, seed }: Pick<Scene, 'atMs' | 'seed'>): Trend {
  const everyMs = TREND_EVERY_MS;
  const peakMs = Date.parse('2024-05-15T08:50:00+07:00');
  const points = Array.from({ length: TREND_POINTS }, (_, index) => {
    const pointMs = atMs - (TREND_POINTS - index) * everyMs;
    const hump = 340e6 * Math.exp(-(((pointMs - peakMs) / (22 * MINUTE_MS)) ** 2));
    const noise = 4e6 * unit(hashOf(`${seed} trend`), String(index));
    return { atMs: pointMs, rxBytesPerSecond: Math.round(20e6 + hump + noise) };
  });
  return { everyMs, points };
}

/** The mass loss, and beside it ten that broke by themselves in the last minutes. */
export function floodOfCauses(): Scene {
  const scene = flood();
  const known = new Set(scene.troubles.map(({ siteCode }) => siteCode));
  const more = scene.sites.filter(({ code }) => !known.has(code)).slice(0, 10);
  const troubles = more.map(({ code }, at): Trouble => ({
    siteCode: code,
    rooms: ['7777'],
    verdict: at % 2 === 0 ? 'fail' : 'warn',
    check: at % 2 === 0 ? 'net.portal' : 'pc.disk',
    reason: at % 2 === 0 ? 'noAnswer' : 'low',
    forMs: (9 - at * 0.8) * 60_000,
    incident: {},
  }));
  return { ...scene, name: 'flood-of-causes', troubles: [...scene.troubles, ...troubles] };
}
