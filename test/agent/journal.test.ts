import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../agent/src/journal/journal.ts';
import { tempDir } from '../support/temp-dir.ts';
import { BOOT, fullHeartbeat, heartbeat, padded } from './journal-heartbeats.ts';
import { openJournal, segmentsOf, sequences } from './journal-opened.ts';

describe('journal', () => {
  it('gives back what was written, oldest first, until it is acked', () => {
    const { journal } = openJournal(tempDir());
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
    expect([1, 3, 4, 5, 6].map((seq) => journal.isUnacked(BOOT, seq))).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(journal.read({ bootId: BOOT, seq: 4 })).toBeUndefined();
    expect(journal.ack('0'.repeat(16), [[1, 1e9]])).toBe(0);
    expect(journal.ack(BOOT, [[1, Number.MAX_SAFE_INTEGER]])).toBe(2);
    expect(journal.lag).toBe(0);
  });

  it('gives a full heartbeat back as it was, letters of any language included', () => {
    const { journal } = openJournal(tempDir());
    const said = fullHeartbeat(3, 25);
    const foreign = { ...said, seq: 4, mode: 'тихо' } as unknown as typeof said;
    journal.append(said);
    journal.append(foreign);
    expect([...journal.unacked()].map((entry) => journal.read(entry))).toEqual([said, foreign]);
  });

  it('takes heartbeats of several boots in any mixture, and numbers with gaps', () => {
    const { journal } = openJournal(tempDir());
    const boots = ['a'.repeat(16), 'b'.repeat(16), 'c'.repeat(16)];
    const written: [string, number][] = [];
    for (let seq = 1; seq <= 900; seq += seq % 7 === 0 ? 3 : 1) {
      for (const bootId of boots) {
        if ((seq + bootId.charCodeAt(0)) % 5 === 0) continue;
        journal.append(heartbeat(seq, { bootId }));
        written.push([bootId, seq]);
      }
    }
    const left = (): [string, number][] =>
      [...journal.unacked()].map(({ bootId, seq }) => [bootId, seq]);
    expect(left()).toEqual(written);
    journal.ack(boots[1] ?? '', [
      [10, 200],
      [300, 1e12],
    ]);
    const expected = written.filter(
      ([bootId, seq]) => bootId !== boots[1] || seq < 10 || (seq > 200 && seq < 300),
    );
    expect(left()).toEqual(expected);
    expect(journal.lag).toBe(expected.length);
    for (const [bootId, seq] of expected) expect(journal.read({ bootId, seq })?.seq).toBe(seq);
  });

  it('has after the agent’s death everything that was not acked', () => {
    const directory = tempDir();
    const first = openJournal(directory).journal;
    for (let seq = 1; seq <= 4; seq += 1) first.append(heartbeat(seq));
    // No close: the process is gone.
    const second = openJournal(directory).journal;
    expect(sequences(second)).toEqual([1, 2, 3, 4]);
    second.append(heartbeat(1, { bootId: 'b'.repeat(16) }));
    expect(second.lag).toBe(5);
  });

  it('frees whole segments as they are acked, and its last one when it is closed', () => {
    const directory = tempDir();
    const { journal } = openJournal(directory, { maxBytes: 4_000_000 });
    for (let seq = 1; seq <= 1_200; seq += 1) journal.append(padded(seq, 3_000));
    expect(segmentsOf(directory).length).toBeGreaterThan(2);
    journal.ack(BOOT, [[1, 1_199]]);
    expect(segmentsOf(directory)).toHaveLength(1);
    journal.ack(BOOT, [[1_200, 1_200]]);
    journal.close();
    expect(segmentsOf(directory)).toEqual([]);
    expect(openJournal(directory).journal.droppedHeartbeats).toBe(0);
  });

  it('sends little again after a death of one that was acked all the time', () => {
    const directory = tempDir();
    const { journal } = openJournal(directory);
    for (let seq = 1; seq <= 500; seq += 1) {
      journal.append(padded(seq, 3_000));
      journal.ack(BOOT, [[seq, seq]]);
    }
    expect(journal.bytes).toBeLessThan(70_000);
    const again = openJournal(directory).journal;
    expect(again.lag).toBeLessThan(40);
    expect(sequences(again).at(-1) ?? 500).toBe(500);
  });

  it('lets acks come while its backlog is walked through', () => {
    const { journal } = openJournal(tempDir(), { maxBytes: 1_000_000 });
    for (let seq = 1; seq <= 300; seq += 1) journal.append(padded(seq, 1_000));
    const seen: number[] = [];
    for (const { seq } of journal.unacked()) {
      seen.push(seq);
      journal.ack(BOOT, [[seq, seq + 9]]);
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, at) => 1 + at * 10));
    expect(journal.lag).toBe(0);
  });

  it('goes on in a new segment once one can be opened again, and loses nothing meanwhile', () => {
    const directory = tempDir();
    const { journal } = openJournal(directory, { maxBytes: 1_000_000 });
    // Another file cannot be opened where a folder is.
    mkdirSync(join(directory, '00000002.seg'));
    let seq = 0;
    const fill = (): void => {
      while (seq < 120) {
        seq += 1;
        journal.append(padded(seq, 3_000));
      }
    };
    expect(fill).toThrow('EISDIR');
    expect(journal.failure).toBe('EISDIR');
    const failedAt = seq;
    expect(failedAt).toBeGreaterThan(1);
    // The number of the file that was closed belongs to somebody else by now.
    const other = openSync(join(directory, 'other'), 'w');
    seq += 1;
    expect(() => journal.append(padded(seq, 3_000))).toThrow('EISDIR');
    expect(() => writeSync(other, 'mine')).not.toThrow();
    closeSync(other);
    // What waits for the disk is delivered and acked like the rest.
    expect(journal.read({ bootId: BOOT, seq: failedAt })).toEqual(padded(failedAt, 3_000));
    expect(journal.ack(BOOT, [[failedAt, failedAt]])).toBe(1);
    rmdirSync(join(directory, '00000002.seg'));
    fill();
    journal.sync();
    expect(journal.failure).toBeUndefined();
    expect(journal.lag).toBe(119);
    const again = openJournal(directory, { maxBytes: 1_000_000 }).journal;
    expect(sequences(again)).toEqual(sequences(journal));
    expect(again.droppedHeartbeats).toBe(0);
  });

  it('keeps what the disk does not take in bounds, oldest non-event first, and counts it', () => {
    const directory = tempDir();
    const { journal } = openJournal(directory);
    mkdirSync(join(directory, '00000001.seg'));
    for (let seq = 1; seq <= 1_000; seq += 1) {
      const verdict = seq % 100 < 2 ? 'fail' : 'ok';
      expect(() => journal.append(padded(seq, 3_000, verdict))).toThrow('EISDIR');
    }
    const kept = sequences(journal);
    expect(journal.lag).toBe(kept.length);
    expect(kept.length + journal.droppedHeartbeats).toBe(1_000);
    expect(kept.length).toBeGreaterThan(400);
    // The old ones that are left are those in which something changed.
    expect(kept.slice(0, 5)).toEqual([1, 2, 100, 102, 200]);
    rmdirSync(join(directory, '00000001.seg'));
    journal.append(padded(1_001, 3_000));
    journal.close();
    const again = openJournal(directory).journal;
    expect(sequences(again)).toEqual([...kept, 1_001]);
    expect(again.droppedHeartbeats).toBe(1_000 - kept.length);
    expect(again.damagedBytes).toBe(0);
  });

  it('passes over files that are not its own, and throws where there is no folder', () => {
    const directory = tempDir();
    writeFileSync(join(directory, 'notes.seg'), 'not mine');
    writeFileSync(join(directory, '00000007.seg.new'), 'half');
    writeFileSync(join(directory, 'dropped.json'), '{"heartbeats":"many"}');
    writeFileSync(join(directory, 'boots.json'), '[{"bootId":1},null,{"bootId":"x"}]');
    const { journal } = openJournal(directory);
    expect([journal.lag, journal.droppedHeartbeats, journal.boots]).toEqual([0, 0, []]);
    expect(readdirSync(directory)).not.toContain('00000007.seg.new');
    expect(readFileSync(join(directory, 'notes.seg'), 'utf8')).toBe('not mine');
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(() => new Journal(file, { maxBytes: 1e6, maxAgeMs: 1e9 })).toThrow('EEXIST');
  });

  it('counts as lost what somebody removed under it, and does not stick to it', () => {
    const directory = tempDir();
    const { journal } = openJournal(directory);
    for (let seq = 1; seq <= 3; seq += 1) journal.append(heartbeat(seq));
    for (const path of segmentsOf(directory)) rmSync(path);
    expect([...journal.unacked()].map((entry) => journal.read(entry))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([journal.lag, journal.droppedHeartbeats]).toEqual([0, 3]);
  });
});
