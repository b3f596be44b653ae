import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stagesOf, type Plan } from '@ppe-pulse/protocol';
import { checkPlanText } from '../../server/src/plan/check-plan-text.ts';
import { sampleRegion } from '../../server/src/region/sample-region.ts';
import { parseFaultScript, type FaultEntry } from '../../server/src/simulate/fault-script.ts';
import { scheduleFaults } from '../../server/src/simulate/fault-schedule.ts';
import { Probes } from '../../server/src/simulate/measure.ts';
import { presenceAt } from '../../server/src/simulate/presence.ts';
import { claimsOf, type PlannedClaim } from '../../server/src/simulate/rehearsal/claims.ts';
import { dayTruths, type DayTruth } from '../../server/src/simulate/rehearsal/day-truth.ts';
import {
  planRegistered,
  type PlannedRegion,
} from '../../server/src/simulate/rehearsal/planned-region.ts';
import { routineOf } from '../../server/src/simulate/rehearsal/routine.ts';
import type { SimulatedWorkstation } from '../../server/src/simulate/region.ts';
import type { SimulatedTime } from '../../server/src/simulate/simulated-time.ts';

const MINUTE = 60_000;
const UTC_OFFSET = 420;
const folder = join(import.meta.dirname, '..', '..', 'server');

function planFrom(id: string, change: (text: string) => string = (text) => text): Plan {
  const text = change(readFileSync(join(folder, 'plans', `${id}.yaml`), 'utf8'));
  const outcome = checkPlanText(text, { nowMs: null, region: null });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.plan;
}

function scenario(name: string): readonly FaultEntry[] {
  const outcome = parseFaultScript(readFileSync(join(folder, 'scenarios', name), 'utf8'));
  if (!outcome.ok) throw new Error(outcome.problems.join('; '));
  return outcome.entries;
}

const sample = sampleRegion({ ppe: 85, seed: 1 });
const may = planFrom('2024-05-15');
const region = planRegistered(sample, may, 1);
const at = (local: string, day = '15'): number => Date.parse(`2024-05-${day}T${local}:00+07:00`);
const time: SimulatedTime = { startMs: at('06:30'), speed: 60, utcOffsetMinutes: UTC_OFFSET };

function truthsWith(entries: readonly FaultEntry[], of: PlannedRegion = region): DayTruth[] {
  const schedule = scheduleFaults(entries, of, time, routineOf(of, time));
  const occurrencesOf = (index: number) => schedule.of(index);
  return dayTruths({ region: of, occurrencesOf, utcOffsetMinutes: UTC_OFFSET });
}

function claimsFor(truths: readonly DayTruth[], plan = may): PlannedClaim[] {
  return claimsOf({
    truths,
    stages: new Set(plan.stages.map(({ id }) => id)),
    dueMs: () => null,
    startMs: time.startMs,
  });
}

const firstOf = (role: string, of: PlannedRegion = region): SimulatedWorkstation => {
  const found = of.workstations.find(
    ({ placement }) => placement.role === role && placement.duty === 'main',
  );
  if (!found) throw new Error(`no ${role}`);
  return found;
};

describe('a fleet of the registry', () => {
  it('stands where the registry plans it, at the sites that take part', () => {
    const mainPpe = sample.sites.filter(({ kind, period }) => kind === 'ppe' && period === 'main');
    const others = sample.sites.filter(({ kind }) => kind !== 'ppe');
    expect(region.sites.map(({ code }) => code)).toEqual(
      [...mainPpe, ...others].map(({ code }) => code).sort(),
    );
    const planned = mainPpe
      .flatMap(({ code, rooms }) =>
        rooms.flatMap((room) =>
          room.workstations.map(({ role, duty }) => `${code} ${room.code} ${role} ${duty}`),
        ),
      )
      .sort();
    const made = region.workstations
      .filter(({ site }) => site.kind === 'ppe')
      .map(({ placement: { siteCode, roomCode, role, duty } }) =>
        [siteCode, roomCode, role, duty].join(' '),
      )
      .sort();
    expect(made).toEqual(planned);
    expect(region.workstations.every(({ placement }) => placement.simulated)).toBe(true);
  });

  it('gives each PC a key of its own that a longer list does not move', () => {
    const names = region.workstations.map(({ keyName }) => keyName);
    expect(new Set(names).size).toBe(region.workstations.length);
    const fewer = { ...sample, sites: sample.sites.slice(10) };
    const again = planRegistered(fewer, may, 1);
    const salts = new Map(region.workstations.map(({ keyName, salt }) => [keyName, salt]));
    for (const { keyName, salt } of again.workstations) expect(salts.get(keyName)).toBe(salt);
  });

  it('has one PC a room that watches its cameras, and the Штаб first', () => {
    for (const site of region.sites) {
      const here = region.workstations.filter((each) => each.site === site);
      const rooms = region.registered[site.index]?.site.rooms ?? [];
      for (const { code, cameras } of rooms) {
        const watching = here.filter(
          (each) => each.placement.roomCode === code && each.cameras > 0,
        );
        expect([site.code, code, watching.map((each) => each.cameras)]).toEqual([
          site.code,
          code,
          cameras > 0 ? [2] : [],
        ]);
      }
      if (site.kind === 'ppe') expect(here[0]?.placement.role).toBe('hq');
    }
  });

  it('is one ППЭ beside РЦОИ and commissions on 5 March, and 84 are not simulated', () => {
    const code = sample.sites.find(({ period }) => period === 'early')?.code ?? '';
    const march = planFrom('2024-03-05', (text) => text.replace('only: []', `only: ['${code}']`));
    const few = planRegistered(sample, march, 1);
    expect(few.sites.map((site) => site.code)).toEqual([code, '9001', '9002', '9003', '9004']);
  });
});

