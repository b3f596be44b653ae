import { codeOf } from '../platform/errors.ts';
import type { Written } from './age-clock.ts';
import type { DropCount } from './drop-count.ts';
import { scanSegment, type FoundRecord } from './record.ts';
import type { SegmentFiles } from './segment-files.ts';
import { rewritten, segmentOf, type Segment } from './segment.ts';

/** What a journal finds when it is opened. */
export interface Recovered {
  readonly segments: Segment[];
  /** The number of the next segment. */
  readonly nextNumber: number;
  /** Bytes of records that cannot be trusted; those of them that were cut short by a death. */
  readonly damagedBytes: number;
  readonly tornBytes: number;
  /** The newest record, by the journal's clock. */
  readonly newest?: Written;
  /** Where the newest record of each boot lies, in the order of the boots' first records. */
  readonly newestOfBoot: ReadonlyMap<string, { readonly segment: number; readonly offset: number }>;
  /** Why a segment could not be read, or not be repaired. */
  readonly failure?: string;
}

interface Finding {
  segments: Segment[];
  damagedBytes: number;
  tornBytes: number;
  newest?: Written;
  newestOfBoot: Map<string, { segment: number; offset: number }>;
  failure?: string;
}

/**
 * Indexes what is there, one segment in memory at a time. A damaged segment is written again without
 * its damage, and what was lost is counted, once. What cannot be read is left as it is.
 */
export function recover(files: SegmentFiles, drops: DropCount): Recovered {
  const found: Finding = {
    segments: [],
    damagedBytes: 0,
    tornBytes: 0,
    newestOfBoot: new Map(),
  };
  const numbers = files.list();
  attempt(found, () => files.removeDrafts());
  for (const number of numbers) attempt(found, () => recoverSegment(number, files, drops, found));
  return { ...found, nextNumber: (numbers.at(-1) ?? 0) + 1 };
}

function recoverSegment(
  number: number,
  files: SegmentFiles,
  drops: DropCount,
  found: Finding,
): void {
  const content = files.read(number);
  const scan = scanSegment(content);
  let segment = segmentOf(number, scan, content.length);
  if (scan.damagedBytes > 0) {
    found.damagedBytes += scan.damagedBytes;
    found.tornBytes += scan.tornBytes;
    segment = repaired(segment, content, { files, drops, found, lost: scan.damagedRecords });
  }
  if (segment.index.records === 0) attempt(found, () => files.remove(number));
  else {
    found.segments.push(segment);
    noteNewest(found, segment, scan.records);
  }
}

function repaired(
  segment: Segment,
  content: Buffer,
  at: {
    readonly files: SegmentFiles;
    readonly drops: DropCount;
    readonly found: Finding;
    readonly lost: number;
  },
): Segment {
  const sound = rewritten(segment.number, content, () => true);
  try {
    at.drops.counted(at.lost, () => at.files.replace(segment.number, sound.content));
    return sound.segment;
  } catch (error) {
    // A disk that takes nothing: the damage stays where it is, and is passed over.
    at.drops.lost(at.lost);
    at.found.failure = codeOf(error);
    return segment;
  }
}

function noteNewest(found: Finding, segment: Segment, records: readonly FoundRecord[]): void {
  const inOrder = [...segment.index.unackedRecords()];
  for (const { bootId, offset } of inOrder) {
    // A key that is there keeps its place: the order is that of first records.
    found.newestOfBoot.set(bootId, { segment: segment.number, offset });
  }
  const last = records.at(-1);
  if (last && last.atMs >= (found.newest?.atMs ?? Number.NEGATIVE_INFINITY))
    found.newest = { atMs: last.atMs, wallMs: last.wallMs };
}

function attempt(found: Finding, work: () => void): void {
  try {
    work();
  } catch (error) {
    found.failure = codeOf(error);
  }
}
