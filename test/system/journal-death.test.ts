import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../agent/src/journal/journal.ts';
import { fuzzSeed } from '../support/fuzz.ts';
import { start, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { generator } from '../agent/journal-heartbeats.ts';

const ROUNDS = 12;
/** Small enough that segments are closed, rewritten and dropped all the time. */
const MAX_BYTES = 1_000_000;
/** A segment is an eighth of that, a heartbeat of the writer takes at least 200 bytes. */
const SEGMENT_HEARTBEATS = MAX_BYTES / 8 / 200;
const WRITER = join(import.meta.dirname, 'journal-writer.mjs');

describe('kill -9 of an agent that fills its journal', () => {
  it(
    'loses nothing that was written but what it counted, and gives back what it has',
    { timeout: 120_000 },
    async () => {
      const random = generator(fuzzSeed('journal death'));
      const directory = tempDir();
      /** What was told to be in the journal, and was not acked. */
      const due = new Map<string, number[]>();
      let written = 0;
      let dropped = 0;
      // A busy machine writes less in a round: then there are more of them.
      for (let round = 1; round <= ROUNDS || (dropped <= 100 && round <= 5 * ROUNDS); round += 1) {
        const bootId = round.toString(16).padStart(16, '0');
        const writer = start(WRITER, [directory, bootId, String(MAX_BYTES)]);
        await until(
          () => writer.output() !== '' || writer.process.exitCode !== null,
          'a heartbeat',
        );
        const dieAtMs = performance.now() + random() * 600;
        await until(() => performance.now() > dieAtMs, 'the moment of death');
        writer.kill();
        await writer.ended;
        expect(writer.errors()).toBe('');
        const told = writer.output().trim().split('\n').map(Number);
        expect(told).toEqual(told.map((_, at) => at + 1));
        due.set(
          bootId,
          told.filter((seq) => (seq - 1) % 300 < 200 || Math.ceil(seq / 300) * 300 > told.length),
        );
        written += told.length;

        const journal = new Journal(directory, { maxBytes: MAX_BYTES, maxAgeMs: 86_400_000 });
        const kept = new Set([...journal.unacked()].map((each) => `${each.bootId} ${each.seq}`));
        const missing = [...due].flatMap(([boot, numbers]) =>
          numbers.filter((seq) => !kept.has(`${boot} ${seq}`)),
        );
        expect(missing.length).toBeLessThanOrEqual(journal.droppedHeartbeats);
        dropped = journal.droppedHeartbeats;
        // A death between the count and the drop counts a segment twice, and one heartbeat may be
        // written and not told.
        expect(dropped + kept.size).toBeLessThanOrEqual(written + round * (SEGMENT_HEARTBEATS + 1));
        expect(journal.bytes).toBeLessThanOrEqual(MAX_BYTES + 200_000);
        const order = [...journal.unacked()].map((each) => each.bootId);
        expect(order).toEqual(order.toSorted());
        for (const entry of journal.unacked())
          expect(journal.read(entry)).toMatchObject({ bootId: entry.bootId, seq: entry.seq });
        // The table of boots has the true order, however little time there was to write it.
        const boots = journal.boots.map((each) => each.bootId);
        expect(boots).toEqual(boots.toSorted());
        expect(boots).toEqual(expect.arrayContaining([...new Set(order)]));
      }
      // The rounds were long enough to see what a full journal does.
      expect(dropped).toBeGreaterThan(100);
    },
  );
});
