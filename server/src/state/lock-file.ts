import { openDatabase, isBusy } from './database.ts';

/** A lock of the operating system: it goes with the process, also after `kill -9`. */
export interface FileLock {
  release(): void;
}

/**
 * Takes an exclusive lock on `path`, or answers undefined when another process holds it. Node has
 * no file locks of its own; SQLite's exclusive transaction is one on every system we run on.
 */
export function lockFile(path: string): FileLock | undefined {
  const database = openDatabase(path);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return { release: () => database.close() };
}
