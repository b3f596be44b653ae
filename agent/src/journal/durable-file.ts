import { closeSync, fsyncSync, openSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFully } from '../platform/files.ts';

/** Behind the name of a file that is being written; one that is left was cut short by a death. */
export const DRAFT = '.new';

/**
 * Replaces a file whole, and for good: whatever happens, power cuts included, it holds the old or
 * the new content. Throws when the disk does not take it; then the old content stands.
 */
export function replaceDurably(path: string, content: Buffer | string): void {
  const draft = `${path}${DRAFT}`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeFully(file, Buffer.from(content), 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncDirectory(dirname(path));
}

/** Makes a file's being there survive a power cut, as `fsync` does for its content. */
export function syncDirectory(path: string): void {
  // Windows opens no folder for that, and NTFS logs names by itself.
  if (process.platform === 'win32') return;
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** JSON of a file; undefined when there is none that can be read. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
