import { describe, expect, it } from 'vitest';
import {
  forecastRoomPrinted,
  judgePrintEta,
  NOMINAL_SHARE,
  PaceHistory,
  printEtaMs,
  PRINT_WINDOWS,
  printPrior,
  type Forecast,
  type RoomPrint,
} from '@ppe-pulse/protocol';
import { createRandom } from '../../server/src/simulate/random.ts';
import { normal } from './forecast-noise.ts';

const SEED = 668;
const RUNS = 600;
const START = Date.UTC(2024, 4, 15, 3);
const MINUTE = 60_000;

const room: RoomPrint = {
  roomCode: '0012',
  sets: 15,
  pagesPerSet: 20,
  normPagesPerMinute: 30,
  measuredPagesPerMinute: null,
  plannedStartMs: START,
  startedAtMs: null,
  doneAtMs: null,
  pagesDone: null,
  countedAtMs: null,
  stuckSinceMs: null,
  isWatched: true,
  windows: [],
  limitMs: START + 15 * MINUTE,
};

function forecast(of: Partial<RoomPrint>, nowMs: number): Forecast {
  const made = forecastRoomPrinted('4216', { ...room, ...of }, nowMs);
  if (!made) throw new Error('no forecast');
  return made;
}

interface World {
  /** Spread of the set's time, as a share. */
  readonly variation: number;
  readonly pagesPerMinute: number;
  /** How often the counter is read. */
  readonly everyMs: number;
}

/** Page times of a run, set by set: the truth. */
function pageTimes({ variation, pagesPerMinute }: World, random: () => number): number[] {
  const times: number[] = [];
  let at = START;
  for (let set = 0; set < room.sets; set += 1) {
    const pageMs = (MINUTE / pagesPerMinute) * Math.exp(variation * normal(random));
    for (let page = 0; page < room.pagesPerSet; page += 1) times.push((at += pageMs));
  }
  return times;
}

/** What a collector that reads the counter knows at `nowMs`. */
function knownAt(times: readonly number[], nowMs: number, everyMs: number): Partial<RoomPrint> {
  const history = new PaceHistory(printPrior.windowMs, PRINT_WINDOWS);
  let known: Partial<RoomPrint> = {};
  for (let at = START; at <= nowMs; at += everyMs) {
    const pagesDone = times.filter((each) => each <= at).length;
    history.add(pagesDone, at);
    known = { startedAtMs: START, pagesDone, countedAtMs: at, windows: history.windows };
  }
  return known;
}

function shareInRange(run: (random: () => number) => { made: Forecast; doneMs: number }): number {
  const random = createRandom(SEED);
  let inside = 0;
  for (let each = 0; each < RUNS; each += 1) {
    const { made, doneMs } = run(random);
    if (doneMs >= made.low && doneMs <= made.high) inside += 1;
  }
  return inside / RUNS;
}

