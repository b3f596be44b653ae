import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageClockAtStart } from '../../agent/src/journal/age-clock.ts';
import { VerdictChanges } from '../../agent/src/journal/verdict-changes.ts';
import { fuzzSeed } from '../support/fuzz.ts';
import { tempDir } from '../support/temp-dir.ts';
import { BOOT, heartbeat, padded } from './journal-heartbeats.ts';
import { openJournal, segmentsOf, sequences, TestClock } from './journal-opened.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MAX_BYTES = 1_000_000;

const bytesOf = (directory: string): number =>
  segmentsOf(directory).reduce((sum, path) => sum + statSync(path).size, 0);
const countIn = (directory: string): unknown =>
  (JSON.parse(readFileSync(join(directory, 'dropped.json'), 'utf8')) as { heartbeats: unknown })
    .heartbeats;
const isNews = (seq: number): boolean => seq % 50 === 0;
/** A verdict that goes bad with every fiftieth heartbeat and is well again with the next. */
const beat = (seq: number) => padded(seq, 1_500, isNews(seq) ? 'fail' : 'ok');
const isEvent = (seq: number): boolean => seq === 1 || isNews(seq) || isNews(seq - 1);

describe('a full journal', () => {
  it('stays in its bounds, drops the oldest non-events first and counts them', () => {
    const directory = tempDir();
    const { journal } = openJournal(directory, { maxBytes: MAX_BYTES });
    const written = 4_000;
    for (let seq = 1; seq <= written; seq += 1) {
      journal.append(beat(seq));
      expect(journal.bytes).toBeLessThanOrEqual(MAX_BYTES);
      // Written before anything went: a death right now would not forget it.
      if (journal.droppedHeartbeats > 0) expect(countIn(directory)).toBe(journal.droppedHeartbeats);
    }
    expect(bytesOf(directory)).toBe(journal.bytes);
    const kept = sequences(journal);
    expect(journal.droppedHeartbeats).toBe(written - kept.length);
    // Old: events only, all of them. New: everything.
    const events = Array.from({ length: written }, (_, at) => at + 1).filter(isEvent);
    expect(events.filter((seq) => !kept.includes(seq))).toEqual([]);
    const plain = kept.filter((seq) => !isEvent(seq));
    expect(plain[0]).toBeGreaterThan(written / 2);
    expect(plain.at(-1)).toBe(written - 1);
    const whole = kept.slice(kept.indexOf(plain[0] ?? 0));
    expect(whole).toEqual(Array.from({ length: whole.length }, (_, at) => (plain[0] ?? 0) + at));
    for (const entry of journal.unacked()) {
      expect(entry.isEvent).toBe(isEvent(entry.seq));
      expect(journal.read(entry)).toEqual(beat(entry.seq));
    }
  });

  it('lets the oldest events go only when there is nothing else', () => {
    const { journal } = openJournal(tempDir(), { maxBytes: MAX_BYTES });
    const flapping = (seq: number) => padded(seq, 1_500, seq % 2 === 0 ? 'fail' : 'ok');
    for (let seq = 1; seq <= 3_000; seq += 1) journal.append(flapping(seq));
    const kept = sequences(journal);
    expect(journal.bytes).toBeLessThanOrEqual(MAX_BYTES);
    expect(kept[0]).toBeGreaterThan(1);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, at) => (kept[0] ?? 0) + at));
    expect(journal.droppedHeartbeats).toBe(3_000 - kept.length);
  });

  it('does not count what was acked', () => {
    const { journal } = openJournal(tempDir(), { maxBytes: MAX_BYTES });
    for (let seq = 1; seq <= 3_000; seq += 1) {
      journal.append(beat(seq));
      // Every tenth is never acked: all segments have to stay.
      if (seq % 10 !== 0) journal.ack(BOOT, [[seq, seq]]);
    }
    const kept = sequences(journal);
    expect(kept.length + journal.droppedHeartbeats).toBe(300);
    expect(journal.bytes).toBeLessThanOrEqual(MAX_BYTES);
  });

  it('keeps the count over starts, and what was rewritten stays as it is', () => {
    const directory = tempDir();
    let written = 0;
    let dropped = 0;
    for (let start = 0; start < 4; start += 1) {
      const { journal } = openJournal(directory, { maxBytes: MAX_BYTES });
      expect(journal.droppedHeartbeats).toBe(dropped);
      expect(journal.lag).toBe(written - dropped);
      for (let each = 0; each < 1_200; each += 1) journal.append(beat((written += 1)));
      dropped = journal.droppedHeartbeats;
      expect(dropped + journal.lag).toBe(written);
      // Half of the starts end in death.
      if (start % 2 === 0) journal.close();
    }
    expect(dropped).toBeGreaterThan(1_000);
    expect(countIn(directory)).toBe(dropped);
    expect(readdirSync(directory).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('balances whatever comes: written = acked + kept + dropped, in order, within bounds', () => {
    const action = fc.oneof(
      { weight: 5, arbitrary: fc.record({ append: fc.integer({ min: 1, max: 200 }) }) },
      { weight: 2, arbitrary: fc.record({ ack: fc.tuple(fc.nat(2_000), fc.nat(300)) }) },
      { weight: 1, arbitrary: fc.constant({ reopen: true }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), fc.nat(7), (actions, news) => {
        const directory = tempDir();
        const open = () => openJournal(directory, { maxBytes: MAX_BYTES }).journal;
        let journal = open();
        let seq = 0;
        let known = 0;
        for (const each of actions) {
          if ('append' in each)
            for (let left = each.append; left > 0; left -= 1) {
              seq += 1;
              journal.append(padded(seq, 2_000, seq % (news + 2) === 0 ? 'warn' : 'ok'));
              known += 1;
            }
          else if ('ack' in each) {
            known -= journal.ack(BOOT, [[each.ack[0], each.ack[0] + each.ack[1]]]);
          } else {
            const dropped = journal.droppedHeartbeats;
            journal = open();
            // A death brings some of the acked ones back; they are sent and acked again.
            expect(journal.droppedHeartbeats).toBe(dropped);
            expect(journal.lag).toBeGreaterThanOrEqual(known - dropped);
            known = journal.lag + dropped;
          }
          const kept = sequences(journal);
          expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
          expect(kept.length).toBe(journal.lag);
          expect(journal.lag + journal.droppedHeartbeats).toBe(known);
          expect(journal.bytes).toBeLessThanOrEqual(MAX_BYTES);
        }
      }),
      { seed: fuzzSeed('journal balance'), numRuns: 12 },
    );
  });
});

describe('an old journal', () => {
  it('drops what is too old, events as well, and counts it', () => {
    const directory = tempDir();
    const { journal, clock } = openJournal(directory, { maxBytes: 2_000_000, maxAgeMs: DAY });
    for (let seq = 1; seq <= 3_000; seq += 1) {
      journal.append(beat(seq));
      clock.pass(60_000);
    }
    const kept = sequences(journal);
    const oldestKept = 3_000 - 24 * 60;
    expect(kept[0]).toBeLessThanOrEqual(oldestKept);
    // A segment goes as soon as its newest heartbeat is too old.
    expect(kept[0]).toBeGreaterThan(oldestKept - 300);
    expect(journal.droppedHeartbeats).toBe(3_000 - kept.length);
  });

  it('is not made older by any step of the wall clock while it runs', () => {
    const { journal, clock } = openJournal(tempDir(), { maxBytes: 2_000_000, maxAgeMs: DAY });
    for (let seq = 1; seq <= 1_000; seq += 1) {
      journal.append(beat(seq));
      clock.pass(5_000);
      clock.wall = seq % 2 === 0 ? 0 : 4e12;
    }
    expect([journal.lag, journal.droppedHeartbeats]).toEqual([1_000, 0]);
  });

  it('counts the time that the PC was off, and never more than half of its limit at a start', () => {
    const directory = tempDir();
    const maxAgeMs = 4 * DAY;
    const { journal, clock } = openJournal(directory, { maxAgeMs });
    journal.append(heartbeat(1));
    journal.close();
    const later = new TestClock();
    later.wall = clock.wall + 400 * DAY;
    const second = openJournal(directory, { maxAgeMs }, later).journal;
    second.append(heartbeat(2));
    expect(sequences(second)).toEqual([1, 2]);
    second.close();
    const third = new TestClock();
    third.wall = later.wall + 3 * DAY;
    const last = openJournal(directory, { maxAgeMs }, third).journal;
    // Two and two days count; an hour more, and the first is too old.
    last.append(heartbeat(3));
    expect(sequences(last)).toEqual([1, 2, 3]);
    third.pass(HOUR);
    last.append(heartbeat(4));
    expect([sequences(last), last.droppedHeartbeats]).toEqual([[2, 3, 4], 1]);
  });

  it('does not believe a wall clock that was never set, or that went back', () => {
    const newest = { atMs: 500, wallMs: 1_715_740_919_760 };
    expect(ageClockAtStart(undefined, newest.wallMs, DAY)).toBe(0);
    expect(ageClockAtStart(newest, newest.wallMs + HOUR, DAY)).toBe(500 + HOUR);
    expect(ageClockAtStart(newest, newest.wallMs + 9 * DAY, DAY)).toBe(500 + DAY);
    expect(ageClockAtStart(newest, newest.wallMs - HOUR, DAY)).toBe(500);
    expect(ageClockAtStart({ atMs: 500, wallMs: 86_400_000 }, newest.wallMs, DAY)).toBe(500);
    expect(ageClockAtStart(newest, 86_400_000, DAY)).toBe(500);
  });
});

describe('an event', () => {
  const said = (verdict: 'ok' | 'warn', bootId = BOOT, id = 'net.rtt') => ({
    bootId,
    verdicts: [{ id, verdict, reason: 'ok', evidence: {}, ageMs: 0 } as const],
  });

  it('is the first of a boot and each in which a verdict changed, for every boot apart', () => {
    const changes = new VerdictChanges();
    const other = 'b'.repeat(16);
    expect(changes.isEvent(said('ok'))).toBe(true);
    expect(changes.isEvent(said('ok'))).toBe(false);
    expect(changes.isEvent(said('warn', other))).toBe(true);
    expect(changes.isEvent(said('ok'))).toBe(false);
    expect(changes.isEvent(said('warn'))).toBe(true);
    expect(changes.isEvent(said('warn'))).toBe(false);
    expect(changes.isEvent(said('warn', other))).toBe(false);
  });

  it('is also one in which a check came or went, but not a new order or other numbers', () => {
    const changes = new VerdictChanges();
    const one = said('ok').verdicts[0];
    const two = said('ok', BOOT, 'net.loss').verdicts[0];
    if (!one || !two) throw new Error('no verdict');
    expect(changes.isEvent({ bootId: BOOT, verdicts: [one] })).toBe(true);
    expect(changes.isEvent({ bootId: BOOT, verdicts: [one, two] })).toBe(true);
    expect(changes.isEvent({ bootId: BOOT, verdicts: [two, { ...one, ageMs: 9 }] })).toBe(false);
    expect(changes.isEvent({ bootId: BOOT, verdicts: [two] })).toBe(true);
  });
});
