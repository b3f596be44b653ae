import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeRecord,
  decodeRecords,
  encodeRecord,
  HEADER_BYTES,
  scanSegment,
} from '../../agent/src/journal/record.ts';
import { fuzzed, fuzzSeed } from '../support/fuzz.ts';
import { tempDir } from '../support/temp-dir.ts';
import { BOOT, fullHeartbeat, heartbeat, padded } from './journal-heartbeats.ts';
import { openJournal, segmentsOf, sequences } from './journal-opened.ts';

const ABOUT = { isEvent: false, atMs: 7, wallMs: 9 };
const RECORDS = 12;

/** A segment of records, and where each of them begins. */
function written(): { segment: Buffer; starts: number[]; name: string } {
  const directory = tempDir();
  const { journal } = openJournal(directory);
  for (let seq = 1; seq <= RECORDS; seq += 1) journal.append(padded(seq, 40 + seq * 30));
  journal.sync();
  const [path = ''] = segmentsOf(directory);
  const segment = readFileSync(path);
  const starts = scanSegment(segment).records.map(({ offset }) => offset);
  expect(starts).toHaveLength(RECORDS);
  return { segment, starts, name: '00000003.seg' };
}

describe('a damaged journal', () => {
  it('cuts a torn tail off, wherever the tear is, counts it, and keeps the rest', () => {
    const { segment, starts, name } = written();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: segment.length }), (length) => {
        const directory = tempDir();
        writeFileSync(join(directory, name), segment.subarray(0, length));
        const ends = [...starts.slice(1), segment.length];
        const kept = ends.filter((end) => end <= length).length;
        const tornBytes = length - (ends[kept - 1] ?? 0);
        const { journal } = openJournal(directory);
        const numbers = Array.from({ length: kept }, (_, at) => at + 1);
        expect(sequences(journal)).toEqual(numbers);
        expect([journal.tornBytes, journal.damagedBytes]).toEqual([tornBytes, tornBytes]);
        expect(journal.droppedHeartbeats).toBe(tornBytes > 0 ? 1 : 0);
        journal.append(heartbeat(99));
        const again = openJournal(directory).journal;
        expect(sequences(again)).toEqual([...numbers, 99]);
        // It was repaired: nothing is found, and nothing counted, a second time.
        expect(again.damagedBytes).toBe(0);
        expect(again.droppedHeartbeats).toBe(tornBytes > 0 ? 1 : 0);
      }),
      { seed: fuzzSeed('torn journal'), numRuns: 80 },
    );
  });

  it('loses one record to a changed byte, whichever it is, and counts that one', () => {
    const { segment, starts, name } = written();
    fc.assert(
      fc.property(
        fc.nat(segment.length - 1),
        fc.integer({ min: 1, max: 255 }),
        (place, flipped) => {
          const directory = tempDir();
          const altered = Buffer.from(segment);
          altered[place] = (altered[place] ?? 0) ^ flipped;
          writeFileSync(join(directory, name), altered);
          const hit = starts.findLastIndex((start) => start <= place) + 1;
          const { journal } = openJournal(directory);
          const left = Array.from({ length: RECORDS }, (_, at) => at + 1).filter(
            (seq) => seq !== hit,
          );
          expect(sequences(journal)).toEqual(left);
          expect(journal.droppedHeartbeats).toBe(1);
          expect([...journal.unacked()].map((entry) => journal.read(entry))).toEqual(
            left.map((seq) => padded(seq, 40 + seq * 30)),
          );
          const again = openJournal(directory).journal;
          expect([again.lag, again.droppedHeartbeats]).toEqual([RECORDS - 1, 1]);
        },
      ),
      { seed: fuzzSeed('altered journal'), numRuns: 150 },
    );
  });

  it('finds what is sound behind zeros, foreign bytes and a segment put into another', () => {
    const { segment, starts } = written();
    const [, second = 0, third = 0] = starts;
    const mixed = Buffer.concat([
      segment.subarray(0, second),
      Buffer.alloc(5_000),
      segment.subarray(second, third - 1),
      segment.subarray(third),
    ]);
    const scan = scanSegment(mixed);
    expect(scan.records.map(({ seq }) => seq)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    // The zeros have no head of a record: they count as one, and so does the one that lost its end.
    expect([scan.damagedRecords, scan.tornBytes]).toEqual([2, 0]);
    expect(scan.damagedBytes).toBe(5_000 + third - 1 - second);
    expect(decodeRecords(mixed).soundBytes).toBe(mixed.length - scan.damagedBytes);
  });

  it('notices a byte that changes while it runs, loses that heartbeat and no other', () => {
    const directory = tempDir();
    const { journal } = openJournal(directory);
    for (let seq = 1; seq <= 5; seq += 1) journal.append(padded(seq, 500));
    const [path = ''] = segmentsOf(directory);
    const bytes = readFileSync(path);
    const at = (scanSegment(bytes).records[2]?.offset ?? 0) + HEADER_BYTES + 9;
    bytes[at] = (bytes[at] ?? 0) ^ 4;
    writeFileSync(path, bytes);
    const read = [...journal.unacked()].map((entry) => journal.read(entry)?.seq);
    expect(read).toEqual([1, 2, undefined, 4, 5]);
    expect([sequences(journal), journal.droppedHeartbeats]).toEqual([[1, 2, 4, 5], 1]);
    journal.ack(BOOT, [[1, 5]]);
    expect(journal.droppedHeartbeats).toBe(1);
  });

  it('goes on behind a file that was emptied or filled with somebody’s text', () => {
    const directory = tempDir();
    const first = openJournal(directory).journal;
    first.append(heartbeat(1));
    const [path = ''] = segmentsOf(directory);
    truncateSync(path, 0);
    const second = openJournal(directory).journal;
    expect([second.lag, second.droppedHeartbeats]).toEqual([0, 0]);
    second.append(heartbeat(2));
    for (const each of segmentsOf(directory)) appendFileSync(each, 'Здесь был кто-то');
    const third = openJournal(directory).journal;
    expect([sequences(third), third.droppedHeartbeats]).toEqual([[2], 1]);
  });
});

