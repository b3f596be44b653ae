import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, onTestFinished } from 'vitest';
import { Journal } from '../../agent/src/journal/journal.ts';
import { BOOT, fullHeartbeat } from '../agent/journal-heartbeats.ts';
import { isShort, tell, tellSpread } from './figures.ts';

/** 72 hours at 5 s. */
const HEARTBEATS = isShort ? 5_184 : 51_840;
const DIFFERENT = 240;
const SYNCED = isShort ? 100 : 1_000;
const BATCHES = 200;
const OPENED = 5;
const OPTIONS = { maxBytes: 268_435_456, maxAgeMs: 14 * 86_400_000 };
const samples = Array.from({ length: DIFFERENT }, (_, at) => fullHeartbeat(at + 1));

function beat(seq: number) {
  const sample = samples[seq % DIFFERENT];
  if (!sample) throw new Error('no sample');
  return { ...sample, seq, monotonicMs: seq * 5_000 };
}

/** A folder that goes with the test, and a journal in it. */
function openNew(): { directory: string; journal: Journal } {
  const directory = mkdtempSync(join(tmpdir(), 'ppe-pulse-bench-'));
  const journal = new Journal(directory, OPTIONS);
  onTestFinished(() => {
    journal.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return { directory, journal };
}

function timedMicroseconds(work: () => void): number {
  const startMs = performance.now();
  work();
  return (performance.now() - startMs) * 1_000;
}

function fill(journal: Journal, from: number, to: number): void {
  for (let seq = from; seq <= to; seq += 1) journal.append(beat(seq));
}

describe('the journal of an agent', () => {
  it('takes a heartbeat', () => {
    const { journal } = openNew();
    fill(journal, 1, 500);
    const appended: number[] = [];
    const synced: number[] = [];
    for (let seq = 501; seq <= 500 + SYNCED; seq += 1) {
      appended.push(timedMicroseconds(() => journal.append(beat(seq))));
      synced.push(timedMicroseconds(() => journal.sync()));
    }
    const note = 'a full heartbeat of ~3.3 kB';
    // An agent that appends every 5 s may spend a thousandth of its half percent on it.
    tellSpread('journal: append', appended, 'µs', { median: 500, p90: 1_000, note });
    tellSpread('journal: sync to the disk', synced, 'µs', { median: null, p90: null, note });
  });

  it('frees what is acked, while 72 hours wait', () => {
    const { directory, journal } = openNew();
    const filledMs = timedMicroseconds(() => fill(journal, 1, HEARTBEATS)) / 1_000;
    tell('journal: heartbeats written a second', (HEARTBEATS * 1_000) / filledMs, 'a second', {
      note: `${HEARTBEATS} in a row`,
    });
    tell('journal: bytes of a heartbeat on the disk', journal.bytes / HEARTBEATS, 'bytes', {
      // 72 hours in the default size.
      atMost: OPTIONS.maxBytes / 51_840,
    });
    journal.sync();
    tellOpening(directory);
    tell('journal: index of a heartbeat in memory', journal.indexBytes / HEARTBEATS, 'bytes', {
      atMost: 16,
    });
    const first = timedMicroseconds(() => void [...take(journal, 256)]);
    tell('journal: the 256 oldest found', first, 'µs', { atMost: 5_000 });
    const entries = [...take(journal, 256)];
    const read = entries.map((entry) => timedMicroseconds(() => void journal.read(entry)));
    tellSpread('journal: read back', read, 'µs', { median: 500, p90: null });
    const newest = Array.from({ length: BATCHES }, (_, at) =>
      timedMicroseconds(() => journal.ack(BOOT, [[HEARTBEATS - at, HEARTBEATS - at]])),
    );
    tellSpread('journal: ack of the newest', newest, 'µs', { median: 100, p90: 500 });
    const oldest = Array.from({ length: BATCHES }, (_, at) =>
      timedMicroseconds(() => journal.ack(BOOT, [[1 + at * 20, 20 + at * 20]])),
    );
    tellSpread('journal: ack of the 20 oldest', oldest, 'µs', { median: 100, p90: 1_000 });
    const all = timedMicroseconds(() => journal.ack(BOOT, [[1, HEARTBEATS]]));
    tell('journal: ack of all', all / 1_000, 'ms', { atMost: 200 });
  });
});

function tellOpening(directory: string): void {
  const opened = Array.from({ length: OPENED }, () => {
    const startMs = performance.now();
    const journal = new Journal(directory, OPTIONS);
    const tookMs = performance.now() - startMs;
    if (journal.lag !== HEARTBEATS) throw new Error(`${journal.lag} of ${HEARTBEATS} found`);
    return tookMs;
  });
  const note = `${HEARTBEATS} heartbeats that wait`;
  tellSpread('journal: opened', opened, 'ms', { median: 1_000, highest: 2_000, note });
}

function* take(journal: Journal, count: number) {
  let left = count;
  for (const entry of journal.unacked()) {
    if (left === 0) return;
    left -= 1;
    yield entry;
  }
}
