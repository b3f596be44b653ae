import { describe, expect, it } from 'vitest';
import {
  foldSignals,
  forecastHorizons,
  type Forecast,
  type ForecastHorizon,
  type MetricValue,
  type Signals,
  type StationFacts,
  type Verdict,
} from '@ppe-pulse/protocol';
import { horizonsDue, type Target } from '../../server/src/forecasts/horizons.ts';
import {
  siteInputsOf,
  type ForecastStation,
  type SiteView,
} from '../../server/src/forecasts/site-inputs.ts';
import { aSite } from '../support/plans.ts';

const START = Date.UTC(2026, 4, 20, 3);
const MINUTE = 60_000;
const site = aSite({}, ['written', 'kege', 'hq']);

function facts(
  of: Partial<StationFacts>,
  values: Readonly<Record<string, number>>,
  atMs: number,
): StationFacts {
  return {
    id: 'w-0',
    siteCode: '4216',
    roomCode: '0001',
    role: 'organizer',
    duty: 'main',
    isHeard: true,
    mode: 'quiet',
    checks: [],
    metric: (id): MetricValue | undefined => {
      const value = values[id];
      return value === undefined ? undefined : { value, atMs };
    },
    ...of,
  };
}

/** A workstation whose printer's counter was read at these minutes of the window. */
function printer(
  readings: readonly (readonly [number, number])[],
  of: Partial<StationFacts> = {},
  speed?: number,
): ForecastStation {
  let signals: Signals | undefined;
  let last = facts(of, {}, START);
  for (const [minute, pages] of readings) {
    const atMs = START + minute * MINUTE;
    const own = speed === undefined ? {} : { 'printer.speed.pagesPerMinute': speed };
    last = facts(of, { 'printer.pages.count': pages, ...own }, atMs);
    signals = foldSignals(signals, last, atMs, { printFromMs: START, scanFromMs: null });
  }
  return { facts: last, signals };
}

function viewOf(stations: readonly ForecastStation[], of: Partial<SiteView> = {}): SiteView {
  return {
    site,
    stations,
    emBytes: 2e9,
    printedAtMs: () => null,
    emHereAtMs: null,
    ...of,
  };
}

function roomOf(stations: readonly ForecastStation[]) {
  const [room] = siteInputsOf(viewOf(stations)).rooms;
  if (!room) throw new Error('no room');
  return room;
}

