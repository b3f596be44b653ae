import { crc32 } from 'node:zlib';
import type { Incident, PlayedDay } from '@ppe-pulse/protocol';

/** What a segment says of itself before its first frame. */
export interface SegmentHead {
  readonly layout: 1;
  readonly day: PlayedDay | null;
  /** Incidents that had ended and that boards still remembered, the newest last. */
  readonly endedIncidents: readonly Incident[];
}

/** A whole line that was written by us: the head, or a frame with its time. */
export interface SegmentLine {
  readonly atMs: number | undefined;
  /** JSON, `{"atMs":…,"frame":…}` or the head. */
  readonly json: Buffer;
}

const CRC_LENGTH = 8;
const FRAME_START = '{"atMs":';

/** A line of a segment: its checksum, a space, JSON. A bit that fell over is found where it fell. */
export function lineOf(json: string): string {
  return `${checksum(json)} ${json}\n`;
}

/** The JSON of a frame at a moment; the frame is text already and is not encoded again. */
export function frameJson(atMs: number, frame: string): string {
  return `${FRAME_START}${atMs},"frame":${frame}}`;
}

/** The line without its newline; undefined for one that is not as it was written. */
export function parseLine(line: Buffer): SegmentLine | undefined {
  const json = line.subarray(CRC_LENGTH + 1);
  if (line.toString('latin1', 0, CRC_LENGTH) !== checksum(json)) return undefined;
  if (json.toString('latin1', 0, FRAME_START.length) !== FRAME_START)
    return { atMs: undefined, json };
  const comma = json.indexOf(',', FRAME_START.length);
  const atMs = Number(json.toString('latin1', FRAME_START.length, comma));
  return Number.isSafeInteger(atMs) ? { atMs, json } : undefined;
}

function checksum(json: string | Buffer): string {
  return crc32(json).toString(16).padStart(CRC_LENGTH, '0');
}