describe('the forecast of a room’s print', () => {
  it.each([
    ['even sets', 0.05, 10_000, 5, 0.9],
    ['sets of 20 to 30 s', 0.12, 10_000, 4, 0.87],
    ['sets of 20 to 30 s, late in the run', 0.12, 10_000, 8, 0.87],
    // Seven sets say little of how uneven the rest will be.
    ['uneven sets', 0.3, 10_000, 5, 0.79],
    ['a counter that is read once a minute', 0.12, 60_000, 5, 0.87],
  ])(
    `holds nine of ten outcomes of ${RUNS} runs: %s (seed ${SEED})`,
    (_, ...[variation, everyMs, minutes, least]) => {
      const share = shareInRange((random) => {
        const world = { variation, everyMs, pagesPerMinute: 24 + 12 * random() };
        const times = pageTimes(world, random);
        const nowMs = START + minutes * MINUTE;
        const made = forecast(knownAt(times, nowMs, everyMs), nowMs);
        expect(made.basis.from).toBe('counter');
        return { made, doneMs: times.at(-1) ?? 0 };
      });
      expect(share).toBeGreaterThan(least);
    },
  );

  it(`holds nine of ten by norms before the start, from room to room (seed ${SEED})`, () => {
    const share = shareInRange((random) => {
      // Nine of ten rooms print 10–15 min around the norm; they begin as soon as the key is loaded.
      const factor = Math.exp((Math.log(1.5) / 2 / 1.645) * normal(random));
      const lateMs = (-10 * MINUTE * Math.log(1 - random())) / Math.log(20);
      const world = { variation: 0.12, everyMs: 10_000, pagesPerMinute: 30 * factor };
      const doneMs = (pageTimes(world, random).at(-1) ?? 0) + lateMs;
      return { made: forecast({}, START - 30 * MINUTE), doneMs };
    });
    expect(share).toBeGreaterThan(NOMINAL_SHARE - 0.05);
    expect(share).toBeLessThan(NOMINAL_SHARE + 0.07);
  });

  it('is sets × pages ÷ pages a minute in its middle', () => {
    const made = forecast({ startedAtMs: START }, START);
    expect(made.mid).toBe(START + 10 * MINUTE);
    expect(made.basis).toMatchObject({ from: 'norms', sets: 15, pagesPerSet: 20, leftPages: 300 });
    const faster = forecast({ startedAtMs: START, measuredPagesPerMinute: 60 }, START);
    expect(faster.mid).toBe(START + 5 * MINUTE);
    expect(faster.basis.from).toBe('speed');
  });

  it('says less of a norm than of a measured speed, and less of that than of the run itself', () => {
    const width = (made: Forecast): number => (made.high - made.low) / (made.mid - START);
    const even = pageTimes({ variation: 0, everyMs: 10_000, pagesPerMinute: 30 }, Math.random);
    const norms = forecast({ startedAtMs: START }, START);
    const speed = forecast({ startedAtMs: START, measuredPagesPerMinute: 30 }, START);
    const run = forecast(knownAt(even, START + 5 * MINUTE, 10_000), START + 5 * MINUTE);
    expect(width(norms)).toBeGreaterThan(width(speed));
    expect(width(speed)).toBeGreaterThan(width(run));
    expect(width(norms)).toBeGreaterThan(0.25);
    expect(width(norms)).toBeLessThan(0.8);
  });

  it(`is later the more is left (seed ${SEED})`, () => {
    const random = createRandom(SEED);
    for (let run = 0; run < 200; run += 1) {
      const times = pageTimes({ variation: 0.2, everyMs: 10_000, pagesPerMinute: 30 }, random);
      const known = knownAt(times, START + 3 * MINUTE, 10_000);
      let before = Number.NEGATIVE_INFINITY;
      for (const sets of [15, 16, 20, 40]) {
        const made = forecast({ ...known, sets }, START + 3 * MINUTE);
        expect(made.low).toBeLessThanOrEqual(made.mid);
        expect(made.mid).toBeLessThanOrEqual(made.high);
        expect(made.mid).toBeGreaterThan(before);
        before = made.mid;
      }
    }
  });

  it('opens up while a printer stands, and closes again when it runs', () => {
    const even = pageTimes({ variation: 0.05, everyMs: 10_000, pagesPerMinute: 30 }, () => 0.4);
    const at = START + 5 * MINUTE;
    const running = knownAt(even, at, 10_000);
    const widthAfter = (stoodMs: number): number => {
      const made = forecast({ ...running, stuckSinceMs: at }, at + stoodMs);
      expect(made.basis.stuckMs).toBe(stoodMs);
      return made.high - made.low;
    };
    const free = forecast(running, at);
    const widths = [0, 2 * MINUTE, 5 * MINUTE, 20 * MINUTE].map(widthAfter);
    expect(widths[0]).toBeGreaterThan(2 * (free.high - free.low));
    expect(widths).toEqual([...widths].sort((a, b) => a - b));
    const stuck = forecast({ ...running, stuckSinceMs: at }, at + 5 * MINUTE);
    expect(stuck.mid).toBeGreaterThan(free.mid + 9 * MINUTE);
    expect(stuck.chance ?? 1).toBeLessThan(free.chance ?? 0);
    const again = forecast({ ...running, countedAtMs: at + 5 * MINUTE }, at + 5 * MINUTE);
    expect(again.high - again.low).toBeCloseTo(free.high - free.low, 0);
  });

  it('is never in the past, however late the room is', () => {
    const cases: Partial<RoomPrint>[] = [
      {},
      { startedAtMs: START },
      { startedAtMs: START, pagesDone: 300, countedAtMs: START + 10 * MINUTE },
      { startedAtMs: START, pagesDone: 0, countedAtMs: START },
    ];
    for (const known of cases) {
      for (const minutes of [0, 5, 12, 30, 90]) {
        const nowMs = START + minutes * MINUTE;
        const made = forecast(known, nowMs);
        expect(made.low).toBeGreaterThanOrEqual(nowMs);
        expect(made.high).toBeGreaterThanOrEqual(made.mid);
        expect(Object.values(made).every((each) => !Number.isNaN(each))).toBe(true);
      }
    }
  });

  it('goes by norms, and says so, where there is no counter or it just began', () => {
    const nowMs = START + 4 * MINUTE;
    const blind = forecast({ startedAtMs: START }, nowMs);
    expect(blind.basis.from).toBe('norms');
    expect(blind.mid).toBe(START + 10 * MINUTE);
    const young = { startedAtMs: START, pagesDone: 4, countedAtMs: START + 8_000 };
    expect(forecast(young, START + 8_000).basis).toMatchObject({ from: 'norms', leftPages: 296 });
  });

  it('waits for a room that has not begun longer the longer it waits', () => {
    const before = forecast({}, START - 30 * MINUTE);
    expect(before.low).toBeGreaterThan(START + 5 * MINUTE);
    const waiting = [1, 10, 30].map((each) => forecast({}, START + each * MINUTE));
    const rests = waiting.map((each) => each.mid - each.madeAtMs);
    expect(rests[2]).toBeGreaterThan(rests[0] ?? 0);
    expect(waiting[2]?.high).toBeGreaterThan(START + 2 * 60 * MINUTE);
  });

  it('says how likely the limit holds', () => {
    const started = { startedAtMs: START };
    const chanceBy = (minutes: number): number =>
      forecast({ ...started, limitMs: START + minutes * MINUTE }, START).chance ?? Number.NaN;
    expect(chanceBy(10)).toBeCloseTo(0.5, 2);
    expect(chanceBy(15)).toBeGreaterThan(0.95);
    expect(chanceBy(8)).toBeLessThan(0.2);
    expect(chanceBy(-1)).toBe(0);
    expect(forecast({ ...started, limitMs: null }, START).chance).toBeNull();
  });

  it.each([
    ['it is printed', { doneAtMs: START }],
    ['there is nothing to print', { sets: 0 }],
    ['nobody knows any speed', { normPagesPerMinute: 0 }],
  ])('is none when %s', (_, of) => {
    expect(forecastRoomPrinted('4216', { ...room, ...of }, START)).toBeUndefined();
  });

  it('is judged by how long the room prints: 10 minutes, 15, more', () => {
    const etaOf = (pagesPerMinute: number): number =>
      printEtaMs(forecast({ startedAtMs: START, measuredPagesPerMinute: pagesPerMinute }, START));
    expect([30, 29, 20, 19].map((each) => judgePrintEta(etaOf(each)))).toEqual([
      'ok',
      'warn',
      'warn',
      'fail',
    ]);
    // A room that has not begun is judged by its print, not by its wait.
    expect(judgePrintEta(printEtaMs(forecast({}, START - 60 * MINUTE)))).toBe('ok');
  });
});

