import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EmDownload, EmProgress } from '@ppe-pulse/protocol';
import {
  emEndsAfterMs,
  emProgressAt,
  EmOrders,
  type TakenOrder,
} from '../../server/src/simulate/em-order.ts';
import type { FaultId } from '../../server/src/simulate/fault-catalogue.ts';
import type { Occurrence } from '../../server/src/simulate/occurrence.ts';
import { planRegion, type SimulatedWorkstation } from '../../server/src/simulate/region.ts';
import { Wheel } from '../../server/src/simulate/wheel.ts';

const START_MS = Date.parse('2024-05-15T08:30:00+07:00');
const region = planRegion({ seed: 1, sites: 2, rooms: 4 });
const ofRole = (role: string): SimulatedWorkstation => {
  const found = region.workstations.find(({ placement }) => placement.role === role);
  if (!found) throw new Error(`no ${role} in the region`);
  return found;
};
const hq = ofRole('hq');
const lineBytesPerSecond = hq.site.downBytesPerSecond;

const orderOf = (part: Partial<EmDownload> = {}): EmDownload => ({
  type: 'emDownload',
  downloadId: '0123456789abcdef',
  token: 't'.repeat(43),
  bytes: 100_000_000,
  seed: 7,
  sha256: 'a'.repeat(64),
  source: 'collector',
  maxBytesPerSecond: 0,
  startInMs: 2_000,
  expiresInMs: 600_000,
  ...part,
});

/** A fault between two real moments after the order was taken, at this speed. */
const during = (fault: FaultId, [fromMs, toMs]: [number, number], speed = 1): Occurrence => ({
  fault,
  fromMs: START_MS + fromMs * speed,
  toMs: START_MS + toMs * speed,
});

const taken = (
  part: Partial<EmDownload> = {},
  occurrences: readonly Occurrence[] = [],
  speed = 1,
): TakenOrder => ({
  order: orderOf(part),
  workstation: hq,
  occurrences,
  takenAtMs: START_MS,
  clock: { speed, utcOffsetMinutes: 420 },
});

