import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BOOT, heartbeat, padded } from '../agent/journal-heartbeats.ts';
import { openJournal, sequences } from '../agent/journal-opened.ts';
import { tempDir } from '../support/temp-dir.ts';

/** A disk of its own, as small as asked; `flags` change how it is mounted later. */
function smallDisk(bytes: number): { path: string; remount: (flags: string) => void } {
  const path = join(tempDir(), 'disk');
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'ppe-pulse-test', path]);
  onTestFinished(() => void execFileSync('umount', ['-l', path]));
  return {
    path,
    remount: (flags) => void execFileSync('mount', ['-o', `remount,${flags}`, path]),
  };
}

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!canMount())('a journal on a real disk (root, tmpfs)', () => {
  it('goes on when the disk is full, delivers from memory, and writes all down when it is not', () => {
    const disk = smallDisk(2_000_000);
    const directory = join(disk.path, 'journal');
    const { journal } = openJournal(directory);
    writeFileSync(join(disk.path, 'somebody else’s'), Buffer.alloc(1_500_000));
    const failures = new Set<string>();
    let refused = 0;
    for (let seq = 1; seq <= 900; seq += 1) {
      try {
        journal.append(padded(seq, 1_000));
        journal.sync();
      } catch {
        refused += 1;
        failures.add(journal.failure ?? 'none');
      }
    }
    expect([...failures]).toEqual(['ENOSPC']);
    expect(refused).toBeGreaterThan(100);
    expect([journal.lag, journal.droppedHeartbeats]).toEqual([900, 0]);
    for (const entry of journal.unacked())
      expect(journal.read(entry)).toEqual(padded(entry.seq, 1_000));
    // What arrives meanwhile is freed, on the disk and in memory.
    journal.ack(BOOT, [
      [1, 10],
      [880, 899],
    ]);
    expect(journal.lag).toBe(870);
    rmSync(join(disk.path, 'somebody else’s'));
    journal.append(padded(901, 1_000));
    journal.sync();
    expect(journal.failure).toBeUndefined();
    const kept = sequences(journal);
    expect(kept).toHaveLength(871);
    expect(kept.at(-1)).toBe(901);
    // Death: all of it is on the disk, and no half record stands between.
    const again = openJournal(directory).journal;
    expect(again.damagedBytes).toBe(0);
    expect(sequences(again).slice(-871)).toEqual(
      expect.arrayContaining([...kept].filter((seq) => seq > 10)),
    );
    expect(again.droppedHeartbeats).toBe(0);
  });

  it('makes room for itself on a disk that is smaller than its limit, and counts what went', () => {
    const disk = smallDisk(3_000_000);
    const directory = join(disk.path, 'journal');
    const { journal } = openJournal(directory, { maxBytes: 100_000_000 });
    let seq = 0;
    for (; seq < 8_000;) {
      seq += 1;
      try {
        journal.append(padded(seq, 1_000));
      } catch {
        expect(journal.failure).toBe('ENOSPC');
      }
    }
    expect(journal.lag + journal.droppedHeartbeats).toBe(seq);
    expect(journal.droppedHeartbeats).toBeGreaterThan(1_000);
    const kept = sequences(journal);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
    expect(kept.at(-1)).toBe(seq);
    // Acks make the room.
    journal.ack(BOOT, [[1, seq - 100]]);
    journal.append(padded(seq + 1, 1_000));
    journal.sync();
    expect(journal.failure).toBeUndefined();
    const dropped = journal.droppedHeartbeats;
    journal.close();
    const again = openJournal(directory).journal;
    expect(again.droppedHeartbeats).toBe(dropped);
    expect(sequences(again).at(-1)).toBe(seq + 1);
  });

  it('opens on a read-only disk, delivers what is there and what is new, changes nothing', () => {
    const disk = smallDisk(4_000_000);
    const directory = join(disk.path, 'journal');
    const first = openJournal(directory).journal;
    for (let seq = 1; seq <= 5; seq += 1) first.append(heartbeat(seq));
    first.close();
    // Half a record, as a power cut leaves it.
    const [name = ''] = readdirSync(directory).filter((each) => each.endsWith('.seg'));
    writeFileSync(join(directory, name), 'half', { flag: 'a' });
    writeFileSync(join(directory, '00000009.seg.new'), 'half');
    const before = statSync(join(directory, name)).size;
    disk.remount('ro');
    const { journal } = openJournal(directory);
    expect([sequences(journal), journal.failure]).toEqual([[1, 2, 3, 4, 5], 'EROFS']);
    expect([journal.tornBytes, journal.droppedHeartbeats]).toEqual([4, 1]);
    const boot = 'b'.repeat(16);
    expect(() => journal.append(heartbeat(1, { bootId: boot }))).toThrow('EROFS');
    expect([...journal.unacked()].map((entry) => journal.read(entry)?.seq)).toEqual([
      1, 2, 3, 4, 5, 1,
    ]);
    expect(journal.ack(BOOT, [[1, 5]]) + journal.ack(boot, [[1, 1]])).toBe(6);
    expect(journal.lag).toBe(0);
    expect(statSync(join(directory, name)).size).toBe(before);
    expect(() => journal.close()).not.toThrow();
    disk.remount('rw');
    // Nothing of this could be written down: it is as it was, and comes again.
    expect(openJournal(directory).journal.lag).toBe(5);
  });
});