describe('inputs of forecasts', () => {
  it('name rooms of the written exam only, and say when stages call them printed', () => {
    const { rooms } = siteInputsOf(viewOf([], { printedAtMs: () => START }));
    expect(rooms).toEqual([
      {
        roomCode: '0001',
        pagesDone: null,
        countedAtMs: null,
        pagesPerMinute: null,
        isStuck: false,
        isWatched: false,
        startedAtMs: null,
        doneAtMs: START,
      },
    ]);
  });

  it('count pages since the window began, by the reading’s time', () => {
    const station = printer(
      [
        [-10, 5_000],
        [1, 5_020],
        [2, 5_050],
      ],
      {},
      31,
    );
    expect(roomOf([station])).toMatchObject({
      pagesDone: 50,
      countedAtMs: START + 2 * MINUTE,
      startedAtMs: START + MINUTE,
      pagesPerMinute: 31,
    });
  });

  it('know no count where the printer has none, or was first seen amid the run', () => {
    expect(roomOf([printer([])]).pagesDone).toBeNull();
    expect(roomOf([printer([[5, 900]])]).pagesDone).toBeNull();
  });

  it('count a reserve only once it prints, and then together with the main one', () => {
    const main = printer([
      [-10, 5_000],
      [1, 5_030],
    ]);
    const idle = printer([[-10, 70]], { id: 'w-1', duty: 'reserve' });
    expect(roomOf([main, idle])).toMatchObject({ pagesDone: 30, startedAtMs: START + MINUTE });
    const stepsIn = printer(
      [
        [-10, 70],
        [3, 90],
      ],
      { id: 'w-1', duty: 'reserve' },
    );
    expect(roomOf([main, stepsIn])).toMatchObject({ pagesDone: 50 });
  });

  it.each([
    ['fail', true],
    ['warn', false],
    ['unknown', false],
  ] as const)('with a printer’s verdict %s say that the room stands: %s', (verdict, isStuck) => {
    const checks = [stateCheck(verdict)];
    const running = printer(
      [
        [-10, 0],
        [1, 30],
      ],
      { checks },
    );
    expect(roomOf([running]).isStuck).toBe(isStuck);
    // Before the run a broken printer is a fault of its own, and no standstill of a print.
    expect(roomOf([printer([[-10, 0]], { checks })]).isStuck).toBe(false);
  });

  it('take the package from the Штаб', () => {
    const metrics = {
      'net.em.ratio': 0.25,
      'net.em.low.seconds': 100,
      'net.em.high.seconds': 200,
      'net.down.bytesPerSecond': 5e6,
    };
    const hq = facts({ role: 'hq', roomCode: '7777' }, metrics, START);
    const { em } = siteInputsOf(viewOf([{ facts: hq, signals: undefined }]));
    expect(em).toEqual({
      receivedBytes: 5e8,
      receivedAtMs: START,
      doneAtMs: null,
      range: { lowSeconds: 100, highSeconds: 200, atMs: START },
      downBytesPerSecond: 5e6,
      downAtMs: START,
    });
    expect(siteInputsOf(viewOf([], { emHereAtMs: START })).em).toMatchObject({
      receivedBytes: null,
      doneAtMs: START,
    });
  });

  it('load the uplink with the cameras that send, and know the whole load once all of them do', () => {
    const hqValues = { 'net.up.bytesPerSecond': 2e6, 'net.em.bytesPerSecond': 1e5 };
    const hq = { facts: facts({ role: 'hq', id: 'w-h' }, hqValues, START), signals: undefined };
    const some = siteInputsOf(viewOf([hq, cameras(4)])).uplink;
    expect(some).toMatchObject({
      cameras: 6,
      cameraBytesPerSecond: 100_000,
      emBytesPerSecond: 1e5,
      upBytesPerSecond: 2e6,
      loadRatio: null,
    });
    expect(siteInputsOf(viewOf([hq, cameras(6)])).uplink?.loadRatio).toBeCloseTo(0.35);
    expect(siteInputsOf(viewOf([cameras(6)])).uplink?.loadRatio).toBeNull();
  });
});

function stateCheck(verdict: Verdict) {
  return { id: 'printer.state', verdict, reason: 'jam', evidence: {} };
}

function cameras(count: number): ForecastStation {
  const ids = Array.from({ length: count }, (_, at) => at + 1);
  const values = Object.fromEntries(ids.map((each) => [`camera.${each}.bytesPerSecond`, 100_000]));
  const checks = ids.map((each) => ({
    id: `camera.${each}.stream`,
    verdict: 'ok' as const,
    reason: 'ok',
    evidence: {},
  }));
  const own = facts({ role: 'video', id: 'w-v', roomCode: '7777', checks }, values, START);
  return { facts: own, signals: foldSignals(undefined, own, START) };
}

describe('moments at which a forecast is written down', () => {
  const forecast: Forecast = {
    kind: 'emHere',
    siteCode: '4216',
    roomCode: null,
    madeAtMs: START,
    low: START,
    mid: START,
    high: START,
    limit: START,
    chance: null,
    basis: {},
  };
  const target: Target = { forecast, limitMs: START, hasStarted: false };
  const due = (minutesBefore: number, of: Partial<Target> = {}): readonly ForecastHorizon[] =>
    horizonsDue({ ...target, ...of }, START - minutesBefore * MINUTE, new Set(['first']));

  it.each([
    [31, []],
    [30, ['T-30']],
    [15.1, ['T-30']],
    [15, ['T-15']],
    [5, ['T-5']],
    [0.1, ['T-5']],
    [0, []],
    [-60, []],
  ])('%d minutes before the limit are %j', (minutes, horizons) => {
    expect(due(minutes)).toEqual(horizons);
  });

  it('are the first one at once, the start when it begins, and each but once', () => {
    expect(horizonsDue(target, START - 90 * MINUTE, new Set())).toEqual(['first']);
    expect(due(90, { hasStarted: true })).toEqual(['start']);
    expect(due(90, { hasStarted: true, limitMs: null })).toEqual(['start']);
    expect(horizonsDue({ ...target, hasStarted: true }, START, new Set(forecastHorizons))).toEqual(
      [],
    );
  });
});
