import { describe, expect, it } from 'vitest';
import { SeriesWriter, type WriterOptions } from '../../server/src/series/writer.ts';
import type {
  AppendOutcome,
  DeliveredRange,
  SeriesRow,
  SeriesStore,
} from '../../server/src/series/store.ts';
import { row } from '../support/rows.ts';
import { settle, VirtualTimers } from '../support/virtual-timers.ts';

const options: WriterOptions = {
  commitEveryMs: 1_000,
  maxBatchRows: 4,
  maxBatchDays: 4,
  maxPendingRows: 6,
  retryFirstMs: 100,
  retryLastMs: 1_000,
};

/** A writer over a store whose answers a test writes down beforehand. */
function setUp(outcomes: AppendOutcome[] = [], delivered: DeliveredRange[] = []) {
  const batches: SeriesRow[][] = [];
  const durable: number[] = [];
  const failures: string[] = [];
  const timers = new VirtualTimers();
  const store: Pick<SeriesStore, 'append' | 'delivered'> = {
    append: async (rows) => {
      batches.push([...rows]);
      return outcomes.shift() ?? { kind: 'durable' };
    },
    delivered: async () => delivered,
  };
  const writer = new SeriesWriter(
    {
      store: store as SeriesStore,
      timers,
      monotonicMs: () => timers.nowMs,
      random: () => 0.5,
      listener: {
        durable: (rows) => durable.push(...rows.map((each) => each.seq)),
        failed: (outcome) => failures.push(outcome.kind),
      },
    },
    options,
  );
  return { writer, timers, batches, durable, failures };
}

describe('series writer', () => {
  it('commits what came within a second together and then says durable', async () => {
    const { writer, timers, batches, durable } = setUp();
    expect(writer.offer(row({ seq: 1 }))).toBe('pending');
    expect(writer.offer(row({ seq: 2 }))).toBe('pending');
    await timers.advance(999);
    expect(batches).toHaveLength(0);
    await timers.advance(1);
    expect(batches.map((batch) => batch.length)).toEqual([2]);
    expect(durable).toEqual([1, 2]);
    expect(writer.pendingRows).toBe(0);
  });

  it('lets a heartbeat in once, whether it waits, is stored, or was stored before the start', async () => {
    const { writer, timers, batches } = setUp(
      [],
      [{ workstationId: row().workstationId, bootId: row().bootId, from: 1, to: 9 }],
    );
    await writer.load();
    expect(writer.offer(row({ seq: 9 }))).toBe('durable');
    expect(writer.offer(row({ seq: 10 }))).toBe('pending');
    expect(writer.offer(row({ seq: 10 }))).toBe('pending');
    await timers.advance(1_000);
    expect(batches.flat()).toHaveLength(1);
    expect(writer.offer(row({ seq: 10 }))).toBe('durable');
  });

  it('commits a full batch at once and the rest after it', async () => {
    const { writer, timers, batches } = setUp();
    for (let seq = 1; seq <= 6; seq += 1) writer.offer(row({ seq }));
    await settle();
    expect(batches.map((batch) => batch.length)).toEqual([4]);
    await timers.advance(1_000);
    expect(batches.map((batch) => batch.length)).toEqual([4, 2]);
  });

  it('refuses when too many wait, and takes again after a commit', async () => {
    const { writer, timers } = setUp([{ kind: 'failed', reason: 'disk' }]);
    for (let seq = 1; seq <= 3; seq += 1) writer.offer(row({ seq }));
    await timers.advance(1_000);
    for (let seq = 4; seq <= 6; seq += 1) expect(writer.offer(row({ seq }))).toBe('pending');
    expect(writer.offer(row({ seq: 7 }))).toBe('refused');
    expect(writer.retryAfterMs).toBeGreaterThan(0);
    await timers.advance(5_000);
    expect(writer.offer(row({ seq: 7 }))).toBe('pending');
  });

  it('tries a failed batch again, in order, and tells nobody that it is durable before it is', async () => {
    const { writer, timers, batches, durable, failures } = setUp([
      { kind: 'failed', reason: 'disk' },
      { kind: 'full', retryAfterMs: 3_000 },
    ]);
    writer.offer(row({ seq: 1 }));
    await timers.advance(1_000);
    expect(durable).toEqual([]);
    writer.offer(row({ seq: 2 }));
    await timers.advance(200);
    expect(failures).toEqual(['failed', 'full']);
    expect(writer.retryAfterMs).toBe(3_000);
    await timers.advance(1_000);
    expect(writer.retryAfterMs).toBe(1_000);
    expect(durable).toEqual([1, 2]);
    expect(batches.at(-1)?.map((each) => each.seq)).toEqual([1, 2]);
  });

  it('makes a last attempt when it is closed and says when that fails', async () => {
    const good = setUp();
    good.writer.offer(row({ seq: 1 }));
    expect(await good.writer.close()).toBe(true);
    expect(good.durable).toEqual([1]);
    expect(good.writer.offer(row({ seq: 2 }))).toBe('refused');
    const bad = setUp([{ kind: 'failed', reason: 'disk' }]);
    bad.writer.offer(row({ seq: 1 }));
    expect(await bad.writer.close()).toBe(false);
  });
});
