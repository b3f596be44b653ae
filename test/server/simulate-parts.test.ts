import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Heartbeat } from '@ppe-pulse/protocol';
import { simulateOptions } from '../../server/src/cli/simulate-flags.ts';
import { UsageError } from '../../server/src/cli/usage-error.ts';
import { CollectorLosses } from '../../server/src/simulate/collector-losses.ts';
import { simulatedBootId, simulatedKey } from '../../server/src/simulate/identity.ts';
import { Latencies } from '../../server/src/simulate/latency.ts';
import { MemoryJournal, type JournalRecord } from '../../server/src/simulate/memory-journal.ts';
import { openOracle } from '../../server/src/simulate/oracle.ts';
import { createRandom, hashOf, unit, walk } from '../../server/src/simulate/random.ts';
import { summaryText } from '../../server/src/simulate/summary-text.ts';
import { Tally } from '../../server/src/simulate/tally.ts';
import { Wheel } from '../../server/src/simulate/wheel.ts';
import { isSignedBy } from '../../server/src/access/keys.ts';

const record = (seq: number, bootId = 'b'.repeat(16)): JournalRecord => ({
  bootId,
  seq,
  atMs: seq,
  sinceMs: seq - 1,
  bootedAtMs: 0,
  wallMs: 1_715_740_919_760 + seq,
  monotonicMs: seq,
  producedAtMs: 1_715_740_919_760 + seq,
  producedMonotonicMs: seq,
  journalLag: 0,
  journalDropped: 0,
});

describe('randomness', () => {
  it('is a function of seed and name, spread evenly', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (let seed = 0; seed < 10_000; seed += 1) {
      const value = unit(seed, 'x');
      expect(unit(seed, 'x')).toBe(value);
      counts[Math.floor(value * 10)] = (counts[Math.floor(value * 10)] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
    expect(hashOf('a')).not.toBe(hashOf('b'));
  });

  it('walks slowly and stays in its bounds', () => {
    const walked = { seed: 7, name: 'cpu', periodMs: 60_000 };
    let last = walk(walked, 0);
    let [least, most] = [last, last];
    for (let atMs = 100; atMs < 3_600_000; atMs += 100) {
      const value = walk(walked, atMs);
      expect(Math.abs(value - last)).toBeLessThan(0.02);
      last = value;
      [least, most] = [Math.min(least, value), Math.max(most, value)];
    }
    expect(least).toBeGreaterThanOrEqual(0);
    expect(most).toBeLessThan(1);
    expect(most - least).toBeGreaterThan(0.4);
  });

  it('jitters the same way for the same seed', () => {
    const [a, b, c] = [createRandom(1), createRandom(1), createRandom(2)];
    const some = (random: () => number) => Array.from({ length: 20 }, random);
    const first = some(a);
    expect(some(b)).toEqual(first);
    expect(some(c)).not.toEqual(first);
  });
});

describe('the timer wheel', () => {
  it('fires everything once, in order, never too early, and nothing that was cleared', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ afterMs: fc.integer({ min: 0, max: 40_000 }), isCleared: fc.boolean() }),
          { maxLength: 60 },
        ),
        fc.array(fc.integer({ min: 1, max: 15_000 }), { minLength: 1, maxLength: 20 }),
        (timers, steps) => {
          let nowMs = 5;
          const wheel = new Wheel({ nowMs: () => nowMs });
          const fired: number[] = [];
          for (const { afterMs, isCleared } of timers) {
            const dueMs = nowMs + afterMs;
            const timer = wheel.set(() => {
              expect(nowMs).toBeGreaterThanOrEqual(dueMs);
              fired.push(dueMs);
            }, afterMs);
            if (isCleared) wheel.clear(timer);
          }
          for (const step of [...steps, 60_000]) {
            nowMs += step;
            wheel.advance();
          }
          const wanted = timers
            .filter(({ isCleared }) => !isCleared)
            .map(({ afterMs }) => 5 + afterMs);
          expect(fired.toSorted((a, b) => a - b)).toEqual(wanted.toSorted((a, b) => a - b));
          // In order, to the width of a tick.
          for (const [at, dueMs] of fired.entries())
            expect(dueMs).toBeGreaterThan((fired[at - 1] ?? 0) - 10);
        },
      ),
    );
  });

  it('serves a timer that sets itself again, without end and without a storm', () => {
    let nowMs = 0;
    const wheel = new Wheel({ nowMs: () => nowMs });
    let count = 0;
    const again = (): void => {
      count += 1;
      wheel.set(again, 0);
    };
    wheel.set(again, 0);
    for (nowMs = 10; nowMs <= 1_000; nowMs += 10) wheel.advance();
    expect(count).toBe(100);
  });
});

