import { describe, expect, it } from 'vitest';
import type { Mode } from '@ppe-pulse/protocol';
import type { ProbeOutcome, Probe } from '../../agent/src/probes/probe.ts';
import { ProbeHarness } from '../../agent/src/probes/harness.ts';
import { Readings } from '../../agent/src/probes/readings.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

function setUp(mode: Mode = 'prep') {
  const timers = new VirtualTimers();
  const readings = new Readings();
  const harness = new ProbeHarness({
    readings,
    timers,
    clock: { wallMs: () => timers.nowMs, monotonicMs: () => timers.nowMs },
    log: createLog('silent'),
    random: () => 0.5,
    mode: () => mode,
  });
  return { timers, readings, harness };
}

function probe(part: Partial<Probe> & { measure: Probe['measure'] }): Probe {
  return { name: 'test', family: 'net', periodMs: 1_000, deadlineMs: 30, ...part };
}

const rtt = (value: number): ProbeOutcome => ({
  kind: 'measured',
  metrics: { 'net.rtt.ms': value },
});

describe('probe harness', () => {
  it('measures at once and then in the probe’s period', async () => {
    const { timers, readings, harness } = setUp();
    let count = 0;
    harness.start(probe({ measure: async () => rtt((count += 1)) }));
    await timers.advance(2_500);
    expect(count).toBe(3);
    expect(readings.values.get('net.rtt.ms')?.value).toBe(3);
    harness.stop();
    await timers.advance(10_000);
    expect(count).toBe(3);
  });

  it.each([
    ['prep', true, true],
    ['quiet', true, false],
    ['off', false, false],
  ] as const)(
    'in mode %s lets passive probes run: %s, active ones: %s',
    (mode, passive, active) => {
      const { harness } = setUp(mode);
      const measure: Probe['measure'] = async () => rtt(1);
      expect(harness.mayRun(probe({ measure }))).toBe(passive);
      expect(harness.mayRun(probe({ measure, quietPeriodMs: 'never' }))).toBe(active);
    },
  );

  it('waits before the first start where a probe asks for it', async () => {
    const { timers, harness } = setUp();
    let count = 0;
    harness.start(probe({ startAfterMs: 700, measure: async () => rtt((count += 1)) }));
    await timers.advance(699);
    expect(count).toBe(0);
    await timers.advance(1_001);
    expect(count).toBe(2);
    harness.stop();
  });

  it('gives up a probe that hangs, says so, and does not start it a second time meanwhile', async () => {
    const { readings, harness } = setUp();
    let starts = 0;
    const hanging = probe({
      measure: () => {
        starts += 1;
        return new Promise(() => undefined);
      },
    });
    const first = harness.measure(hanging);
    expect(await harness.measure(hanging)).toBeUndefined();
    expect(await first).toEqual({ kind: 'failed', reason: 'probeDeadline' });
    expect(starts).toBe(1);
    expect(readings.families().get('net')).toEqual({ kind: 'failed', reason: 'probeDeadline' });
  });

  it('looks a second time soon at what one look is not enough for', async () => {
    const { timers, harness } = setUp();
    const atMs: number[] = [];
    harness.start(
      probe({
        periodMs: 10_000,
        measure: async () => {
          atMs.push(timers.nowMs);
          return atMs.length === 2
            ? { kind: 'failed', reason: 'noAnswer', isDoubtful: true }
            : rtt(1);
        },
      }),
    );
    await timers.advance(30_000);
    expect(atMs).toEqual([0, 10_000, 12_000, 22_000]);
    harness.stop();
  });

  it('wakes the PC once for what is due at nearly the same time', async () => {
    const { timers, harness } = setUp();
    const atMs: Record<string, number[]> = { a: [], b: [], c: [], d: [] };
    const noting = (name: string, part: Partial<Probe>): Probe =>
      probe({
        name,
        measure: async () => {
          atMs[name]?.push(timers.nowMs);
          return rtt(1);
        },
        ...part,
      });
    harness.start(noting('a', { periodMs: 5_000 }));
    await timers.advance(700);
    harness.start(noting('b', { periodMs: 5_000 }));
    harness.start(noting('c', { periodMs: 60_000, startAfterMs: 9_300 }));
    harness.start(noting('d', { periodMs: 10_000 }));
    await timers.advance(20_000);
    harness.stop();
    // A first start that was asked for at its time is not brought forward.
    expect(atMs).toEqual({
      a: [0, 5_000, 10_000, 15_000, 20_000],
      b: [700, 5_000, 10_000, 15_000, 20_000],
      c: [10_000],
      d: [700, 10_000, 20_000],
    });
  });

  it('keeps one probe’s fault away from the others', async () => {
    const { readings, harness } = setUp();
    const broken = probe({
      name: 'broken',
      family: 'app',
      measure: () => Promise.reject(new Error('no such device')),
    });
    await Promise.all([
      harness.measure(broken),
      harness.measure(probe({ measure: async () => rtt(7) })),
    ]);
    expect(readings.families().get('app')).toEqual({ kind: 'failed', reason: 'probeFailed' });
    expect(readings.families().get('net')).toEqual({ kind: 'measured' });
    expect(readings.values.get('net.rtt.ms')?.value).toBe(7);
  });

  it('sends a reading in one heartbeat only, and says nothing to measure only when no probe has', async () => {
    const { readings } = setUp();
    readings.take({ name: 'a', family: 'net' }, { kind: 'nothing' }, 0);
    expect(readings.families().get('net')).toEqual({ kind: 'nothing' });
    readings.take({ name: 'b', family: 'net' }, rtt(12.345), 0);
    expect(readings.families().get('net')).toEqual({ kind: 'measured' });
    expect(readings.takeFresh()).toEqual({ 'net.rtt.ms': 12.35 });
    expect(readings.takeFresh()).toEqual({});
    readings.take(
      { name: 'b', family: 'net' },
      { kind: 'measured', metrics: { 'net.rtt.ms': Number.NaN } },
      0,
    );
    expect(readings.takeFresh()).toEqual({});
  });
});
