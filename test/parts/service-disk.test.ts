import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../agent/src/platform/log.ts';
import { LogFile } from '../../agent/src/service/log-file.ts';
import { tempDir } from '../support/temp-dir.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

describe.skipIf(!isRoot)('the log of a service on a real disk (root, tmpfs)', () => {
  it('survives a full disk, counts what it did not take, and goes on when there is room', () => {
    const disk = join(tempDir(), 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400000', 'ppe-pulse-test', disk]);
    onTestFinished(() => void execFileSync('umount', ['-l', disk]));
    const path = join(disk, 'log', 'agent.log');
    const sink = new LogFile(path);
    onTestFinished(() => sink.close());
    const log = createLog('info', sink);
    log.info({ at: 0 }, 'before');
    writeFileSync(join(disk, 'somebody else’s'), Buffer.alloc(300_000));
    for (let at = 1; at <= 2_000; at += 1) log.info({ at }, 'a line of the day the disk was full');
    const { lost } = sink;
    expect(lost).toBeGreaterThan(500);
    rmSync(join(disk, 'somebody else’s'));
    log.info({ at: 2_001 }, 'after');
    expect(sink.lost).toBe(0);
    const written = readFileSync(path, 'utf8').trimEnd().split('\n');
    const counted = written.find((line) => line.includes('"lost":'));
    expect(JSON.parse(counted ?? '{}')).toMatchObject({ lost });
    // Whole lines, but for the one that the disk took half of.
    const kept = written.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line));
    expect(kept.length).toBeGreaterThanOrEqual(written.length - 1);
    expect(kept.at(-1)).toMatchObject({ at: 2_001 });
    expect(kept.length + lost).toBeGreaterThanOrEqual(2_002);
  });
});
