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
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  BootRanges,
  CARRY_FOLDER,
  carryLimits,
  parsePartName,
  readReceipt,
  receiptName,
  RECEIPTS_FOLDER,
  writeReceipt,
} from '@ppe-pulse/protocol/carry';
import { isSignedBy, type CollectorKey } from '../access/keys.ts';
import { codeOf } from '../config.ts';

/** Never through a link, and never waiting for a pipe's other end. Windows knows neither. */
const READ_PLAINLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Names of parts on a flash drive. */
export interface StickListing {
  readonly names: readonly string[];
  /** Links, pipes and folders that bear a part's name. */
  readonly strange: number;
  /** There are more entries than are looked at. */
  readonly isCut: boolean;
}

/** A fault of the file system is the world's, and has a code; our own mistakes are thrown on. */
export function systemCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && 'syscall' in error) return codeOf(error);
  throw error;
}

/** True when the drive's folder is there itself, not a link to one. */
export function isThere(stick: string): boolean {
  return isPlainFolder(join(stick, CARRY_FOLDER));
}

/** Parts on the drive at `stick`. Throws the system's error when its folder cannot be read. */
export function listStick(stick: string): StickListing {
  const names: string[] = [];
  let strange = 0;
  let seen = 0;
  const folder = opendirSync(join(stick, CARRY_FOLDER));
  try {
    for (let entry = folder.readSync(); entry; entry = folder.readSync()) {
      seen += 1;
      if (seen > carryLimits.folderEntries) return { names, strange, isCut: true };
      if (parsePartName(entry.name) === undefined) continue;
      if (entry.isFile()) names.push(entry.name);
      else strange += 1;
    }
  } finally {
    folder.closeSync();
  }
  return { names, strange, isCut: false };
}

/** The bytes of a part, or why it is none. */
export function readPart(
  stick: string,
  name: string,
): Buffer | 'tooBig' | 'notAPart' | 'unreadable' {
  try {
    return readBounded(join(stick, CARRY_FOLDER, name), carryLimits.partFileBytes);
  } catch (error) {
    // Whether the whole drive is gone is asked of its folder.
    systemCode(error);
    return 'unreadable';
  }
}

/** Adds ranges to the receipt of a workstation on the drive, which this collector's key signs. */
export function addReceipt(
  stick: string,
  agentId: string,
  durable: BootRanges,
  issued: { readonly atMs: number; readonly key: CollectorKey },
): void {
  const { key, atMs } = issued;
  const folder = join(stick, CARRY_FOLDER, RECEIPTS_FOLDER);
  if (!isPlainFolder(folder)) mkdirSync(folder);
  const path = join(folder, receiptName(agentId, key.id));
  const all = knownReceipt(path, agentId, key.publicKey);
  all.addAll(durable);
  writeDurably(path, writeReceipt(agentId, all, atMs, key));
}

function knownReceipt(path: string, agentId: string, publicKey: string): BootRanges {
  try {
    const file = readBounded(path, carryLimits.receiptBytes);
    const known =
      typeof file === 'string' ? undefined : readReceipt(file, { agentId, publicKey }, isSignedBy);
    return known ?? new BootRanges();
  } catch (error) {
    // There is none yet, or it cannot be read: the new one says what this import stored.
    systemCode(error);
    return new BootRanges();
  }
}

function isPlainFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function readBounded(path: string, maxBytes: number): Buffer | 'tooBig' | 'notAPart' {
  const file = openSync(path, READ_PLAINLY);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) return 'notAPart';
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

function writeDurably(path: string, bytes: Uint8Array): void {
  const draft = `${path}.tmp`;
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
}
