import { scanSegment, type FoundRecord, type Scan } from './record.ts';
import { SegmentIndex } from './segment-index.ts';

/** A segment file and what is known of its records. */
export interface Segment {
  readonly number: number;
  bytes: number;
  index: SegmentIndex;
  /** When its newest record was written, on the journal's clock. */
  newestAtMs: number;
}

/** A segment without its file. */
export const emptySegment = (number: number): Segment => ({
  number,
  bytes: 0,
  index: new SegmentIndex(),
  newestAtMs: Number.NEGATIVE_INFINITY,
});

/** True when nothing is left in it but events that are not acked. */
export const isEventsOnly = ({ index }: Segment): boolean => index.records === index.unackedEvents;

/** What a segment becomes and the bytes of its file; no bytes mean no file. */
export interface Rewritten {
  readonly segment: Segment;
  readonly content: Buffer;
}

/** A segment as its file is. */
export function segmentOf(number: number, scan: Scan, bytes: number): Segment {
  const segment = emptySegment(number);
  for (const record of scan.records) take(segment, record, record.offset);
  segment.bytes = bytes;
  segment.index.trim();
  return segment;
}

/** The same segment with only those of its records that `isKept`. */
export function rewritten(
  number: number,
  content: Buffer,
  isKept: (record: FoundRecord) => boolean,
): Rewritten {
  const segment = emptySegment(number);
  const pieces: Buffer[] = [];
  for (const record of scanSegment(content).records) {
    if (!isKept(record)) continue;
    pieces.push(content.subarray(record.offset, record.offset + record.bytes));
    take(segment, record, segment.bytes);
    segment.bytes += record.bytes;
  }
  segment.index.trim();
  return { segment, content: Buffer.concat(pieces) };
}

function take(segment: Segment, record: FoundRecord, offset: number): void {
  const { bootId, seq, isEvent, atMs } = record;
  segment.index.add({ bootId, seq, isEvent, offset });
  segment.newestAtMs = Math.max(segment.newestAtMs, atMs);
}
