import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  opendirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { CARRY_FOLDER, carryLimits, RECEIPTS_FOLDER } from '@ppe-pulse/protocol/carry';
import { faultOf } from './stick-fault.ts';

/** Never through a link, and never waiting for a pipe's other end. Windows knows neither. */
const READ_PLAINLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Something in a folder that bears a name. */
export interface FolderEntry {
  readonly name: string;
  /** False for links, pipes, devices and folders. */
  readonly isFile: boolean;
}

/** Our folder on the flash drive at `directory`. */
export function carryFolder(directory: string): string {
  return join(directory, CARRY_FOLDER);
}

/** The folder of receipts beside the parts. */
export function receiptsFolder(directory: string): string {
  return join(directory, CARRY_FOLDER, RECEIPTS_FOLDER);
}

/** True when it is a folder itself, not a link to one. */
export function isPlainFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Makes the folder when it is missing. Throws ENOTDIR when something else has its name. */
export function makePlainFolder(path: string): void {
  if (isPlainFolder(path)) return;
  mkdirSync(path);
}

/** Names in a folder, at most `folderEntries`; `isCut` says that there are more. */
export function entriesOf(path: string): { entries: FolderEntry[]; isCut: boolean } {
  const entries: FolderEntry[] = [];
  const folder = opendirSync(path);
  try {
    for (let entry = folder.readSync(); entry; entry = folder.readSync()) {
      if (entries.length >= carryLimits.folderEntries) return { entries, isCut: true };
      entries.push({ name: entry.name, isFile: entry.isFile() });
    }
  } finally {
    folder.closeSync();
  }
  return { entries, isCut: false };
}

/** The bytes of a regular file; `tooBig` and `notAFile` are answers, a failing read throws. */
export function readBounded(path: string, maxBytes: number): Buffer | 'tooBig' | 'notAFile' {
  const file = openSync(path, READ_PLAINLY);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) return 'notAFile';
    if (status.size > maxBytes) return 'tooBig';
    // It may grow or shrink under the reader: the checksum tells, the bound holds.
    const bytes = Buffer.alloc(status.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(file, bytes, length, bytes.length - length, length);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/** The bytes of a part, or why it is none; a worn place of the stick is its own fault only. */
export function readPartFile(path: string): Buffer | 'tooBig' | 'notAPart' | 'unreadable' {
  try {
    const file = readBounded(path, carryLimits.partFileBytes);
    return file === 'notAFile' ? 'notAPart' : file;
  } catch (error) {
    // Whether the whole stick is gone is asked of its folder.
    faultOf(error);
    return 'unreadable';
  }
}

/** Writes a file under its draft's name, makes it durable and gives it its own name. */
export function writeDurably(path: string, draft: string, bytes: Uint8Array): void {
  try {
    // Exclusively: a link that somebody laid under this name is not written through.
    rmSync(draft, { force: true });
    const file = openSync(draft, 'wx', 0o600);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    removeQuietly(draft);
    throw error;
  }
}

/** Makes renames in a folder durable; where a folder cannot be opened (Windows) they are anyway. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Bytes that still fit, undefined when the drive does not say. */
export function freeBytes(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    // It is for a sentence only; the drive's own fault is reported already.
    return undefined;
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The drive is gone or read-only: the next export removes the draft.
  }
}
