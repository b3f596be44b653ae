import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
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

/** Writes all of it, or throws: a nearly full disk takes a part and reports that. */
export function writeFully(file: number, content: Buffer, position: number): void {
  for (let written = 0; written < content.length;)
    written += writeSync(file, content, written, content.length - written, position + written);
}

/** Writes over the beginning of a file, or makes it; what stands behind the text stays. */
export function writeOver(path: string, text: string): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    writeFully(file, Buffer.from(text), 0);
  } finally {
    closeSync(file);
  }
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
