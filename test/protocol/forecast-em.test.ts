import { describe, expect, it } from 'vitest';
import {
  emPrior,
  EM_WINDOWS,
  emRegion,
  forecastEmHere,
  forecastUplinkLoad,
  judgeEmEta,
  NOMINAL_SHARE,
  PaceHistory,
  type EmArrival,
  type Forecast,
  type UplinkDemand,
} from '@ppe-pulse/protocol';
import { createRandom } from '../../server/src/simulate/random.ts';
import { normal } from './forecast-noise.ts';

const SEED = 925;
const RUNS = 600;
const OPEN = Date.UTC(2024, 4, 15, 1);
const DEADLINE = Date.UTC(2024, 4, 15, 2, 25);
const SECOND = 1_000;
const MINUTE = 60_000;

const em: EmArrival = {
  totalBytes: 1.5e9,
  receivedBytes: null,
  receivedAtMs: null,
  doneAtMs: null,
  openFromMs: OPEN,
  deadlineMs: DEADLINE,
  windows: [],
  testedBytesPerSecond: [],
  contractBytesPerSecond: null,
  agentRange: null,
};

function forecast(of: Partial<EmArrival>, nowMs: number): Forecast {
  const made = forecastEmHere('4216', { ...em, ...of }, nowMs);
  if (!made) throw new Error('no forecast');
  return made;
}

interface World {
  /** Standard deviation of ten seconds' rate, as a share. */
  readonly variation: number;
  /** Correlation of ten seconds with the next ten. */
  readonly likeness: number;
  readonly bytesPerSecond: number;
}

/** A download in steps of ten seconds, to its end; forecast when `share` of it is there. */
function download(world: World, share: number, random: () => number) {
  const history = new PaceHistory(emPrior.windowMs, EM_WINDOWS);
  let [received, at, deviation] = [0, OPEN, normal(random)];
  let made: Forecast | undefined;
  history.add(0, at);
  while (received < em.totalBytes) {
    const fresh = Math.sqrt(1 - world.likeness ** 2) * normal(random);
    deviation = world.likeness * deviation + fresh;
    const rate = world.bytesPerSecond * Math.max(0.05, 1 + world.variation * deviation);
    const stepSeconds = Math.min(10, (em.totalBytes - received) / rate);
    received += rate * stepSeconds;
    at += stepSeconds * SECOND;
    history.add(received, at);
    if (!made && received >= share * em.totalBytes && received < em.totalBytes)
      made = forecast({ receivedBytes: received, receivedAtMs: at, windows: history.windows }, at);
  }
  return { made, doneMs: at };
}