describe('readings of a counter', () => {
  it('become windows of their own length and forget the oldest', () => {
    const history = new PaceHistory(30_000, 3);
    for (let at = 0; at <= 150_000; at += 10_000) history.add(at / 1_000, at);
    expect(history.windows).toEqual(Array.from({ length: 3 }, () => ({ amount: 30, ms: 30_000 })));
    history.add(450, 450_000);
    expect(history.windows.at(-1)).toEqual({ amount: 300, ms: 300_000 });
  });

  it('begin anew when the counter does, and pass over what is not newer', () => {
    const history = new PaceHistory(10_000, 10);
    history.add(100, 0);
    history.add(105, 10_000);
    history.add(500, 9_000);
    expect(history.windows).toEqual([{ amount: 5, ms: 10_000 }]);
    history.add(2, 20_000);
    expect(history.windows).toEqual([]);
    history.add(7, 30_000);
    expect(history.windows).toEqual([{ amount: 5, ms: 10_000 }]);
  });

  it('leave a standstill out of the pace', () => {
    const history = new PaceHistory(10_000, 10);
    history.add(0, 0);
    history.add(5, 10_000);
    history.pause();
    history.add(6, 300_000);
    history.add(11, 310_000);
    expect(history.windows).toEqual([
      { amount: 5, ms: 10_000 },
      { amount: 5, ms: 10_000 },
    ]);
  });

  it('of a room that nobody hears goes by the plan, however late it gets', () => {
    const silent = (minutes: number) => forecast({ isWatched: false }, START + minutes * MINUTE);
    const early = silent(-5);
    // 300 pages at 30 a minute, and some minutes to begin.
    expect(early.mid).toBeGreaterThan(START + 10 * MINUTE);
    expect(early.mid).toBeLessThan(START + 15 * MINUTE);
    expect(silent(5).mid).toBe(early.mid);
    // It may be done by now; nobody says so, and nothing says that it stands.
    expect(silent(30).mid).toBe(START + 30 * MINUTE);
    expect(forecast({}, START + 30 * MINUTE).mid).toBeGreaterThan(START + 40 * MINUTE);
  });
});
