import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './errors.ts';

/** Replaces a file whole: a reader sees the old or the new text, never a half. */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.new`;
  const write = (): void => writeFileSync(draft, text, { mode: 0o600 });
  try {
    write();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    // The first file of its folder.
    mkdirSync(dirname(path), { recursive: true });
    write();
  }
  renameSync(draft, path);
}

/** The text of a file, or undefined when it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** True for a folder, also through a link; false for what cannot be looked at. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
