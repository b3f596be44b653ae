import { crc32 } from 'node:zlib';
import type { Heartbeat } from '@ppe-pulse/protocol';

/** Bytes before each record: length of the text and its CRC-32, both little-endian. */
export const HEADER_BYTES = 8;
/** A record longer than this is damage, not a heartbeat. */
const MAX_TEXT_BYTES = 1_000_000;

/** A heartbeat and where its record lies in a segment. */
export interface StoredRecord {
  readonly heartbeat: Heartbeat;
  readonly offset: number;
  readonly bytes: number;
}

/** One record: header and JSON text. */
export function encodeRecord(heartbeat: Heartbeat): Buffer {
  const text = Buffer.from(JSON.stringify(heartbeat));
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(text.length, 0);
  header.writeUInt32LE(crc32(text), 4);
  return Buffer.concat([header, text]);
}

/** The records of a segment up to the first that is torn or altered, and where that one starts. */
export function decodeRecords(segment: Buffer): { records: StoredRecord[]; soundBytes: number } {
  const records: StoredRecord[] = [];
  let offset = 0;
  while (offset + HEADER_BYTES <= segment.length) {
    const length = segment.readUInt32LE(offset);
    const end = offset + HEADER_BYTES + length;
    if (length === 0 || length > MAX_TEXT_BYTES || end > segment.length) break;
    const text = segment.subarray(offset + HEADER_BYTES, end);
    if (crc32(text) !== segment.readUInt32LE(offset + 4)) break;
    // The checksum holds, so this is what the agent wrote.
    const heartbeat = JSON.parse(text.toString('utf8')) as Heartbeat;
    records.push({ heartbeat, offset, bytes: end - offset });
    offset = end;
  }
  return { records, soundBytes: offset };
}