describe('the forecast of the package of exam materials', () => {
  it.each([
    ['a steady line', 0.1, 0.6, 0.3, 0.9],
    ['a line that is alike in runs', 0.25, 0.6, 0.3, 0.84],
    ['the same near its end', 0.25, 0.6, 0.8, 0.87],
    ['a line without memory', 0.4, 0, 0.3, 0.88],
    // Four minutes of memory in two minutes of history: the past is a poor guide.
    ['a line of slow moods', 0.3, 0.85, 0.3, 0.73],
  ])(
    `holds nine of ten outcomes of ${RUNS} runs on %s (seed ${SEED})`,
    (_, ...[variation, likeness, share, least]) => {
      const random = createRandom(SEED);
      let [inside, count] = [0, 0];
      for (let run = 0; run < RUNS; run += 1) {
        const bytesPerSecond = 1.5e6 + 3e6 * random();
        const world = { variation, likeness, bytesPerSecond };
        const { made, doneMs } = download(world, share, random);
        if (!made) continue;
        count += 1;
        if (doneMs >= made.low && doneMs <= made.high) inside += 1;
      }
      expect(count).toBeGreaterThan(500);
      expect(inside / count).toBeGreaterThan(least);
    },
  );

  it(`holds nine of ten before the start, by tests of the line (seed ${SEED})`, () => {
    const random = createRandom(SEED);
    const sd = Math.log(1.5) / 1.645;
    for (const tests of [1, 3, 12]) {
      let inside = 0;
      for (let run = 0; run < RUNS; run += 1) {
        const speed = (): number => 4e6 * Math.exp(sd * normal(random));
        const testedBytesPerSecond = Array.from({ length: tests }, speed);
        const made = forecast({ testedBytesPerSecond }, OPEN - 60 * MINUTE);
        const doneMs = OPEN + (em.totalBytes / speed()) * SECOND;
        if (doneMs >= made.low && doneMs <= made.high) inside += 1;
      }
      expect(inside / RUNS).toBeGreaterThan(NOMINAL_SHARE - 0.05);
      expect(inside / RUNS).toBeLessThan(NOMINAL_SHARE + 0.09);
    }
  });

  it('is the bytes that are left over the speed in its middle, from when it may begin', () => {
    const made = forecast({ testedBytesPerSecond: [5e6] }, OPEN - 10 * MINUTE);
    expect(made.mid).toBe(OPEN + 300 * SECOND);
    expect(made.basis).toMatchObject({ from: 'tests', leftBytes: 1.5e9, bytesPerSecond: 5e6 });
    const later = forecast({ testedBytesPerSecond: [5e6] }, OPEN + 10 * MINUTE);
    expect(later.mid).toBe(OPEN + 10 * MINUTE + 300 * SECOND);
  });

  it('listens to the bytes first, then to the agent, to tests, to the contract, to nobody', () => {
    const now = OPEN + 2 * MINUTE;
    const windows = Array.from({ length: 6 }, () => ({ amount: 5e7, ms: 10_000 }));
    const all: Partial<EmArrival> = {
      receivedBytes: 5e8,
      receivedAtMs: now,
      windows,
      agentRange: { lowSeconds: 100, highSeconds: 400, atMs: now },
      testedBytesPerSecond: [5e6],
      contractBytesPerSecond: 6e6,
    };
    const from = (of: Partial<EmArrival>): unknown => forecast({ ...all, ...of }, now).basis.from;
    expect(from({})).toBe('received');
    expect(from({ windows: [] })).toBe('agent');
    expect(forecast({ ...all, windows: [] }, now)).toMatchObject({
      low: now + 100 * SECOND,
      mid: now + 200 * SECOND,
      high: now + 400 * SECOND,
    });
    expect(from({ windows: [], agentRange: null })).toBe('tests');
    const contract = { windows: [], agentRange: null, testedBytesPerSecond: [0] };
    expect(from(contract)).toBe('contract');
    const nobody = { ...em, ...all, ...contract, contractBytesPerSecond: null };
    expect(forecastEmHere('4216', nobody, now)).toBeUndefined();
    const done = { ...em, ...all, doneAtMs: now };
    expect(forecastEmHere('4216', done, now)).toBeUndefined();
  });

  it('passes over an agent’s range that is old', () => {
    const agentRange = { lowSeconds: 100, highSeconds: 400, atMs: OPEN };
    const known = { receivedBytes: 1, receivedAtMs: OPEN, testedBytesPerSecond: [5e6], agentRange };
    expect(forecast(known, OPEN + 60 * SECOND).basis.from).toBe('agent');
    expect(forecast(known, OPEN + 300 * SECOND).basis.from).toBe('tests');
  });

  it(`is later the more is left (seed ${SEED})`, () => {
    const random = createRandom(SEED);
    for (let run = 0; run < 200; run += 1) {
      const windows = Array.from({ length: 12 }, () => ({
        amount: 1e7 * (0.2 + random()),
        ms: 10_000 + 5_000 * random(),
      }));
      let before = Number.NEGATIVE_INFINITY;
      for (const receivedBytes of [1.49e9, 1e9, 5e8, 0]) {
        const made = forecast({ receivedBytes, receivedAtMs: OPEN, windows }, OPEN);
        expect(made.low).toBeLessThanOrEqual(made.mid);
        expect(made.mid).toBeLessThanOrEqual(made.high);
        expect(made.mid).toBeGreaterThan(before);
        before = made.mid;
      }
    }
  });

  it('opens up on a line that has gone silent, and is none on one that never spoke', () => {
    const windows = Array.from({ length: 6 }, () => ({ amount: 5e7, ms: 10_000 }));
    const known = { receivedBytes: 5e8, receivedAtMs: OPEN, windows };
    const widths = [0, 2, 10, 30].map((minutes) => {
      const made = forecast(known, OPEN + minutes * MINUTE);
      expect(made.low).toBeGreaterThanOrEqual(made.madeAtMs);
      return made.high - made.low;
    });
    expect(widths).toEqual([...widths].sort((a, b) => a - b));
    expect(widths[3]).toBeGreaterThan(30 * MINUTE);
    const silent = windows.map(({ ms }) => ({ amount: 0, ms }));
    const nothing = { ...em, receivedBytes: 0, receivedAtMs: OPEN, windows: silent };
    expect(forecastEmHere('4216', nothing, OPEN)).toBeUndefined();
  });

  it('goes on after the package began anew', () => {
    const history = new PaceHistory(emPrior.windowMs, EM_WINDOWS);
    for (let step = 0; step <= 6; step += 1) history.add(step * 5e7, OPEN + step * 10_000);
    history.add(0, OPEN + 70_000);
    expect(history.windows).toEqual([]);
    for (let step = 1; step <= 6; step += 1) history.add(step * 1e7, OPEN + 70_000 + step * 10_000);
    const now = OPEN + 130_000;
    const known = { receivedBytes: 6e7, receivedAtMs: now, windows: history.windows };
    expect(forecast(known, now).mid).toBeCloseTo(now + (1.44e9 / 1e6) * SECOND, -3);
  });

  it('says whether 09:25 holds', () => {
    const chanceAt = (bytesPerSecond: number): number =>
      forecast({ testedBytesPerSecond: [bytesPerSecond] }, OPEN).chance ?? Number.NaN;
    const needed = em.totalBytes / ((DEADLINE - OPEN) / SECOND);
    expect(chanceAt(needed)).toBeCloseTo(0.5, 1);
    expect(chanceAt(3 * needed)).toBeGreaterThan(0.95);
    expect(chanceAt(needed / 3)).toBeLessThan(0.05);
    expect(forecast({ testedBytesPerSecond: [1e6] }, DEADLINE).chance).toBe(0);
    expect(forecast({ testedBytesPerSecond: [1e6], deadlineMs: null }, OPEN).chance).toBeNull();
  });

  it.each([
    ['ok', 24 * 60],
    ['warn', 23],
    ['warn', 0],
    ['fail', -1],
  ])('is %s when the package is here %d minutes before the deadline', (verdict, minutes) => {
    expect(judgeEmEta(DEADLINE - minutes * MINUTE, DEADLINE)).toBe(verdict);
  });
});