describe('the journal in memory', () => {
  const journalOf = (capacity: number) => {
    const acked: number[] = [];
    const dropped: number[] = [];
    const journal = new MemoryJournal({
      capacity,
      render: ({ bootId, seq }) => ({ bootId, seq }) as Heartbeat,
      onAcked: ({ seq }) => acked.push(seq),
      onDropped: ({ seq }) => dropped.push(seq),
    });
    return { journal, acked, dropped };
  };

  it('keeps what is not acked, oldest first, and makes it again when it is read', () => {
    const { journal, acked } = journalOf(10);
    for (let seq = 1; seq <= 5; seq += 1) journal.append(record(seq));
    const boot = 'b'.repeat(16);
    journal.ack(boot, [[2, 3]]);
    journal.ack(boot, [[1, 1_000_000]]);
    journal.ack('c'.repeat(16), [[1, 10]]);
    expect(acked).toEqual([2, 3, 1, 4, 5]);
    expect(journal.lag).toBe(0);
    journal.append(record(6));
    expect([...journal.unacked()].map((each) => journal.read(each))).toEqual([
      { bootId: boot, seq: 6 },
    ]);
    expect(journal.isUnacked(boot, 6)).toBe(true);
  });

  it('drops the oldest when it is full, and counts it', () => {
    const { journal, acked, dropped } = journalOf(3);
    for (let seq = 1; seq <= 5; seq += 1) journal.append(record(seq));
    expect([dropped, journal.dropped, journal.lag]).toEqual([[1, 2], 2, 3]);
    journal.ack('b'.repeat(16), [[1, 5]]);
    expect(acked).toEqual([3, 4, 5]);
  });
});

describe('identities', () => {
  it('are the same for the same seed and number, and sign', () => {
    const key = simulatedKey(1, 42);
    expect(simulatedKey(1, 42).publicKey).toBe(key.publicKey);
    expect(simulatedKey(2, 42).publicKey).not.toBe(key.publicKey);
    expect(key.agentId).toMatch(/^w-[0-9a-f]{16}$/);
    expect(isSignedBy(key.publicKey, 'text', key.sign('text'))).toBe(true);
  });

  it('never start twice under one boot', () => {
    const boots = ['run1', 'run2'].flatMap((run) =>
      ['boot 0', 'boot 1'].map((boot) => simulatedBootId(run, 'w-1', boot)),
    );
    expect(new Set(boots).size).toBe(4);
    for (const boot of boots) expect(boot).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('the collector’s loss', () => {
  const withLive = (count: number): CollectorLosses => {
    const losses = new CollectorLosses();
    for (let at = 0; at < count; at += 1) losses.welcomed(0);
    return losses;
  };

  it('is when half of all go at once, and is over when all are back', () => {
    const losses = withLive(100);
    for (let at = 0; at < 100; at += 1) losses.lost(10_000 + at);
    for (let at = 0; at < 100; at += 1) {
      losses.opened(11_000 + 10 * at);
      losses.welcomed(11_000 + 10 * at);
    }
    expect(losses.list()).toEqual([
      {
        atMs: 10_000,
        links: 100,
        connects: 100,
        firstMs: 1_000,
        lastMs: 1_990,
        histogram: Array.from({ length: 10 }, () => 10),
        peakPer100Ms: 10,
        meanPer100Ms: 10,
        peakToMean: 1,
        allBackMs: 1_990,
      },
    ]);
    expect(losses.live).toBe(100);
  });

  it('is not when single lines go, however many over the day', () => {
    const losses = withLive(100);
    for (let at = 0; at < 300; at += 1) {
      losses.lost(at * 1_000);
      losses.opened(at * 1_000 + 500);
      losses.welcomed(at * 1_000 + 500);
    }
    for (let at = 0; at < 60; at += 1) losses.ended();
    expect(losses.list()).toEqual([]);
    expect(losses.live).toBe(40);
  });

  it('shows a herd: all in one tenth of a second are a peak', () => {
    const losses = withLive(50);
    for (let at = 0; at < 50; at += 1) losses.lost(0);
    for (let at = 0; at < 49; at += 1) losses.opened(100);
    losses.opened(1_050);
    const [loss] = losses.list();
    expect(loss?.peakPer100Ms).toBe(49);
    expect(loss?.peakToMean).toBeCloseTo(9.8);
    expect(loss?.allBackMs).toBeUndefined();
  });
});

describe('counters', () => {
  it('keep quantiles within a tenth, whatever was measured', () => {
    const latencies = new Latencies();
    expect(latencies.quantileMs(0.5)).toBeUndefined();
    for (let ms = 1; ms <= 10_000; ms += 1) latencies.add(ms);
    for (const share of [0.5, 0.9, 0.99]) {
      const found = latencies.quantileMs(share) ?? 0;
      expect(Math.abs(found / (share * 10_000) - 1)).toBeLessThan(0.1);
    }
    expect(latencies.maxMs).toBe(10_000);
    latencies.clear();
    expect(latencies.count).toBe(0);
  });

  it('say what became of every heartbeat, also in words', () => {
    let nowMs = 0;
    const tally = new Tally(() => nowMs);
    tally.opened();
    tally.welcomed();
    for (let seq = 0; seq < 5; seq += 1) tally.produced();
    nowMs = 40;
    tally.acked('w-1', record(0));
    tally.dropped();
    tally.closed(1006);
    tally.lost(true);
    expect(tally.open).toBe(3);
    expect(tally.counters()).toMatchObject({
      produced: 5,
      acked: 1,
      dropped: 1,
      live: 0,
      opened: 1,
    });
    const text = summaryText(tally.counters());
    expect(text).toContain('5 produced, 1 acked, 1 dropped, 3 open');
    expect(text).toContain('1 × 1006');
  });
});

describe('the oracle', () => {
  it('writes a line when a heartbeat is produced, when it is acked, and when it is dropped', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ppe-pulse-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'oracle.jsonl');
    const oracle = openOracle(path);
    oracle.produced('w-1', record(1));
    oracle.acked('w-1', record(1));
    expect(readFileSync(path, 'utf8')).toBe('');
    oracle.flush();
    oracle.dropped('w-1', record(2));
    oracle.close();
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    const of = (seq: number, rest: object) => ({
      agentId: 'w-1',
      bootId: 'b'.repeat(16),
      seq,
      producedAt: new Date(1_715_740_919_760 + seq).toISOString(),
      ...rest,
    });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      of(1, { acked: false }),
      of(1, { acked: true }),
      of(2, { acked: false, dropped: true }),
    ]);
    expect(oracle.lost).toBe(0);
  });
});

