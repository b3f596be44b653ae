import { existsSync, readdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../server/src/log.ts';
import { DuckdbStore } from '../../server/src/series/duckdb/duckdb-store.ts';
import { openDuck } from '../../server/src/series/duckdb/duckdb.ts';
import { REHEARSAL_MS, row, workstationId } from '../support/rows.ts';
import { tempDir } from '../support/temp-dir.ts';

const DAY = 86_400_000;

async function open(directory: string, diskBudgetBytes = 1e12): Promise<DuckdbStore> {
  const store = new DuckdbStore(
    { directory, memoryLimitBytes: 200_000_000, threads: 2, horizonMs: 4 * DAY, diskBudgetBytes },
    createLog('silent'),
  );
  onTestFinished(() => store.close().catch(() => undefined));
  await store.open();
  return store;
}

const ask = (store: DuckdbStore, fromMs: number, toMs: number) =>
  store.series({
    metric: 'net.rtt.ms',
    workstationIds: [workstationId(1)],
    fromMs,
    toMs,
    points: 2_000,
  });

describe('DuckDB series store', () => {
  it('tells of itself also while the system does not let it look at its files', async () => {
    const directory = join(tempDir(), 'series');
    const store = await open(directory);
    renameSync(directory, `${directory}.away`);
    expect(store.status()).toMatchObject({ ready: true, warnings: [], bytesOnDisk: 0 });
    renameSync(`${directory}.away`, directory);
    expect(store.status().bytesOnDisk).toBeGreaterThanOrEqual(0);
  });

  it('reads days whose raw file was dropped from the minute roll-up, and counts nothing twice', async () => {
    const directory = tempDir();
    const store = await open(directory);
    for (let day = 0; day < 4; day += 1) {
      await store.append([
        row({ seq: 2 * day + 1, atMs: REHEARSAL_MS + day * DAY, metrics: { 'net.rtt.ms': 10 } }),
        row({
          seq: 2 * day + 2,
          atMs: REHEARSAL_MS + day * DAY + 1_000,
          metrics: { 'net.rtt.ms': 20 },
        }),
      ]);
    }
    const nowMs = REHEARSAL_MS + 4 * DAY;
    const report = await store.maintain(nowMs, {
      rawDays: 2,
      minuteDays: 366,
      diskBudgetBytes: 1e12,
    });
    expect(report.sortedDays).toHaveLength(4);
    expect(report.droppedRawDays).toEqual(['2024-05-15', '2024-05-16']);
    expect(report.freedBytes).toBeGreaterThan(0);
    const { points } = await ask(store, REHEARSAL_MS - DAY, nowMs);
    expect(points.reduce((sum, point) => sum + point.count, 0)).toBe(8);
    expect(points).toHaveLength(4);
    for (const point of points)
      expect(point).toMatchObject({ min: 10, mean: 15, max: 20, count: 2 });
  });

  it('does nothing to a day twice and leaves today alone', async () => {
    const store = await open(tempDir());
    await store.append([row({ seq: 1 }), row({ seq: 2, atMs: REHEARSAL_MS + DAY })]);
    const policy = { rawDays: 14, minuteDays: 366, diskBudgetBytes: 1e12 };
    const nowMs = REHEARSAL_MS + DAY + 3_600_000;
    expect(await store.maintain(nowMs, policy)).toMatchObject({
      sortedDays: ['2024-05-15'],
      rolledUpDays: ['2024-05-15'],
      droppedRawDays: [],
    });
    expect(await store.maintain(nowMs, policy)).toMatchObject({ sortedDays: [], rolledUpDays: [] });
  });

  it('drops the oldest rolled-up day first when the disk budget is exceeded, and warns before', async () => {
    const store = await open(tempDir(), 30_000);
    for (let day = 0; day < 3; day += 1)
      await store.append([row({ seq: day + 1, atMs: REHEARSAL_MS + day * DAY })]);
    expect(store.status().warnings).toContain('diskBudgetExceeded');
    const report = await store.maintain(REHEARSAL_MS + 2 * DAY + 3_600_000, {
      rawDays: 14,
      minuteDays: 366,
      diskBudgetBytes: 30_000,
    });
    expect(report.droppedRawDays).toEqual(['2024-05-15', '2024-05-16']);
  });

  it.each([
    ['is garbage', (path: string) => writeFileSync(path, 'not a database '.repeat(4_000))],
    ['is cut in half', (path: string) => truncateSync(path, 200_000)],
  ])('sets a day file aside that %s, says so, and goes on', async (_, damage) => {
    const directory = tempDir();
    const first = await open(directory);
    await first.append([row({ seq: 1 })]);
    await first.close();
    damage(join(directory, 'raw', '2024-05-15.duckdb'));
    const second = await open(directory);
    expect(second.status().warnings).toContain('damagedFileSetAside');
    expect(second.status().advice.join(' ')).toContain('restore it from a backup');
    expect(readdirSync(join(directory, 'raw'))).toContain('2024-05-15.duckdb.damaged-1');
    expect(await second.append([row({ seq: 2 })])).toEqual({ kind: 'durable' });
  });

  it('refuses a file of a newer version with a sentence that says what to do', async () => {
    const directory = tempDir();
    const first = await open(directory);
    await first.append([row({ seq: 1 })]);
    await first.close();
    const duck = await openDuck({
      memoryLimitBytes: 100_000_000,
      threads: 1,
      spillDirectory: directory,
    });
    await duck.run(`ATTACH '${join(directory, 'raw', '2024-05-15.duckdb')}' AS d`);
    await duck.run("UPDATE d.meta SET value = 99 WHERE name = 'version'");
    await duck.run('DETACH d');
    duck.close();
    await expect(open(directory)).rejects.toThrow(/newer version \(layout 99.*run that version/);
    expect(existsSync(join(directory, 'raw', '2024-05-15.duckdb'))).toBe(true);
  });

  it('loses nothing and stores nothing twice when its thread dies in the middle', async () => {
    const directory = tempDir();
    const store = await open(directory);
    const batches = Array.from({ length: 12 }, (_, at) =>
      Array.from({ length: 50 }, (__, index) =>
        row({ seq: at * 50 + index + 1, atMs: REHEARSAL_MS + at * 50 + index }),
      ),
    );
    for (const [at, batch] of batches.entries()) {
      const pending = store.append(batch);
      if (at % 4 === 2) await store.crash();
      let outcome = await pending;
      while (outcome.kind !== 'durable') {
        await new Promise((resolve) => setTimeout(resolve, 20));
        outcome = await store.append(batch);
      }
    }
    const delivered = await store.delivered();
    expect(delivered).toEqual([
      { workstationId: workstationId(1), bootId: row().bootId, from: 1, to: 600 },
    ]);
    const { points } = await ask(store, REHEARSAL_MS - 60_000, REHEARSAL_MS + 60_000);
    expect(points.reduce((sum, point) => sum + point.count, 0)).toBe(600);
  });

  it('gives a backup that another store opens', async () => {
    const store = await open(tempDir());
    await store.append([row({ seq: 1 }), row({ seq: 2, atMs: REHEARSAL_MS + 1_000 })]);
    const target = tempDir();
    const files = await store.backup(target);
    expect(files.map((file) => file.path)).toEqual(['raw/2024-05-15.duckdb']);
    const restored = await open(target);
    expect(await restored.delivered()).toEqual(await store.delivered());
  });
});
