import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Heartbeat } from '@ppe-pulse/protocol';
import { Journal } from '../../agent/src/journal/journal.ts';
import { tempDir } from '../support/temp-dir.ts';

const BOOT = '00000000000000b1';

function heartbeat(seq: number, padding = ''): Heartbeat {
  return {
    type: 'heartbeat',
    bootId: BOOT,
    seq,
    delivery: 'live',
    wallMs: 1_715_740_919_760 + seq * 5_000,
    monotonicMs: seq * 5_000,
    mode: 'prep',
    journalLag: 0,
    metrics: { 'net.rtt.ms': seq },
    verdicts:
      padding === ''
        ? []
        : [{ id: 'net.rtt', verdict: 'ok', reason: 'ok', evidence: { padding }, ageMs: 0 }],
  };
}

function open(directory: string, maxBytes = 10_000_000): Journal {
  const journal = new Journal(directory, maxBytes);
  onTestFinished(() => journal.close());
  return journal;
}

const sequences = (journal: Journal): number[] => [...journal.unacked()].map((entry) => entry.seq);

describe('journal', () => {
  it('gives back what was written, oldest first, until it is acked', () => {
    const journal = open(tempDir());
    for (let seq = 1; seq <= 5; seq += 1) journal.append(heartbeat(seq));
    expect([...journal.unacked()].map((entry) => journal.read(entry))).toEqual(
      [1, 2, 3, 4, 5].map((seq) => heartbeat(seq)),
    );
    expect(
      journal.ack(BOOT, [
        [1, 2],
        [4, 4],
      ]),
    ).toBe(3);
    expect(sequences(journal)).toEqual([3, 5]);
    expect(journal.ack('0'.repeat(16), [[1, 1e9]])).toBe(0);
    expect(journal.ack(BOOT, [[1, Number.MAX_SAFE_INTEGER]])).toBe(2);
    expect(journal.lag).toBe(0);
  });

  it('goes on in a new segment once one can be opened again', () => {
    const directory = tempDir();
    const journal = open(directory);
    // Another file cannot be opened where a folder is.
    mkdirSync(join(directory, '00000002.seg'));
    const big = 'x'.repeat(100_000);
    let seq = 0;
    const fill = (): void => {
      for (; seq < 40;) {
        journal.append(heartbeat(seq + 1, big));
        seq += 1;
      }
    };
    expect(fill).toThrow('EISDIR');
    const kept = seq;
    expect(() => journal.append(heartbeat(99))).toThrow('EISDIR');
    // The number of the file that was closed belongs to somebody else by now.
    const other = openSync(join(directory, 'other'), 'w');
    expect(() => journal.append(heartbeat(99))).toThrow('EISDIR');
    expect(() => writeSync(other, 'mine')).not.toThrow();
    closeSync(other);
    rmdirSync(join(directory, '00000002.seg'));
    fill();
    journal.sync();
    expect(journal.lag).toBe(40);
    expect(kept).toBeGreaterThan(0);
  });

  it('has after the agent’s death everything that was not acked', () => {
    const directory = tempDir();
    const first = new Journal(directory, 10_000_000);
    for (let seq = 1; seq <= 4; seq += 1) first.append(heartbeat(seq));
    // No close: the process is gone.
    const second = open(directory);
    expect(sequences(second)).toEqual([1, 2, 3, 4]);
    second.append({ ...heartbeat(1), bootId: 'b'.repeat(16) });
    expect(second.lag).toBe(5);
    first.close();
  });

  it('cuts a torn tail off, wherever the tear is, and keeps the rest', () => {
    const directory = tempDir();
    const journal = open(directory);
    for (const seq of [2, 3, 4]) journal.append(heartbeat(seq));
    journal.close();
    const [name = ''] = readdirSync(directory);
    const whole = readFileSync(join(directory, name));
    const recordBytes = whole.length / 3;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length }), (length) => {
        const torn = tempDir();
        writeFileSync(join(torn, name), whole.subarray(0, length));
        const again = new Journal(torn, 10_000_000);
        const kept = Math.floor(length / recordBytes);
        expect(sequences(again)).toEqual([2, 3, 4].slice(0, kept));
        expect(again.tornBytes).toBe(length - kept * recordBytes);
        again.append(heartbeat(9));
        again.close();
        const third = new Journal(torn, 10_000_000);
        expect(sequences(third)).toEqual([...[2, 3, 4].slice(0, kept), 9]);
        third.close();
      }),
      { seed: 72, numRuns: 60 },
    );
  });

  it('does not believe a record whose bytes were altered', () => {
    const directory = tempDir();
    const journal = open(directory);
    journal.append(heartbeat(1));
    journal.close();
    const path = join(directory, readdirSync(directory)[0] ?? '');
    const bytes = readFileSync(path);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    appendFileSync(path, Buffer.alloc(100, 7));
    expect(open(directory).lag).toBe(0);
  });

  it('stays in its bounds, drops the oldest segment first and counts what is lost', () => {
    const directory = tempDir();
    const journal = open(directory, 3_000_000);
    const padding = 'p'.repeat(80);
    const record = Buffer.byteLength(JSON.stringify(heartbeat(1, padding)));
    const written = Math.ceil(8_000_000 / record);
    for (let seq = 1; seq <= written; seq += 1) journal.append(heartbeat(seq, padding));
    const kept = sequences(journal);
    expect(kept.at(-1)).toBe(written);
    expect(kept[0]).toBeGreaterThan(1);
    expect(journal.droppedHeartbeats).toBe(written - kept.length);
    const bytes = readdirSync(directory).reduce(
      (sum, name) => sum + readFileSync(join(directory, name)).length,
      0,
    );
    expect(bytes).toBeLessThanOrEqual(3_000_000 + record);
  });

  it('frees whole segments as they are acked', () => {
    const directory = tempDir();
    const journal = open(directory, 100_000_000);
    const padding = 'p'.repeat(80);
    for (let seq = 1; seq <= 12_000; seq += 1) journal.append(heartbeat(seq, padding));
    const before = readdirSync(directory).length;
    expect(before).toBeGreaterThan(2);
    journal.ack(BOOT, [[1, 12_000]]);
    expect(readdirSync(directory)).toHaveLength(1);
  });
});
