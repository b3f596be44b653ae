import { describe, expect, it } from 'vitest';
import {
  nothingKnown,
  type Incident,
  type LiveSite,
  type LiveState,
  type LiveWorkstation,
  type Verdict,
} from '@ppe-pulse/protocol';
import { TileStore } from '../../board/src/wall/tile-store.ts';
import { keptTile, siteVerdict, tileOf } from '../../board/src/wall/tiles.ts';
import { WallClock } from '../../board/src/wall/wall-clock.ts';
import { BOARD_MS, MINUTE_MS, incidentOf, overviewOf, siteOf } from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

let made = 0;
function stationOf(
  roomCode: string,
  verdict: Verdict,
  part: Partial<LiveWorkstation> = {},
): LiveWorkstation {
  made += 1;
  return {
    index: made,
    id: workstationId(made),
    placement: { siteCode: '4216', roomCode, role: 'organizer', duty: 'main', simulated: false },
    verdict,
    reason: verdict === 'ok' ? 'ok' : 'jam',
    lastSeenMs: BOARD_MS,
    problems: verdict === 'ok' ? [] : [{ id: 'printer.state', verdict, reason: 'jam' }],
    values: [],
    ...part,
  };
}

const rooms = (...codes: string[]) => codes.map((code) => ({ code, isDone: false }));
const tile = (
  workstations: readonly LiveWorkstation[],
  site: Partial<LiveSite> = {},
  incidents: readonly Incident[] = [],
) => tileOf('4216', { workstations, site: { ...siteOf('4216'), ...site }, incidents });
const cellsOf = (found: ReturnType<typeof tile>) =>
  found.rooms.map(({ code, verdict, isUnheard }) => [code, verdict, isUnheard]);

