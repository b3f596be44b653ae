import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Gate } from '../gate.ts';
import type {
  BackupFile,
  DeliveredRange,
  MaintenanceReport,
  RetentionPolicy,
  SeriesRow,
} from '../store.ts';
import { DAY_MS, dayOf, startOfDay } from '../tables.ts';
import { isRolledUp, rollUpDay, sortDay, type ClosingParts } from './closing.ts';
import { openDuck, type Duck, type DuckSession } from './duckdb.ts';
import type { EngineApi, EngineOptions } from './engine-api.ts';
import { DuckFiles, type FileKind } from './files.ts';
import { askPercentiles, askSeries } from './questions.ts';
import { bootNumberOf, hexOf, keyOf, tablesOf, workstationIdOf } from './rows.ts';

/** A day is closed this long after its end: most of what comes late has come by then. */
const CLOSING_GRACE_MS = 3_600_000;

/** The store inside its worker. */
export async function openEngine(options: EngineOptions): Promise<EngineApi> {
  mkdirSync(options.directory, { recursive: true });
  const duck = await openDuck({
    memoryLimitBytes: options.memoryLimitBytes,
    threads: options.threads,
    spillDirectory: join(options.directory, 'spill'),
  });
  const files = new DuckFiles(duck, options.directory);
  const gate = new Gate();
  const parts: ClosingParts = { duck: duck.chores, files, gate };
  const report = async () => ({ setAside: files.setAside() });
  return {
    open: async () => {
      // Attaching replays what a killed process left in a write-ahead log, and finds damage early.
      for (const day of recentDays(files, options.horizonMs)) await files.attach('raw', day);
      return report();
    },
    append: (rows) => gate.pass(() => append(duck, files, rows)),
    missing: (rows) => gate.pass(() => missing(duck, files, rows)),
    delivered: () => gate.pass(() => delivered(duck, files, options.horizonMs)),
    series: (query) => gate.pass(() => askSeries(duck, files, query)),
    percentiles: (query) => gate.pass(() => askPercentiles(duck, files, query)),
    maintain: (nowMs, policy) => maintain(parts, nowMs, policy),
    backup: (directory) => backup(parts, directory),
    report,
    close: async () => {
      await gate.close(async () => {
        for (const day of files.list('raw')) await files.detach('raw', day);
        for (const month of files.list('minute')) await files.detach('minute', month);
      });
      duck.close();
    },
  };
}

async function append(duck: Duck, files: DuckFiles, rows: readonly SeriesRow[]): Promise<void> {
  const days = new Map<string, SeriesRow[]>();
  for (const row of rows) {
    const day = dayOf(row.atMs);
    const known = days.get(day);
    if (known) known.push(row);
    else days.set(day, [row]);
  }
  // One transaction a file. When a later one fails, the caller asks `missing` before it tries again.
  for (const [day, ofDay] of days) {
    await duck.commit(await files.attach('raw', day), tablesOf(ofDay));
  }
}

async function missing(
  duck: Duck,
  files: DuckFiles,
  rows: readonly SeriesRow[],
): Promise<readonly SeriesRow[]> {
  const stored = new Set<string>();
  const days = new Set(rows.map((row) => dayOf(row.atMs)));
  const keys = [...new Set(rows.map((row) => keyOf(row.workstationId)))].join(', ');
  for (const day of days) {
    if (!files.exists('raw', day)) continue;
    const times = rows.filter((row) => dayOf(row.atMs) === day).map((row) => Math.round(row.atMs));
    const name = await files.attach('raw', day);
    const found = await duck.ask(
      `SELECT key, boot, seq FROM ${name}.heartbeat
        WHERE at_ms >= ${Math.min(...times)} AND at_ms <= ${Math.max(...times)} AND key IN (${keys})`,
    );
    for (const row of found)
      stored.add(`${String(row.key)}/${String(row.boot)}/${String(row.seq)}`);
  }
  return rows.filter(
    (row) => !stored.has(`${keyOf(row.workstationId)}/${bootNumberOf(row.bootId)}/${row.seq}`),
  );
}

/**
 * Islands of sequence numbers. Almost every boot is one island, which a plain GROUP BY proves; only
 * the others pay for the window function.
 */