describe('packages of the region', () => {
  const siteOf = (siteCode: string, municipality: string, bytesPerSecond: number | null) => ({
    siteCode,
    municipality,
    doneAtMs: null,
    forecast:
      bytesPerSecond === null
        ? undefined
        : forecast({ testedBytesPerSecond: [bytesPerSecond] }, OPEN),
    deadlineMs: DEADLINE,
    bytesPerSecond,
  });

  it('have percentiles, the slowest ППЭ, and the slowest municipality first', () => {
    const { all, municipalities } = emRegion([
      siteOf('4201', 'kemerovo', 10e6),
      { ...siteOf('4202', 'kemerovo', 10e6), doneAtMs: OPEN + MINUTE, forecast: undefined },
      siteOf('4301', 'tashtagol', 0.2e6),
      siteOf('4302', 'tashtagol', null),
    ]);
    expect(all).toMatchObject({ sites: 4, done: 1, unknown: 1, late: 1 });
    expect(all.slowest).toEqual({ siteCode: '4301', finishMs: OPEN + 7_500 * SECOND });
    expect(all.finishMs?.p50).toBe(OPEN + 150 * SECOND);
    expect(all.bytesPerSecond?.p95).toBeCloseTo(10e6);
    expect(municipalities.map((each) => [each.municipality, each.sites, each.late])).toEqual([
      ['tashtagol', 2, 1],
      ['kemerovo', 2, 0],
    ]);
  });

  it('may be known of nobody', () => {
    expect(emRegion([siteOf('4302', 'tashtagol', null)]).all).toEqual({
      sites: 1,
      done: 0,
      unknown: 1,
      late: 0,
      finishMs: null,
      bytesPerSecond: null,
      slowest: null,
    });
    expect(emRegion([]).municipalities).toEqual([]);
  });
});

describe('the forecast of the uplink’s load', () => {
  const demand: UplinkDemand = {
    cameras: 22,
    cameraBytesPerSecond: null,
    emBytesPerSecond: 0,
    testedBytesPerSecond: [50e6 / 8],
    limit: 0.7,
  };
  const loadOf = (of: Partial<UplinkDemand>) =>
    forecastUplinkLoad('4216', { ...demand, ...of }, OPEN);

  it('is cameras × rate + exam materials over the measured line', () => {
    expect(loadOf({})?.mid).toBeCloseTo(0.44);
    expect(loadOf({})?.basis.from).toBe('norms');
    const measured = loadOf({ cameraBytesPerSecond: 250_000, emBytesPerSecond: 0.75e6 });
    expect(measured?.mid).toBeCloseTo(1);
    expect(measured?.basis).toMatchObject({ from: 'measured', cameras: 22, tests: 1 });
    expect(measured?.chance).toBeLessThan(0.3);
    expect(loadOf({ testedBytesPerSecond: [100e6] })?.chance).toBeGreaterThan(0.999);
  });

  it('is known better after more tests, and not at all without one', () => {
    const width = (tests: number): number => {
      const made = loadOf({ testedBytesPerSecond: Array.from({ length: tests }, () => 6e6) });
      return (made?.high ?? 0) - (made?.low ?? 0);
    };
    expect(width(12)).toBeLessThan(width(3));
    expect(width(3)).toBeLessThan(width(1));
    expect(loadOf({ testedBytesPerSecond: [] })).toBeUndefined();
    expect(loadOf({ testedBytesPerSecond: [0] })).toBeUndefined();
    expect(loadOf({ cameras: 0 })).toBeUndefined();
  });
});
