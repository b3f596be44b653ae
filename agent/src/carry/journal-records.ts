import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Heartbeat } from '@ppe-pulse/protocol';
import { decodeRecord, scanSegment } from '../journal/record.ts';
import { codeOf } from '../platform/errors.ts';

/** A record of the journal; unpacked only when it is asked for. */
export interface JournalRecord {
  readonly bootId: string;
  readonly seq: number;
  heartbeat(): Heartbeat | undefined;
}

/** What a reading of the journal could not read. */
export interface JournalLosses {
  /** Bytes of torn or altered records, in segments that nobody writes any more. */
  damagedBytes: number;
}

/**
 * Every record in the journal's segments, oldest first, while an agent may be writing to them. A
 * torn last record is being written right now; a segment that is gone meanwhile was acked.
 */
export function* journalRecords(
  directory: string,
  losses: JournalLosses,
): Generator<JournalRecord> {
  const names = readdirSync(directory)
    .filter((name) => name.endsWith('.seg'))
    .sort();
  for (const [at, name] of names.entries()) {
    const content = readSegment(join(directory, name));
    if (!content) continue;
    const { records, damagedBytes, tornBytes } = scanSegment(content);
    const isBeingWritten = at === names.length - 1;
    losses.damagedBytes += damagedBytes - (isBeingWritten ? tornBytes : 0);
    for (const { bootId, seq, offset, bytes } of records)
      yield {
        bootId,
        seq,
        heartbeat: () => decodeRecord(content.subarray(offset, offset + bytes)),
      };
  }
}

function readSegment(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