describe('the routine of a day', () => {
  const routine = routineOf(region, time);
  const presence = (workstation: SimulatedWorkstation, local: string) =>
    presenceAt(workstation, routine(workstation), at(local));

  it('has the Штаб up all the time, cameras by 08:00 and nearly all others by 09:00', () => {
    expect(presence(firstOf('hq'), '06:30').absence).toBeUndefined();
    const up = (local: string, of: readonly SimulatedWorkstation[]): number =>
      of.filter((each) => presence(each, local).absence === undefined).length / of.length;
    const watching = region.workstations.filter(({ cameras }) => cameras > 0);
    expect(up('07:00', watching)).toBe(0);
    expect(up('08:00', watching)).toBe(1);
    const others = region.workstations.filter(
      ({ cameras, placement }) => cameras === 0 && placement.role !== 'hq',
    );
    expect(up('08:00', others)).toBe(0);
    expect(up('09:00', others)).toBeGreaterThan(0.95);
    expect(up('09:00', others)).toBeLessThan(1);
    expect(up('09:20', others)).toBe(1);
  });

  it('isolates rooms as the plan says: they measure on, and are silent', () => {
    const organizer = firstOf('organizer');
    const before = presence(organizer, '09:29');
    const during = presence(organizer, '10:05');
    expect([before.isOffline, before.boots]).toEqual([false, 1]);
    expect([during.isOffline, during.absence]).toEqual([true, undefined]);
    expect(presence(organizer, '13:36').isOffline).toBe(false);
    // Informatics lasts longer than Russian.
    expect(presence(firstOf('kege'), '13:36').isOffline).toBe(true);
    for (const role of ['hq', 'video'])
      expect(presence(firstOf(role), '10:05').isOffline).toBe(false);
  });

  it('says the mode in its heartbeats, and prints what the plan prints', () => {
    const organizer = firstOf('organizer');
    const probes = new Probes(organizer);
    const pages = (local: string): number => {
      const moment = { atMs: at(local), sinceMs: 0, bootedAtMs: at('08:00') };
      const { metrics } = probes.measure({
        ...moment,
        utcOffsetMinutes: UTC_OFFSET,
        occurrences: routine(organizer),
      });
      return metrics['printer.pages.count'] ?? Number.NaN;
    };
    const before = pages('09:55');
    let last = before;
    for (const local of ['10:02', '10:06', '10:10', '10:14', '10:20', '12:00']) {
      expect(pages(local)).toBeGreaterThanOrEqual(last);
      last = pages(local);
    }
    expect(last - before).toBe(may.print.setsPerRoom * may.print.pagesPerSet);
  });
});

describe('what happens on a day', () => {
  it('prints every room between 10:05 and 10:20, has materials before and scans after', () => {
    const truths = truthsWith([]);
    const rooms = truths.filter(({ track }) => track === 'written').flatMap((each) => each.rooms);
    expect(rooms.length).toBeGreaterThan(500);
    for (const { printedMs, scannedMs } of rooms) {
      expect(printedMs).toBeGreaterThan(at('10:05'));
      expect(printedMs).toBeLessThan(at('10:20'));
      expect(scannedMs).toBeGreaterThan(at('13:35'));
      expect(scannedMs).toBeLessThan(at('14:30'));
    }
    for (const { site, emHereMs } of truths)
      if (site.kind === 'ppe') expect(emHereMs).toBeLessThan(at('17:00', '14'));
  });

  it('is later by as long as a printer stands, and a slow download ends with its fault', () => {
    const usual = truthsWith([]).find(({ track }) => track === 'written');
    const ppe = usual?.site.code ?? '';
    const room = usual?.rooms[0]?.room.code ?? '';
    const struck = truthsWith([
      { at: '10:05', for: '6m', fault: 'printerJam', where: { ppe, room } },
      { at: '06:30', for: '130m', fault: 'slowEm', where: { ppe } },
    ]).find(({ track, site }) => track === 'written' && site.code === ppe);
    const [before, after] = [usual, struck].map((each) => each?.rooms[0]?.printedMs ?? Number.NaN);
    expect(((after ?? 0) - (before ?? 0)) / MINUTE).toBeCloseTo(6, 0);
    expect(struck?.emHereMs).toBe(at('08:40'));
  });
});