describe('a record', () => {
  it('takes an eighth to a third of its text, and a header', () => {
    for (const [cameras, share] of [
      [1, 0.4],
      [25, 0.2],
    ] as const) {
      const text = JSON.stringify(fullHeartbeat(5, cameras));
      const record = encodeRecord(fullHeartbeat(5, cameras), ABOUT);
      expect((record.length - HEADER_BYTES) / Buffer.byteLength(text)).toBeLessThan(share);
    }
  });

  it('says what its heartbeat is without being unpacked', () => {
    const record = encodeRecord(heartbeat(Number.MAX_SAFE_INTEGER), { ...ABOUT, isEvent: true });
    expect(scanSegment(record).records).toEqual([
      {
        bootId: BOOT,
        seq: Number.MAX_SAFE_INTEGER,
        isEvent: true,
        atMs: 7,
        wallMs: 9,
        offset: 0,
        bytes: record.length,
      },
    ]);
  });

  it('is never made of anything but what was written', () => {
    const recorded = [1, 2, 3].map((seq) => encodeRecord(padded(seq, 100), ABOUT));
    const sound = new Set([1, 2, 3].map((seq) => JSON.stringify(padded(seq, 100))));
    fuzzed('journal records', [...recorded, Buffer.concat(recorded)], (bytes) => {
      const { records, soundBytes } = decodeRecords(bytes);
      expect(soundBytes).toBe(records.reduce((sum, each) => sum + each.bytes, 0));
      for (const each of records) expect(sound).toContain(JSON.stringify(each.heartbeat));
      const one = decodeRecord(bytes);
      if (one) expect(sound).toContain(JSON.stringify(one));
    });
  });
});