describe('the tile of a ППЭ', () => {
  it('has a cell a room, the Штаб first: the worst of its workstations', () => {
    const found = tile(
      [stationOf('0001', 'ok'), stationOf('0001', 'warn'), stationOf('7777', 'ok')],
      { rooms: rooms('0001', '0002', '7777') },
    );
    expect(cellsOf(found)).toEqual([
      ['7777', 'ok', false],
      ['0001', 'warn', false],
      ['0002', 'unknown', true],
    ]);
  });

  it('has cells also for rooms that the registry does not know, and without a registry', () => {
    expect(cellsOf(tile([stationOf('0999', 'fail')], { rooms: rooms('0001') }))).toEqual([
      ['0001', 'unknown', true],
      ['0999', 'fail', false],
    ]);
    const stranger = tileOf('4216', {
      workstations: [stationOf('0001', 'ok')],
      site: undefined,
      incidents: [],
    });
    expect(cellsOf(stranger)).toEqual([['0001', 'ok', false]]);
  });

  it('takes one that is enrolled and never spoke as not heard yet, and one that fell silent not', () => {
    const never = stationOf('0001', 'unknown', { lastSeenMs: null });
    const silent = stationOf('0002', 'unknown');
    expect(cellsOf(tile([never, silent]))).toEqual([
      ['0001', 'unknown', true],
      ['0002', 'unknown', false],
    ]);
    // What a flash drive brought was heard.
    const carried = { ...never, carriedAtMs: BOARD_MS };
    expect(cellsOf(tile([carried]))).toEqual([['0001', 'unknown', false]]);
  });

  it('has rooms that take no part where the site takes none', () => {
    const left = tile([], { isInvolved: false, rooms: rooms('0001') });
    expect([left.verdict, left.rooms[0]?.verdict, left.worst]).toEqual([
      'notInvolved',
      'notInvolved',
      null,
    ]);
  });

  it('shows what is done, and only of a room of the registry', () => {
    const { rooms: cells } = tile([stationOf('0001', 'ok'), stationOf('0002', 'ok')], {
      rooms: [{ code: '0001', isDone: true }],
    });
    expect(cells.map(({ isDone }) => isDone)).toEqual([true, false]);
  });

  it('survives a site of an earlier collector, which named no rooms', () => {
    const { rooms: _, ...old } = siteOf('4216');
    const found = tileOf('4216', {
      workstations: [stationOf('0001', 'ok')],
      site: old as LiveSite,
      incidents: [],
    });
    expect(found.rooms).toHaveLength(1);
  });

  it('tells its worst problem, in how many rooms, and since when its incident is open', () => {
    const opened = { openedAtMs: BOARD_MS - 3 * MINUTE_MS };
    const found = tile(
      [
        stationOf('0001', 'warn'),
        stationOf('0002', 'fail', {
          problems: [
            { id: 'pc.disk', verdict: 'warn', reason: 'diskLow' },
            { id: 'printer.2.state', verdict: 'fail', reason: 'jam' },
          ],
        }),
        stationOf('0003', 'fail'),
      ],
      {},
      [incidentOf(1, { ...opened, kind: 'printer.state' }), incidentOf(2, { kind: 'pc.disk' })],
    );
    expect(found.worst).toEqual({
      checkId: 'printer.2.state',
      verdict: 'fail',
      reason: 'jam',
      rooms: 2,
      sinceMs: opened.openedAtMs,
    });
  });

  it('of a silent one counts from when it was last heard; else nobody knows since when', () => {
    const heardMs = BOARD_MS - 4 * MINUTE_MS;
    const silent = stationOf('0001', 'unknown', { reason: 'silent', lastSeenMs: heardMs });
    expect(tile([silent]).worst?.sinceMs).toBe(heardMs);
    expect(tile([stationOf('0001', 'warn')]).worst?.sinceMs).toBeNull();
    expect(tile([], {}).worst).toMatchObject({ verdict: 'unknown', reason: 'silent' });
  });

  it('is marked as a drill only when nothing of it is real, and as silenced when anything is', () => {
    const drill = incidentOf(1, { isDrill: true });
    const real = incidentOf(2, { silencedUntilMs: BOARD_MS + MINUTE_MS });
    const marks = (...incidents: Incident[]) => {
      const { isDrill, isSilenced } = tile([], {}, incidents);
      return [isDrill, isSilenced];
    };
    expect(marks()).toEqual([false, false]);
    expect(marks(drill)).toEqual([true, false]);
    expect(marks(drill, real)).toEqual([false, true]);
    expect(marks(incidentOf(3, { snoozedUntilMs: BOARD_MS }))).toEqual([false, true]);
  });

  it('is the same object while it looks the same, and so are its rooms', () => {
    const station = stationOf('0001', 'warn');
    const before = tile([station]);
    expect(keptTile(before, tile([{ ...station, lastSeenMs: BOARD_MS + 9, values: [1] }]))).toBe(
      before,
    );
    const other = keptTile(before, tile([station], {}, [incidentOf(1, { isDrill: true })]));
    expect(other).not.toBe(before);
    expect(other.rooms).toBe(before.rooms);
    const changed = keptTile(before, tile([{ ...station, verdict: 'fail' }]));
    expect([changed.verdict, changed.rooms[0]?.verdict]).toEqual(['fail', 'fail']);
  });

  it('without anybody is unknown, and not involved where the plan says so', () => {
    expect(siteVerdict([], siteOf('4216'))).toBe('unknown');
    expect(siteVerdict([], { ...siteOf('4216'), isInvolved: false })).toBe('notInvolved');
    expect(siteVerdict([stationOf('0001', 'ok')], { ...siteOf('4216'), isInvolved: false })).toBe(
      'ok',
    );
  });
});

/** A picture that a test replaces. */
class Picture {
  state: LiveState = nothingKnown;
  readonly #listeners = new Set<() => void>();
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  get listening(): number {
    return this.#listeners.size;
  }
  show(part: Partial<LiveState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of this.#listeners) listener();
  }
}

function stored() {
  const picture = new Picture();
  const [first, second] = [stationOf('0001', 'ok'), stationOf('0002', 'ok')];
  const sites = new Map([
    ['4201', [first]],
    ['4216', [second]],
  ]);
  picture.state = { ...nothingKnown, sites };
  const store = new TileStore(picture);
  const stop = store.start();
  const told: string[] = [];
  for (const code of ['4201', '4216']) store.subscribeTile(code, () => told.push(code));
  store.subscribeLists(() => told.push('lists'));
  return { picture, store, stop, told, sites, first, second };
}

