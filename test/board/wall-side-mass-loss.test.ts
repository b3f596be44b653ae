import { describe, expect, it } from 'vitest';
import type {
  Incident,
  LiveMunicipality,
  LiveState,
  LiveWorkstation,
  Verdict,
} from '@ppe-pulse/protocol';
import { isSameLoss, massLossOf } from '../../board/src/wall-side/mass-loss.ts';
import { silentSitesOf } from '../../board/src/wall-side/silent-sites.ts';
import { BOARD_MS, incidentOf, overviewOf, siteOf } from '../support/board-page.ts';

/** A workstation of a site; `agoMs` is when it was last heard, null for never. */
const heard = (siteCode: string, verdict: Verdict, agoMs: number | null): LiveWorkstation => ({
  index: 0,
  id: `w-${siteCode}`,
  placement: { siteCode, roomCode: '0001', role: 'organizer', duty: 'main', simulated: false },
  verdict,
  reason: verdict === 'ok' ? 'ok' : 'silent',
  lastSeenMs: agoMs === null ? null : BOARD_MS - agoMs,
  problems: [],
  values: [],
});

const municipality = (slug: string, col: number, row: number): LiveMunicipality => ({
  slug,
  name: slug,
  kind: 'ГО',
  tile: { col, row },
});

interface Place {
  readonly slug: string;
  readonly count: number;
  readonly silent: number;
}

/** A picture of so many ППЭ in each municipality, of which so many are silent; one wide incident of it. */
function picture(
  places: readonly Place[],
  part: Partial<Incident> = {},
): Pick<LiveState, 'incidents' | 'sites' | 'registry' | 'municipalities' | 'overview'> {
  const sites = new Map<string, readonly LiveWorkstation[]>();
  const registry: LiveState['registry'] = new Map();
  const silent: string[] = [];
  for (const place of places)
    for (let at = 0; at < place.count; at += 1) {
      const code = String(4_000 + sites.size);
      const isSilent = at < place.silent;
      if (isSilent) silent.push(code);
      sites.set(code, [
        heard(code, isSilent ? 'unknown' : 'ok', isSilent ? 90_000 + (at % 7) * 1_000 : 0),
      ]);
      (registry as Map<string, ReturnType<typeof siteOf>>).set(
        code,
        siteOf(code, place.slug, place.slug),
      );
    }
  const incident = incidentOf(1, {
    level: 'region',
    node: 'region',
    siteCode: null,
    municipality: null,
    sites: silent.length,
    siteCodes: silent.slice(0, 40),
    ...part,
  });
  return {
    incidents: new Map([[incident.id, incident]]),
    sites,
    registry,
    municipalities: places.map(({ slug }, at) => municipality(slug, at, 0)),
    overview: overviewOf({
      sites: {
        total: sites.size,
        involved: sites.size,
        byVerdict: { ok: 0, warn: 0, fail: 0, unknown: 0, silentByRule: 0, notInvolved: 0 },
      },
    }),
  };
}

describe('silent sites', () => {
  const of = (workstations: readonly LiveWorkstation[], part = {}) =>
    silentSitesOf({
      sites: new Map([['4216', workstations]]),
      registry: new Map([['4216', { ...siteOf('4216'), ...part }]]),
    });

  it('are those in which nobody who should be heard is', () => {
    const [hq, room] = [heard('4216', 'unknown', 9), heard('4216', 'ok', 0)];
    expect(of([hq])).toEqual({ silent: ['4216'], neverHeard: [], expected: 1 });
    expect(of([hq, room]).silent).toEqual([]);
    expect(of([hq, heard('4216', 'silentByRule', 99)]).silent).toEqual(['4216']);
  });

  it('are not those that the plan isolates, nor those that take no part', () => {
    expect(of([heard('4216', 'silentByRule', 99)]).expected).toBe(0);
    expect(of([heard('4216', 'notInvolved', 99)]).expected).toBe(0);
    expect(of([], { isInvolved: false }).expected).toBe(0);
    expect(of([heard('4216', 'unknown', 9)], { kind: 'rcoi' }).expected).toBe(0);
  });

  it('are told apart from those that were never heard', () => {
    expect(of([])).toEqual({ silent: [], neverHeard: ['4216'], expected: 1 });
    expect(of([heard('4216', 'unknown', null)]).neverHeard).toEqual(['4216']);
    expect(of([], { planned: 0 }).expected).toBe(0);
  });
});