describe('the flags of simulate', () => {
  it('have defaults', () => {
    const choice = simulateOptions({}, Date.parse('2024-05-15T03:00:00Z'));
    expect(choice).toMatchObject({ minutes: undefined, to: undefined });
    expect(choice.simulation).toMatchObject({
      seed: 1,
      sites: 1,
      rooms: 11,
      intervalMs: undefined,
      time: { startMs: Date.parse('2024-05-15T03:00:00Z'), speed: 1, utcOffsetMinutes: 420 },
    });
  });

  it('are read', () => {
    const flags = {
      to: 'ws://127.0.0.1:8080',
      ppe: 100,
      rooms: 10.8,
      interval: '5s',
      seed: 7,
      minutes: 0.5,
      speed: 60,
      start: '2024-05-15T08:30+07:00',
      oracle: 'o.jsonl',
      relays: true,
    };
    const { simulation, minutes } = simulateOptions(flags, 0);
    expect(minutes).toBe(0.5);
    expect(simulation).toMatchObject({ intervalMs: 5_000, relays: true, oracleFile: 'o.jsonl' });
    expect(simulation.time.startMs).toBe(Date.parse('2024-05-15T01:30:00Z'));
  });

  it.each([
    [{ ppe: 0 }, '--ppe'],
    [{ ppe: 6_001 }, '--ppe'],
    [{ ppe: 1.5 }, '--ppe'],
    [{ rooms: 'many' }, '--rooms'],
    [{ interval: '5' }, '--interval'],
    [{ interval: '1ms' }, '--interval'],
    [{ speed: 0 }, '--speed'],
    [{ start: '2024-05-15' }, '--start'],
    [{ start: '2024-05-15T08:30' }, '--start'],
    [{ timeZone: 'Asia/Kemerovograd' }, '--time-zone'],
    [{ to: 'http://127.0.0.1:8080' }, '--to'],
    [{ to: 'ws://user:secret@host:1' }, '--to'],
    [{ minutes: -1 }, '--minutes'],
    [{ seed: 'x' }, '--seed'],
    [{ oracle: true }, '--oracle'],
  ])('refuse %j and name %s', (flags, name) => {
    expect(() => simulateOptions(flags, 0)).toThrow(UsageError);
    expect(() => simulateOptions(flags, 0)).toThrow(name);
  });
});