describe('claims', () => {
  const claims = claimsFor(truthsWith([]));

  it('are made of every stage of every track, in the order of their moments', () => {
    const kinds = new Set(claims.map(({ track, stage }) => `${track} ${stage}`));
    for (const track of ['written', 'kege', 'speaking', 'video'] as const)
      for (const { id } of stagesOf(track)) expect(kinds).toContain(`${track} ${id}`);
    const moments = claims.map(({ atMs }) => atMs);
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(moments[0]).toBeGreaterThanOrEqual(time.startMs);
  });

  it('say «all of it» last of each stage, and count up to it', () => {
    const ofStage = new Map<string, (number | null)[]>();
    for (const { siteCode, track, stage, done } of claims) {
      const key = `${siteCode} ${track} ${stage}`;
      ofStage.set(key, [...(ofStage.get(key) ?? []), done]);
    }
    for (const said of ofStage.values()) {
      expect(said.at(-1)).toBeNull();
      const counts = said.slice(0, -1).map(Number);
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    }
  });

  it('come after what they claim', () => {
    for (const truth of truthsWith([])) {
      if (truth.track !== 'written') continue;
      const last = Math.max(...truth.rooms.map(({ printedMs }) => printedMs ?? 0));
      const said = (stage: string) =>
        claims.find(
          (each) =>
            each.siteCode === truth.site.code &&
            each.track === 'written' &&
            each.stage === stage &&
            each.done === null,
        )?.atMs;
      expect(said('printing')).toBeGreaterThan(last);
      expect(said('examStarted')).toBeGreaterThan(last);
      expect(said('keyDownload')).toBeGreaterThan(at('09:30'));
    }
  });

  it('are few enough for the collector to take them at sixty times the speed', () => {
    let from = 0;
    let most = 0;
    for (const [index, { atMs }] of claims.entries()) {
      while ((claims[from]?.atMs ?? 0) < atMs - 60 * MINUTE) from += 1;
      most = Math.max(most, index - from + 1);
    }
    expect(most).toBeLessThan(1_000);
  });

  it('are too early where the script says so, of that room alone', () => {
    const early = claimsFor(
      truthsWith([{ at: '10:03', for: '20m', fault: 'earlyClaim', where: { count: 1 } }]),
    ).filter(({ roomCode }) => roomCode !== null);
    expect(early).toHaveLength(1);
    expect(early[0]).toMatchObject({ stage: 'printing', track: 'written', done: null });
    expect(early[0]?.atMs).toBe(at('10:03'));
  });
});

describe('the scenarios', () => {
  const names = readdirSync(join(folder, 'scenarios')).filter((name) => name.endsWith('.yaml'));

  it.each(names)('%s strikes somebody with each of its faults, in a region of any size', (name) => {
    for (const ppe of [1, 3, 10, 85]) {
      const small = planRegistered(sampleRegion({ ppe, seed: 1 }), may, 1);
      const { struck } = scheduleFaults(scenario(name), small, time);
      // The smallest sample may have no ППЭ of the main period.
      const hasPpe = small.sites.some(({ kind }) => kind === 'ppe');
      if (hasPpe) expect([ppe, struck.filter((count) => count === 0)]).toEqual([ppe, []]);
    }
  });

  it('have a camera that is frozen and one that is dark in a ППЭ, the РЦОИ or a commission', () => {
    for (const name of names.filter((each) => each !== 'provider-cut.yaml')) {
      const video = scenario(name).filter(({ fault }) => fault.startsWith('camera'));
      const kinds = new Set(video.map(({ where }) => where?.kind));
      expect([name, [...kinds].map(String).sort()]).toEqual([name, ['commission', 'ppe', 'rcoi']]);
      const faults = new Set(video.map(({ fault }) => fault));
      expect(faults).toContain('cameraFrozen');
      expect(faults).toContain('cameraBlack');
    }
  });

  it('cut 14 ППЭ of one provider at once', () => {
    const { entries } = scheduleFaults(scenario('day-15-may.yaml'), region, time);
    const cut = entries.find(({ entry }) => entry.fault === 'providerCut');
    const sites = new Set(cut?.workstations.map(({ site }) => site));
    expect(sites.size).toBe(14);
    expect(new Set([...sites].map(({ provider }) => provider)).size).toBe(1);
  });
});