describe('a mass loss', () => {
  it('is none where every incident is of one site, or of too few', () => {
    const none = picture([{ slug: 'a', count: 5, silent: 2 }]);
    expect(massLossOf(none)).toBeUndefined();
    expect(massLossOf({ ...none, incidents: new Map([['i-1', incidentOf(1)]]) })).toBeUndefined();
  });

  it('says how many of all, where by municipality, how fast, and how much is whole', () => {
    const loss = massLossOf(
      picture([
        { slug: 'novokuznetsk', count: 18, silent: 17 },
        { slug: 'kemerovo', count: 20, silent: 0 },
        { slug: 'myski', count: 2, silent: 2 },
      ]),
    );
    expect(loss).toMatchObject({
      isSilence: true,
      sites: 19,
      share: 19 / 40,
      fellWithinMs: 6_000,
      hitMunicipalities: 2,
      wholeMunicipalities: 1,
      areNeighbours: false,
    });
    expect(loss?.rows.map(({ slug, hit, total }) => [slug, hit, total])).toEqual([
      ['novokuznetsk', 17, 18],
      ['myski', 2, 2],
    ]);
  });

  it('counts right when its list of sites is cut, also where they are', () => {
    const cut = picture([
      { slug: 'a', count: 50, silent: 48 },
      { slug: 'b', count: 10, silent: 7 },
    ]);
    const [incident] = [...cut.incidents.values()];
    expect(incident?.siteCodes).toHaveLength(40);
    const loss = massLossOf(cut);
    expect(loss?.sites).toBe(55);
    expect(loss?.rows.map(({ hit }) => hit)).toEqual([48, 7]);
  });

  it('of one municipality that is cut counts only its own', () => {
    const places = [
      { slug: 'a', count: 60, silent: 50 },
      { slug: 'b', count: 10, silent: 7 },
    ];
    const part = { level: 'municipality', municipality: 'a', sites: 50 } as const;
    expect(massLossOf(picture(places, part))?.rows).toMatchObject([{ slug: 'a', hit: 50 }]);
  });

  it('says that those hit are neighbours when their tiles hang together', () => {
    const side = [
      { slug: 'a', count: 3, silent: 2 },
      { slug: 'b', count: 3, silent: 2 },
      { slug: 'c', count: 3, silent: 0 },
    ];
    expect(massLossOf(picture(side))?.areNeighbours).toBe(true);
    const noTiles = picture(side);
    const municipalities = noTiles.municipalities.map((each) => ({ ...each, tile: null }));
    expect(massLossOf({ ...noTiles, municipalities })?.areNeighbours).toBe(false);
  });

  it('leaves out of how fast it went who was silent long before', () => {
    const state = picture([{ slug: 'a', count: 9, silent: 5 }]);
    const [first = ''] = state.sites.keys();
    const sites = new Map(state.sites).set(first, [heard(first, 'unknown', 3_600_000)]);
    expect(massLossOf({ ...state, sites })?.fellWithinMs).toBe(3_000);
  });

  it('compares onsets on the clock of a day that is played faster', () => {
    const state = picture([{ slug: 'a', count: 9, silent: 5 }]);
    const [first = ''] = state.sites.keys();
    // Half a minute of the wall is three of the day: another loss, though the wall's clock would fold it.
    const sites = new Map(state.sites).set(first, [heard(first, 'unknown', 125_000)]);
    const rehearsal = {
      planId: 'p',
      planVersion: 1,
      title: '',
      nowAt: new Date(BOARD_MS).toISOString(),
      isSimulated: true,
      phase: 'opening',
      opensAt: '2024-05-15T08:00:00+07:00',
      closesAt: '2024-05-15T18:40:00+07:00',
      agentsBehind: 0,
    } as const;
    const at = (speed: number) =>
      massLossOf({ ...state, sites, overview: overviewOf({ rehearsal: { ...rehearsal, speed } }) });
    expect(at(1)?.fellWithinMs).toBe(34_000);
    expect(at(6)?.fellWithinMs).toBe(3_000);
  });

  it('shows silence before other faults, and of these the widest', () => {
    const state = picture([{ slug: 'a', count: 9, silent: 5 }]);
    const portal = incidentOf(2, {
      kind: 'net.portal',
      level: 'region',
      sites: 40,
      siteCode: null,
    });
    const both = new Map([...state.incidents, ['i-2', portal] as const]);
    expect(massLossOf({ ...state, incidents: both })?.incident.id).toBe('i-1');
    const loss = massLossOf({ ...state, incidents: new Map([['i-2', portal]]) });
    expect(loss).toMatchObject({ isSilence: false, sites: 40, fellWithinMs: null, share: 1 });
  });

  it('knows no share before anybody told how many take part', () => {
    const state = picture([{ slug: 'a', count: 9, silent: 5 }]);
    // Of silence the picture itself tells who should be heard.
    expect(massLossOf({ ...state, overview: null })?.share).toBeCloseTo(5 / 9);
    const faults = [...state.incidents].map(
      ([id, each]) => [id, { ...each, kind: 'net.loss' }] as const,
    );
    const other = { ...state, incidents: new Map(faults), overview: null };
    expect(massLossOf(other)?.share).toBeNull();
  });

  it('is the same until a number in it is another', () => {
    const of = (silent: number) => massLossOf(picture([{ slug: 'a', count: 9, silent }]));
    const state = picture([{ slug: 'a', count: 9, silent: 5 }]);
    expect(isSameLoss(massLossOf(state), massLossOf(state))).toBe(true);
    expect(isSameLoss(of(5), of(6))).toBe(false);
    expect(isSameLoss(undefined, of(6))).toBe(false);
    expect(isSameLoss(undefined, undefined)).toBe(true);
  });
});
