import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE } from './backup.ts';

/** A whole backup in a folder of backups. */
export interface KeptBackup {
  readonly name: string;
  /** When it was written, ms since 1970 UTC. */
  readonly atMs: number;
}

/** `2024-05-14T01-30-00Z`: sorts by time, and is a name on every file system. */
const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/;

/** Name of the backup of a moment. */
export function backupName(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
}

/** The whole backups of a folder, the newest first; a folder that is not there has none. */
export function keptBackups(folder: string): KeptBackup[] {
  return namesIn(folder)
    .flatMap((name) => {
      const atMs = writtenAt(join(folder, name, MANIFEST_FILE));
      return atMs === undefined ? [] : [{ name, atMs }];
    })
    .toSorted((a, b) => b.atMs - a.atMs);
}

/**
 * Removes what is too much: whole backups past the newest `keep`, and halves of runs that were broken
 * off before the newest whole one. Nothing that bears another name is touched. Answers what went.
 */
export function dropOldBackups(folder: string, keep: number): string[] {
  const whole = keptBackups(folder).map(({ name }) => name);
  const [newest] = whole;
  const halves = namesIn(folder).filter(
    (name) => newest !== undefined && name < newest && !whole.includes(name),
  );
  const gone = [...whole.slice(keep), ...halves];
  for (const name of gone) rmSync(join(folder, name), { recursive: true, force: true });
  return gone.toSorted();
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((each) => each.isDirectory() && NAME.test(each.name))
      .map(({ name }) => name);
  } catch {
    // Not there yet, or not readable: then it holds no backup for whoever asks.
    return [];
  }
}

/** The manifest is written last: a folder without one is no backup. */
function writtenAt(path: string): number | undefined {
  try {
    const { at } = JSON.parse(readFileSync(path, 'utf8')) as { readonly at?: unknown };
    const atMs = typeof at === 'string' ? Date.parse(at) : Number.NaN;
    return Number.isFinite(atMs) ? atMs : undefined;
  } catch {
    return undefined;
  }
}