describe('the store of tiles', () => {
  it('tells nobody of a heartbeat that repeats itself', () => {
    const { picture, told, sites, first } = stored();
    picture.show({ sites: new Map(sites).set('4201', [{ ...first, lastSeenMs: BOARD_MS + 1 }]) });
    picture.show({ serverTimeMs: BOARD_MS + 2 });
    expect(told).toEqual([]);
  });

  it('tells only those whose ППЭ looks different, once', () => {
    const { picture, store, told, sites, first } = stored();
    const before = store.view('4216');
    picture.show({ sites: new Map(sites).set('4201', [{ ...first, verdict: 'warn' }]) });
    expect(told.filter((each) => each !== 'lists')).toEqual(['4201']);
    expect(store.view('4201')?.verdict).toBe('warn');
    expect(store.view('4216')).toBe(before);
  });

  it('tells of the lists when one comes, goes, breaks or heals, and not when a room changes', () => {
    const { picture, store, told, sites, first } = stored();
    const broken = new Map(sites).set('4201', [{ ...first, verdict: 'warn' as const }]);
    picture.show({ sites: broken });
    expect([told.includes('lists'), store.troubled]).toEqual([true, ['4201']]);
    told.length = 0;
    picture.show({ sites: new Map(broken).set('4201', [{ ...first, verdict: 'fail' }]) });
    expect(told).toEqual(['4201']);
    picture.show({ sites: new Map([['4299', []]]) });
    expect(store.codes).toEqual(['4299']);
    expect(store.view('4201')).toBeUndefined();
  });

  it('follows incidents of a ППЭ, those that reach several, and their end', () => {
    const { picture, store, told } = stored();
    const wide = incidentOf(1, { siteCode: null, siteCodes: ['4201', '4216'], isDrill: true });
    picture.show({ incidents: new Map([['i-1', wide]]) });
    expect(told).toEqual(['4201', '4216']);
    expect(store.view('4201')?.isDrill).toBe(true);
    told.length = 0;
    // Another incident elsewhere is no news here.
    const other = incidentOf(2, { siteCode: '4250', siteCodes: ['4250'] });
    picture.show({
      incidents: new Map([
        ['i-1', wide],
        ['i-2', other],
      ]),
    });
    expect(told).toEqual([]);
    picture.show({ incidents: new Map() });
    expect(store.view('4201')?.isDrill).toBe(false);
  });

  it('listens to the picture once, and no more when it is stopped', () => {
    const { picture, stop, told, sites, first } = stored();
    expect(picture.listening).toBe(1);
    stop();
    expect(picture.listening).toBe(0);
    picture.show({ sites: new Map(sites).set('4201', [{ ...first, verdict: 'warn' }]) });
    expect(told).toEqual([]);
  });
});

describe('the clock of the tiles', () => {
  const source = (part: Partial<WallClockLine> = {}) => ({
    state: { serverTimeMs: BOARD_MS, overview: overviewOf() },
    line: { lastFrameMs: 1_000, ...part },
  });
  interface WallClockLine {
    readonly lastFrameMs: number | null;
    readonly heldAgeMs: number;
  }

  it('goes on with the picture, and stands still once that is history', () => {
    let monotonicMs = 1_000;
    const clock = new WallClock(source(), () => monotonicMs);
    expect(clock.ageMs(BOARD_MS - MINUTE_MS)).toBe(MINUTE_MS);
    monotonicMs = 6_000;
    clock.tick();
    expect(clock.ageMs(BOARD_MS - MINUTE_MS)).toBe(MINUTE_MS + 5_000);
    monotonicMs = 600_000;
    clock.tick();
    expect(clock.ageMs(BOARD_MS - MINUTE_MS)).toBe(MINUTE_MS + 15_000);
    expect(clock.ageMs(BOARD_MS + MINUTE_MS)).toBe(0);
  });

  it('counts as the played day does, and as the film that is shown', () => {
    const rehearsal = {
      planId: 'x',
      planVersion: 1,
      title: 'Апробация',
      nowAt: new Date(BOARD_MS).toISOString(),
      speed: 60,
      isSimulated: true,
      phase: 'opening',
      opensAt: new Date(BOARD_MS).toISOString(),
      closesAt: new Date(BOARD_MS).toISOString(),
      agentsBehind: 0,
    } as const;
    const played = {
      ...source(),
      state: { ...source().state, overview: overviewOf({ rehearsal }) },
    };
    expect(new WallClock(played, () => 1_000).ageMs(BOARD_MS - 2_000)).toBe(2 * MINUTE_MS);
    const film = new WallClock(source({ heldAgeMs: 400 }), () => 9e9);
    expect(film.ageMs(BOARD_MS)).toBe(400);
  });

  it('before any frame has no time to count from', () => {
    expect(new WallClock(source({ lastFrameMs: null }), () => 9e9).ageMs(BOARD_MS)).toBe(0);
  });
});
