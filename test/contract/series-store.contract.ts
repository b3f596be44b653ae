import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SeriesRow, SeriesStore } from '../../server/src/series/store.ts';
import { REHEARSAL_MS, row, workstationId } from '../support/rows.ts';
import { tempDir } from '../support/temp-dir.ts';

/** One implementation under test. */
export interface StoreUnderTest {
  readonly name: string;
  /** A store in a folder; the same folder gives the same data. Closed by the harness. */
  make(directory: string): Promise<SeriesStore>;
  /** Resolves when everything appended can be asked for. */
  settled(store: SeriesStore): Promise<void>;
  /** Tolerance of percentiles: the servers' nearest rank is not ours. */
  readonly percentileTolerance: number;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Start of the minute that the rows below fall into. */
const MINUTE_MS = Math.floor(REHEARSAL_MS / MINUTE) * MINUTE;

/** The suite that every series store passes. */
export function seriesStoreContract(subject: StoreUnderTest): void {
  const open = async (directory = tempDir()): Promise<SeriesStore> => {
    const store = await subject.make(directory);
    await store.open();
    return store;
  };
  const ask = (store: SeriesStore, part: Partial<Parameters<SeriesStore['series']>[0]> = {}) =>
    store.series({
      metric: 'net.rtt.ms',
      workstationIds: [workstationId(1)],
      fromMs: MINUTE_MS,
      toMs: MINUTE_MS + MINUTE,
      points: 6,
      ...part,
    });

  describe(`series store: ${subject.name}`, () => {
    it('gives back what was appended, down-sampled into whole seconds', async () => {
      const store = await open();
      const rows = Array.from({ length: 12 }, (_, at): SeriesRow =>
        row({ seq: at + 1, atMs: MINUTE_MS + at * 5_000, metrics: { 'net.rtt.ms': 10 + at } }),
      );
      expect(await store.append(rows)).toEqual({ kind: 'durable' });
      await subject.settled(store);
      const answer = await ask(store);
      expect(answer.bucketMs).toBe(10_000);
      expect(answer.points).toEqual(
        Array.from({ length: 6 }, (_, at) => ({
          atMs: MINUTE_MS + at * 10_000,
          min: 10 + 2 * at,
          mean: 10.5 + 2 * at,
          max: 11 + 2 * at,
          count: 2,
        })),
      );
      await store.close();
    });

    it('answers nothing for an empty span, an unknown workstation and no rows', async () => {
      const store = await open();
      expect(await store.append([])).toEqual({ kind: 'durable' });
      await store.append([row()]);
      await subject.settled(store);
      expect((await ask(store, { workstationIds: [workstationId(2)] })).points).toEqual([]);
      expect(
        (await ask(store, { fromMs: MINUTE_MS - DAY, toMs: MINUTE_MS - DAY + MINUTE })).points,
      ).toEqual([]);
      await store.close();
    });

    it('merges the workstations of a ППЭ', async () => {
      const store = await open();
      await store.append([
        row({ workstationId: workstationId(1), metrics: { 'net.rtt.ms': 10 } }),
        row({ workstationId: workstationId(2), metrics: { 'net.rtt.ms': 30 } }),
        row({ workstationId: workstationId(3), metrics: { 'net.rtt.ms': 500 } }),
      ]);
      await subject.settled(store);
      const { points } = await ask(store, {
        workstationIds: [workstationId(1), workstationId(2)],
        points: 1,
      });
      expect(points).toHaveLength(1);
      expect(points[0]).toMatchObject({ min: 10, mean: 20, max: 30, count: 2 });
      await store.close();
    });

    it('keeps rows of several days in one batch apart and together', async () => {
      const store = await open();
      await store.append([
        row({ seq: 1, atMs: MINUTE_MS - DAY, metrics: { 'net.rtt.ms': 1 } }),
        row({ seq: 2, atMs: MINUTE_MS, metrics: { 'net.rtt.ms': 2 } }),
        row({ seq: 3, atMs: MINUTE_MS + DAY, metrics: { 'net.rtt.ms': 3 } }),
      ]);
      await subject.settled(store);
      const { points } = await ask(store, {
        fromMs: MINUTE_MS - 2 * DAY,
        toMs: MINUTE_MS + 2 * DAY,
        points: 1_000,
      });
      expect(points.map((point) => point.mean)).toEqual([1, 2, 3]);
      await store.close();
    });

    it('does not store metrics that the catalogue does not know, nor numbers that are none', async () => {
      const store = await open();
      const metrics = { 'net.rtt.ms': Number.NaN, 'newer.metric.ms': 4, 'pc.cpu.ratio': 0.5 };
      expect(await store.append([row({ metrics })])).toEqual({ kind: 'durable' });
      await subject.settled(store);
      expect((await ask(store)).points).toEqual([]);
      const { points } = await ask(store, { metric: 'pc.cpu.ratio', points: 1 });
      expect(points[0]).toMatchObject({ mean: 0.5, count: 1 });
      await store.close();
    });

    it('gives percentiles per minute over all workstations', async () => {
      const store = await open();
      const rows = Array.from({ length: 100 }, (_, at) =>
        row({
          workstationId: workstationId(at + 1),
          atMs: MINUTE_MS + at * 100,
          metrics: { 'net.rtt.ms': at + 1 },
        }),
      );
      await store.append(rows);
      await subject.settled(store);
      const minutes = await store.percentiles({
        metric: 'net.rtt.ms',
        fromMs: MINUTE_MS,
        toMs: MINUTE_MS + 5 * MINUTE,
      });
      expect(minutes).toHaveLength(1);
      const { p5 = 0, p50 = 0, p95 = 0, ...rest } = minutes[0] ?? {};
      expect(rest).toEqual({ atMs: MINUTE_MS, count: 100 });
      for (const [found, expected] of [
        [p5, 5.95],
        [p50, 50.5],
        [p95, 95.05],
      ] as const) {
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(subject.percentileTolerance);
      }
      await store.close();
    });

    it('remembers over a restart what is durable, gaps and boots apart', async () => {
      const directory = tempDir();
      const first = await open(directory);
      const boot = 'b'.repeat(16);
      await first.append([
        row({ seq: 1 }),
        row({ seq: 2 }),
        row({ seq: 5 }),
        row({ seq: 1, bootId: boot, atMs: REHEARSAL_MS + 1 }),
      ]);
      await first.close();
      const second = await open(directory);
      await subject.settled(second);
      const ranges = [...(await second.delivered())].sort(
        (a, b) => (a.bootId < b.bootId ? -1 : 1) || a.from - b.from,
      );
      expect(ranges.map(({ bootId, from, to }) => [bootId.slice(-1), from, to])).toEqual(
        expect.arrayContaining([
          ['1', 1, 2],
          ['1', 5, 5],
          ['b', 1, 1],
        ]),
      );
      expect(ranges).toHaveLength(3);
      const { points } = await ask(second, { points: 1 });
      expect(points[0]?.count).toBe(4);
      await second.close();
    });

    it('takes a batch of 3,000 workstations', async () => {
      const store = await open();
      const rows = Array.from({ length: 3_000 }, (_, at) =>
        row({ workstationId: workstationId(at + 1), atMs: MINUTE_MS + at }),
      );
      expect(await store.append(rows)).toEqual({ kind: 'durable' });
      await subject.settled(store);
      const minutes = await store.percentiles({
        metric: 'net.rtt.ms',
        fromMs: MINUTE_MS,
        toMs: MINUTE_MS + MINUTE,
      });
      expect(minutes[0]?.count).toBe(3_000);
      await store.close();
    });

    it('rolls a closed day up, and again when late rows came', async () => {
      const store = await open();
      await store.append([row({ seq: 1, metrics: { 'net.rtt.ms': 10 } })]);
      await subject.settled(store);
      const nowMs = REHEARSAL_MS + 2 * DAY;
      const policy = { rawDays: 3_650, minuteDays: 3_660, diskBudgetBytes: 1e12 };
      const report = await store.maintain(nowMs, policy);
      expect(report.rolledUpDays).toContain('2024-05-15');
      await store.append([row({ seq: 2, atMs: REHEARSAL_MS + 1, metrics: { 'net.rtt.ms': 30 } })]);
      await subject.settled(store);
      expect((await store.maintain(nowMs, policy)).rolledUpDays).toContain('2024-05-15');
      expect((await ask(store, { points: 1 })).points[0]).toMatchObject({
        min: 10,
        mean: 20,
        max: 30,
        count: 2,
      });
      await store.close();
    });

    it('writes a backup while rows keep coming', async () => {
      const store = await open();
      await store.append([row()]);
      const target = join(tempDir(), 'backup');
      mkdirSync(target);
      const files = await store.backup(target);
      expect(await store.append([row({ seq: 2, atMs: REHEARSAL_MS + 1 })])).toEqual({
        kind: 'durable',
      });
      for (const file of files) expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
      await store.close();
    });
  });
}
