import { inflateRawSync } from 'node:zlib';
import { regionLimits } from '@ppe-pulse/protocol';
import { RefusedFile } from './remarks.ts';

/** A file inside a ZIP, not inflated yet. */
interface ZipEntry {
  readonly method: number;
  readonly packedBytes: number;
  readonly headerAt: number;
}

/** A ZIP that is read by its own table of contents; what is not asked for is never inflated. */
export interface ZipEntries {
  has(path: string): boolean;
  /** Inflates an entry. All of them together are bounded, whatever they declare. */
  read(path: string): Uint8Array;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const COMMENT_BYTES_MAX = 65_535;
const STORED = 0;
const DEFLATED = 8;

/**
 * Opens a ZIP. Ours and not a library's: those that inflate in one go believe the size an entry
 * declares, or grow with it, and neither stops a bomb while it burns.
 */
export function openZip(bytes: Uint8Array): ZipEntries {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = within(() => contentsOf(view));
  let left: number = regionLimits.xlsxInflatedBytes;
  return {
    has: (path) => entries.has(path),
    read: (path) => {
      const entry = entries.get(path);
      if (!entry) throw new RefusedFile('damagedXlsx', { found: path });
      const inflated = within(() => inflate(view, entry, left));
      left -= inflated.byteLength;
      return inflated;
    },
  };
}

function contentsOf(view: Buffer): Map<string, ZipEntry> {
  const end = endOf(view);
  const count = view.readUInt16LE(end + 10);
  if (count > regionLimits.xlsxEntries)
    throw new RefusedFile('tooManyEntries', {
      found: String(count),
      expected: String(regionLimits.xlsxEntries),
    });
  const entries = new Map<string, ZipEntry>();
  let at = view.readUInt32LE(end + 16);
  for (let seen = 0; seen < count; seen += 1) {
    if (view.readUInt32LE(at) !== ENTRY) throw new RefusedFile('damagedXlsx');
    if ((view.readUInt16LE(at + 8) & 1) === 1) throw new RefusedFile('encrypted');
    const nameBytes = view.readUInt16LE(at + 28);
    const name = view.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes);
    entries.set(name, {
      method: view.readUInt16LE(at + 10),
      packedBytes: view.readUInt32LE(at + 20),
      headerAt: view.readUInt32LE(at + 42),
    });
    at += ENTRY_BYTES + nameBytes + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
  }
  return entries;
}

/** Where the end record is: behind everything but a comment. */
function endOf(view: Buffer): number {
  const lowest = Math.max(0, view.length - END_BYTES - COMMENT_BYTES_MAX);
  for (let at = view.length - END_BYTES; at >= lowest; at -= 1)
    if (view.readUInt32LE(at) === END) return at;
  throw new RefusedFile('damagedXlsx');
}

function inflate(view: Buffer, entry: ZipEntry, maxOutputLength: number): Uint8Array {
  const { headerAt, packedBytes, method } = entry;
  if (view.readUInt32LE(headerAt) !== LOCAL) throw new RefusedFile('damagedXlsx');
  const from =
    headerAt + LOCAL_BYTES + view.readUInt16LE(headerAt + 26) + view.readUInt16LE(headerAt + 28);
  const packed = view.subarray(from, from + packedBytes);
  if (packed.length !== packedBytes) throw new RefusedFile('damagedXlsx');
  if (method === STORED && packedBytes <= maxOutputLength) return packed;
  if (method !== STORED && method !== DEFLATED) throw new RefusedFile('damagedXlsx');
  if (maxOutputLength < 1 || method === STORED) throw tooBig();
  try {
    return inflateRawSync(packed, { maxOutputLength });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw tooBig();
    throw error;
  }
}

function tooBig(): RefusedFile {
  const expected = String(Math.round(regionLimits.xlsxInflatedBytes / 1_000_000));
  return new RefusedFile('tooBigInside', { expected });
}

/** Numbers that point outside of the file, and data that do not inflate, are a damaged file. */
function within<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RefusedFile) throw error;
    const isRange = error instanceof RangeError;
    const isZlib = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
    if (isRange || isZlib) throw new RefusedFile('damagedXlsx');
    throw error;
  }
}