describe('how a simulated download stands', () => {
  it('waits for its start, gets what the line lets through, and is done', () => {
    const order = taken();
    expect(emProgressAt(order, 1_999)).toMatchObject({ state: 'waiting', receivedBytes: 0 });
    const { receivedBytes, ...running } = emProgressAt(order, 5_000);
    expect(running).toMatchObject({ state: 'running', reason: 'running', tookMs: 3_000 });
    expect(receivedBytes).toBeGreaterThan(3 * lineBytesPerSecond * 0.98);
    expect(receivedBytes).toBeLessThanOrEqual(3 * lineBytesPerSecond);
    const endsMs = emEndsAfterMs(order);
    expect(emProgressAt(order, endsMs)).toEqual({
      type: 'emProgress',
      downloadId: order.order.downloadId,
      state: 'done',
      reason: 'ok',
      receivedBytes: 100_000_000,
      tookMs: Math.round(endsMs - 2_000),
      retries: 0,
    });
    expect(emProgressAt(order, endsMs - 1).state).toBe('running');
    expect(emProgressAt(order, 1e9)).toEqual(emProgressAt(order, endsMs));
  });

  it('takes the same real time however fast the simulation goes', () => {
    const [real, fast] = [emEndsAfterMs(taken()), emEndsAfterMs(taken({}, [], 60))];
    expect(Math.abs(real - fast) / real).toBeLessThan(0.02);
  });

  it('keeps under the ceiling of the order', () => {
    const order = taken({ maxBytesPerSecond: 1_000_000 });
    expect(emProgressAt(order, 12_000).receivedBytes).toBe(10_000_000);
    expect(emEndsAfterMs(order)).toBe(102_000);
  });

  it('crawls over a slow line and by a slow download', () => {
    const [usualMs, slowMs, crawlMs] = [
      emEndsAfterMs(taken()),
      emEndsAfterMs(taken({}, [during('slowLine', [-1, 1e9])])),
      emEndsAfterMs(taken({ bytes: 10_000_000 }, [during('slowEm', [-1, 1_200_000])])),
    ];
    expect((slowMs - 2_000) / (usualMs - 2_000)).toBeCloseTo(1 / 0.015, 3);
    expect(crawlMs).toBeGreaterThan(emEndsAfterMs(taken({ bytes: 10_000_000 })));
  });

  it.each(['lineCut', 'agentKilled'] as const)(
    'gets nothing during %s and goes on after',
    (fault) => {
      const speed = 60;
      const part = { maxBytesPerSecond: 1_000_000 };
      const order = taken(part, [during(fault, [10_000, 40_000], speed)], speed);
      const atCut = emProgressAt(order, 10_000);
      expect(atCut.receivedBytes).toBe(8_000_000);
      expect(emProgressAt(order, 39_000)).toEqual(atCut);
      expect(emProgressAt(order, 50_000)).toMatchObject({
        receivedBytes: 18_000_000,
        tookMs: 18_000,
        retries: 1,
      });
      expect(emEndsAfterMs(order)).toBe(132_000);
    },
  );

  it('is given up when it expires', () => {
    const order = taken({ maxBytesPerSecond: 1_000_000, expiresInMs: 12_000 });
    expect(emEndsAfterMs(order)).toBe(12_000);
    expect(emProgressAt(order, 20_000)).toMatchObject({
      state: 'failed',
      reason: 'expired',
      receivedBytes: 10_000_000,
      tookMs: 10_000,
    });
  });

  it('goes on from what was told before', () => {
    const resume = { receivedBytes: 60_000_000, tookMs: 61_000, retries: 2 };
    const order = taken({ maxBytesPerSecond: 1_000_000, resume, startInMs: 0 });
    expect(emProgressAt(order, 10_000)).toMatchObject({
      receivedBytes: 70_000_000,
      tookMs: 71_000,
      retries: 2,
    });
    const whole = taken({ resume: { ...resume, receivedBytes: 100_000_000 } });
    expect(emProgressAt(whole, 2_000)).toMatchObject({ state: 'done', tookMs: 61_000 });
  });

  it('never goes back, over whatever faults', () => {
    const faults = fc.array(
      fc.record({
        fault: fc.constantFrom<FaultId>('slowLine', 'lineCut', 'slowEm', 'powerCut', 'hqOff'),
        fromMs: fc.integer({ min: -20_000, max: 60_000 }),
        forMs: fc.integer({ min: 1, max: 30_000 }),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(faults, fc.integer({ min: 1, max: 200_000_000 }), (list, bytes) => {
        const occurrences = list
          .map(({ fault, fromMs, forMs }) => during(fault, [fromMs, fromMs + forMs]))
          .sort((a, b) => a.fromMs - b.fromMs);
        const order = taken({ bytes, expiresInMs: 60_000 }, occurrences);
        let last = emProgressAt(order, 0);
        for (let atMs = 500; atMs <= 61_000; atMs += 500) {
          const next = emProgressAt(order, atMs);
          expect(next.receivedBytes).toBeGreaterThanOrEqual(last.receivedBytes);
          expect(next.receivedBytes - last.receivedBytes).toBeLessThan(lineBytesPerSecond);
          expect(next.tookMs).toBeLessThanOrEqual(atMs);
          expect(next.retries).toBeGreaterThanOrEqual(last.retries);
          expect(next.state === 'done').toBe(next.receivedBytes === bytes);
          last = next;
        }
        expect(['done', 'failed']).toContain(last.state);
      }),
      { numRuns: 40 },
    );
  });
});

/** A Штаб of virtual time, and what it told. */
function orders(workstation = hq) {
  let nowMs = 0;
  const told: { atMs: number; progress: EmProgress }[] = [];
  const timers = new Wheel({ nowMs: () => nowMs });
  const clock = {
    monotonicMs: () => nowMs,
    simulatedMs: () => START_MS + nowMs,
    speed: 1,
    utcOffsetMinutes: 420,
  };
  const send = (progress: EmProgress) => void told.push({ atMs: nowMs, progress });
  const taker = new EmOrders({ clock, timers, workstation, occurrences: [], send });
  const pass = (forMs: number): void => {
    for (const untilMs = nowMs + forMs; nowMs < untilMs;) {
      nowMs += 10;
      timers.advance();
    }
  };
  return { taker, told, pass, states: () => told.map(({ progress }) => progress.state) };
}

describe('a simulated Штаб that was given an order', () => {
  it('tells once a second and at the end, and then no more', () => {
    const { taker, told, pass, states } = orders();
    taker.take(orderOf({ bytes: 5_500_000, maxBytesPerSecond: 1_000_000 }));
    pass(60_000);
    const running = Array.from({ length: 6 }, () => 'running');
    expect(states()).toEqual(['waiting', 'waiting', ...running, 'done']);
    const gaps = told.slice(1, -1).map(({ atMs }, at) => atMs - (told[at]?.atMs ?? 0));
    for (const gapMs of gaps) expect(gapMs).toBeGreaterThanOrEqual(1_000);
    expect(Math.abs((told.at(-1)?.atMs ?? 0) - 7_500)).toBeLessThanOrEqual(20);
  });

  it('ends when it is told to, and hears no end of another download', () => {
    const { taker, told, pass } = orders();
    taker.take(orderOf({ maxBytesPerSecond: 1_000_000 }));
    taker.take({ type: 'emStop', downloadId: 'f'.repeat(16) });
    pass(4_500);
    taker.take({ type: 'emStop', downloadId: orderOf().downloadId });
    const count = told.length;
    expect(told.at(-1)?.progress).toMatchObject({
      state: 'failed',
      reason: 'stopped',
      receivedBytes: 2_500_000,
    });
    pass(10_000);
    expect(told).toHaveLength(count);
  });

  it('answers an order that it knows and gives up an older one for a new one', () => {
    const { taker, told, pass, states } = orders();
    taker.take(orderOf({ bytes: 1_000_000, maxBytesPerSecond: 1_000_000 }));
    pass(5_000);
    taker.take(orderOf({ bytes: 1_000_000 }));
    expect(states().slice(-2)).toEqual(['done', 'done']);
    taker.take(orderOf({ downloadId: '1'.repeat(16) }));
    taker.take(orderOf({ downloadId: '2'.repeat(16) }));
    expect(told.slice(-3).map(({ progress }) => [progress.downloadId[0], progress.reason])).toEqual(
      [
        ['1', 'waiting'],
        ['1', 'replaced'],
        ['2', 'waiting'],
      ],
    );
  });

  it('knows of nothing after a new start', () => {
    const { taker, told, pass } = orders();
    taker.take(orderOf());
    taker.forget();
    pass(5_000);
    expect(told).toHaveLength(1);
    const resume = { receivedBytes: 99_000_000, tookMs: 9_000, retries: 0 };
    taker.take(orderOf({ resume, startInMs: 0 }));
    expect(told.at(-1)?.progress).toMatchObject({ state: 'running', receivedBytes: 99_000_000 });
  });

  it('refuses where it is no Штаб', () => {
    const { taker, told, pass } = orders(ofRole('video'));
    taker.take(orderOf());
    pass(3_000);
    expect(told.map(({ progress }) => [progress.state, progress.reason])).toEqual([
      ['refused', 'notHq'],
    ]);
  });
});
