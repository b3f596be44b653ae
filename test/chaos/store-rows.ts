import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Flip } from '@ppe-pulse/protocol';
import { openDuck } from '../../server/src/series/duckdb/duckdb.ts';
import { hexOf, workstationIdOf } from '../../server/src/series/duckdb/rows.ts';
import { createFlipLog } from '../../server/src/state/flips.ts';
import { openDatabase } from '../../server/src/state/database.ts';
import type { StoredBeat } from './evidence.ts';

/** More flips than any run makes. */
const ALL = 1_000_000;

/** Every heartbeat row of a stopped collector's store, read from copies of its day files. */
export async function storedBeats(dataDir: string, copyTo: string): Promise<StoredBeat[]> {
  const directory = join(dataDir, 'series', 'raw');
  mkdirSync(copyTo, { recursive: true });
  const names = readdirSync(directory);
  const setAside = names.filter((name) => name.includes('.damaged-'));
  if (setAside.length > 0) throw new Error(`the store has damaged files: ${setAside.join(', ')}`);
  for (const name of names) copyFileSync(join(directory, name), join(copyTo, name));
  const duck = await openDuck({ memoryLimitBytes: 2e8, threads: 1, spillDirectory: copyTo });
  try {
    const beats: StoredBeat[] = [];
    for (const [at, name] of names.filter((each) => each.endsWith('.duckdb')).entries()) {
      await duck.run(`ATTACH '${join(copyTo, name)}' AS day${at}`);
      const rows = await duck.ask(`SELECT key, boot, seq, at_ms FROM day${at}.heartbeat`);
      for (const row of rows) {
        beats.push({
          workstation: workstationIdOf(row.key),
          boot: hexOf(row.boot),
          seq: Number(row.seq),
          atMs: Number(row.at_ms),
        });
      }
    }
    return beats;
  } finally {
    duck.close();
  }
}

/** Every flip of these workstations, oldest first. */
export function recordedFlips(dataDir: string, workstations: readonly string[]): Flip[] {
  const database = openDatabase(join(dataDir, 'state.sqlite'));
  try {
    const log = createFlipLog(database);
    return workstations.flatMap((id) => log.ofWorkstation(id, ALL)).sort((a, b) => a.atMs - b.atMs);
  } finally {
    database.close();
  }
}