async function delivered(
  duck: Duck,
  files: DuckFiles,
  horizonMs: number,
): Promise<readonly DeliveredRange[]> {
  const ranges: DeliveredRange[] = [];
  for (const day of recentDays(files, horizonMs)) {
    const name = await files.attach('raw', day);
    const rows = await duck.ask(
      `WITH boots AS (
         SELECT key, boot, min(seq) AS f, max(seq) AS t, count(*) AS n
           FROM ${name}.heartbeat GROUP BY key, boot),
       broken AS (
         SELECT h.key, h.boot, h.seq,
                h.seq - row_number() OVER (PARTITION BY h.key, h.boot ORDER BY h.seq) AS island
           FROM ${name}.heartbeat h JOIN boots b ON h.key = b.key AND h.boot = b.boot
          WHERE b.n <> b.t - b.f + 1)
       SELECT key, boot, f, t FROM boots WHERE n = t - f + 1
       UNION ALL
       SELECT key, boot, min(seq), max(seq) FROM broken GROUP BY key, boot, island`,
    );
    for (const row of rows) {
      ranges.push({
        workstationId: workstationIdOf(row.key),
        bootId: hexOf(row.boot),
        from: Number(row.f),
        to: Number(row.t),
      });
    }
  }
  return ranges;
}

async function maintain(
  parts: ClosingParts,
  nowMs: number,
  policy: RetentionPolicy,
): Promise<MaintenanceReport> {
  const { files, gate } = parts;
  const closed = files
    .list('raw')
    .filter((day) => startOfDay(day) + DAY_MS + CLOSING_GRACE_MS <= nowMs);
  const sortedDays: string[] = [];
  const rolledUpDays: string[] = [];
  for (const day of closed) {
    if (await sortDay(parts, day)) sortedDays.push(day);
    if (await gate.pass(() => rollUpDay(parts, day))) rolledUpDays.push(day);
  }
  const report = {
    sortedDays,
    rolledUpDays,
    droppedRawDays: [] as string[],
    droppedMinuteParts: [] as string[],
    freedBytes: 0,
  };
  const rawSinceMs = nowMs - policy.rawDays * DAY_MS;
  const minuteSinceMs = nowMs - policy.minuteDays * DAY_MS;
  for (const day of closed) {
    const tooOld = startOfDay(day) + DAY_MS <= rawSinceMs;
    const tooMuch = totalBytes(files) > policy.diskBudgetBytes;
    // Oldest first; a day that is not rolled up yet is never the one to go.
    if (!(tooOld || tooMuch) || !(await isRolledUp(parts, day))) continue;
    report.freedBytes += await gate.close(() => files.drop('raw', day));
    report.droppedRawDays.push(day);
  }
  for (const month of files.list('minute')) {
    const end = new Date(startOfDay(`${month}-01`));
    end.setUTCMonth(end.getUTCMonth() + 1);
    if (end.getTime() > minuteSinceMs) continue;
    report.freedBytes += await gate.close(() => files.drop('minute', month));
    report.droppedMinuteParts.push(month);
  }
  return report;
}

/** Copies every file while rows keep coming: each copy is one transaction's view. */
async function backup(parts: ClosingParts, directory: string): Promise<readonly BackupFile[]> {
  const { duck, files, gate } = parts;
  const written: BackupFile[] = [];
  for (const kind of ['raw', 'minute'] as const) {
    mkdirSync(join(directory, kind), { recursive: true });
    for (const part of files.list(kind)) {
      const path = `${kind}/${part}.duckdb`;
      await gate.pass(() => copyFile(duck, files, { kind, part, to: join(directory, path) }));
      written.push(await describe(directory, path));
    }
  }
  return written;
}

async function copyFile(
  duck: DuckSession,
  files: DuckFiles,
  copy: { readonly kind: FileKind; readonly part: string; readonly to: string },
): Promise<void> {
  const name = await files.attach(copy.kind, copy.part);
  const target = `backup_${name}`;
  await duck.run(`ATTACH '${copy.to.replaceAll("'", "''")}' AS ${target}`);
  try {
    await duck.run(`COPY FROM DATABASE ${name} TO ${target}`);
    await duck.run(`CHECKPOINT ${target}`);
  } finally {
    await duck.run(`DETACH ${target}`);
  }
}

async function describe(directory: string, path: string): Promise<BackupFile> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(directory, path)), hash);
  return { path, bytes: statSync(join(directory, path)).size, sha256: hash.digest('hex') };
}

function recentDays(files: DuckFiles, horizonMs: number): string[] {
  const days = files.list('raw');
  const newest = days.at(-1);
  if (newest === undefined) return [];
  return days.filter((day) => startOfDay(day) >= startOfDay(newest) - horizonMs);
}

function totalBytes(files: DuckFiles): number {
  const sizes = (['raw', 'minute'] as const).flatMap((kind) =>
    files.list(kind).map((part) => files.bytes(kind, part)),
  );
  return sizes.reduce((sum, each) => sum + each, 0);
}
