import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Heartbeat } from '@ppe-pulse/protocol';

/** First bytes of each record: what a search for the next sound one looks for. */
const MAGIC = Buffer.from([0xf0, 0x50, 0x50, 0x4a]);
/** Bytes before the packed text, see `encodeRecord`. */
export const HEADER_BYTES = 48;
/** A packed text longer than this is damage, not a heartbeat. */
const MAX_PACKED_BYTES = 262_144;
/** An unpacked text longer than this is damage, too. */
const MAX_TEXT_BYTES = 1_000_000;
/** Flag of a heartbeat in which a verdict differs from the one before it. */
const EVENT = 1;

/**
 * A heartbeat is 1–6 kB: zlib's usual window and tables are a quarter of a megabyte to clear for each.
 */
const PACKING = { level: 3, windowBits: 13, memLevel: 5 } as const;

/** What a record says of its heartbeat without being unpacked. */
export interface RecordHead {
  readonly bootId: string;
  readonly seq: number;
  /** A verdict differs from the heartbeat before it in the same boot. */
  readonly isEvent: boolean;
  /** When it was written, on the journal's own clock, see `AgeClock`. */
  readonly atMs: number;
  /** When it was written, on the PC's wall clock. */
  readonly wallMs: number;
}

/** A record in a segment. */
export interface FoundRecord extends RecordHead {
  readonly offset: number;
  readonly bytes: number;
}

/** What a segment's bytes hold. */
export interface Scan {
  readonly records: readonly FoundRecord[];
  /** Records that cannot be trusted, and their bytes. */
  readonly damagedRecords: number;
  readonly damagedBytes: number;
  /** Those of the damaged bytes behind the last sound record: a write that was cut short. */
  readonly tornBytes: number;
}

/**
 * One record, all numbers little-endian: magic (4 bytes), CRC-32 of all that follows (4), length of
 * the packed text (4), flags (4), boot id (8), seq, `atMs`, `wallMs` (a double each), and the JSON
 * text, deflated: a full heartbeat is packed to a quarter.
 */
export function encodeRecord(
  heartbeat: Heartbeat,
  about: Pick<RecordHead, 'isEvent' | 'atMs' | 'wallMs'>,
): Buffer {
  const packed = deflateRawSync(JSON.stringify(heartbeat), PACKING);
  const record = Buffer.alloc(HEADER_BYTES + packed.length);
  MAGIC.copy(record);
  record.writeUInt32LE(packed.length, 8);
  record.writeUInt32LE(about.isEvent ? EVENT : 0, 12);
  record.write(heartbeat.bootId, 16, 8, 'hex');
  record.writeDoubleLE(heartbeat.seq, 24);
  record.writeDoubleLE(about.atMs, 32);
  record.writeDoubleLE(about.wallMs, 40);
  packed.copy(record, HEADER_BYTES);
  record.writeUInt32LE(crc32(record.subarray(8)), 4);
  return record;
}

/** The heartbeat of a record; undefined when the bytes are not what was written. */
export function decodeRecord(record: Buffer): Heartbeat | undefined {
  const bytes = soundBytesAt(record, 0);
  if (bytes === undefined) return undefined;
  const text = inflateRawSync(record.subarray(HEADER_BYTES, bytes), {
    maxOutputLength: MAX_TEXT_BYTES,
  });
  // The checksum holds, so this is what the agent wrote.
  return JSON.parse(text.toString('utf8')) as Heartbeat;
}

/** How long the record is whose header this is; undefined when it is no header. */
export function recordBytes(header: Buffer): number | undefined {
  if (header.length < HEADER_BYTES || header.compare(MAGIC, 0, 4, 0, 4) !== 0) return undefined;
  const length = header.readUInt32LE(8);
  return length === 0 || length > MAX_PACKED_BYTES ? undefined : HEADER_BYTES + length;
}

/**
 * Every record of a segment that can be trusted. Behind a damaged one the next whose checksum holds
 * is searched for; what lies between is counted.
 */
export function scanSegment(segment: Buffer): Scan {
  const records: FoundRecord[] = [];
  let damagedRecords = 0;
  let damagedBytes = 0;
  let tornBytes = 0;
  for (let offset = 0; offset < segment.length;) {
    const bytes = soundBytesAt(segment, offset);
    if (bytes !== undefined) {
      records.push({ ...headAt(segment, offset), offset, bytes });
      offset += bytes;
      continue;
    }
    const next = nextSound(segment, offset + 1);
    damagedRecords += recordsIn(segment.subarray(offset, next));
    damagedBytes += next - offset;
    if (next === segment.length) tornBytes = next - offset;
    offset = next;
  }
  return { records, damagedRecords, damagedBytes, tornBytes };
}

/** A heartbeat and where its record lies in a segment. */
export interface StoredRecord {
  readonly heartbeat: Heartbeat;
  readonly offset: number;
  readonly bytes: number;
}

/** Every heartbeat of a segment that can be trusted, and how many of its bytes can be. */
export function decodeRecords(segment: Buffer): { records: StoredRecord[]; soundBytes: number } {
  const scan = scanSegment(segment);
  const records = scan.records.flatMap(({ offset, bytes }) => {
    const heartbeat = decodeRecord(segment.subarray(offset, offset + bytes));
    return heartbeat ? [{ heartbeat, offset, bytes }] : [];
  });
  return { records, soundBytes: segment.length - scan.damagedBytes };
}

function soundBytesAt(segment: Buffer, offset: number): number | undefined {
  const bytes = recordBytes(segment.subarray(offset, offset + HEADER_BYTES));
  if (bytes === undefined || offset + bytes > segment.length) return undefined;
  const checked = segment.subarray(offset + 8, offset + bytes);
  return crc32(checked) === segment.readUInt32LE(offset + 4) ? bytes : undefined;
}

function nextSound(segment: Buffer, from: number): number {
  for (let at = segment.indexOf(MAGIC, from); at >= 0; at = segment.indexOf(MAGIC, at + 1))
    if (soundBytesAt(segment, at) !== undefined) return at;
  return segment.length;
}

/** How many records began here: each left its magic, but for a first one whose magic is damaged. */
function recordsIn(damaged: Buffer): number {
  let count = damaged.indexOf(MAGIC) === 0 ? 0 : 1;
  for (let at = damaged.indexOf(MAGIC); at >= 0; at = damaged.indexOf(MAGIC, at + 1)) count += 1;
  return count;
}

function headAt(segment: Buffer, offset: number): RecordHead {
  return {
    bootId: segment.toString('hex', offset + 16, offset + 24),
    seq: segment.readDoubleLE(offset + 24),
    isEvent: (segment.readUInt32LE(offset + 12) & EVENT) !== 0,
    atMs: segment.readDoubleLE(offset + 32),
    wallMs: segment.readDoubleLE(offset + 40),
  };
}
