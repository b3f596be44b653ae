import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Actor } from './actor.ts';
import { canMount, SmallDisk } from './disk.ts';
import { startKeeper, type Keeper } from './keeper.ts';

const sleeper = (keeper: Keeper, ends: (number | null)[]): Actor =>
  new Actor({
    name: 'sleeper',
    command: 'sleep',
    args: ['1000'],
    env: {},
    keeper,
    logPath: join(keeper.folder, 'sleeper.log'),
    onOwnEnd: (code) => void ends.push(code),
  });

describe('the keeper of a run', () => {
  it('ends what the run has started, stopped processes too, and nothing else', async () => {
    const other = spawn('sleep', ['1000'], { stdio: 'ignore' });
    onTestFinished(() => void other.kill('SIGKILL'));
    const keeper = startKeeper();
    const ends: (number | null)[] = [];
    const actor = sleeper(keeper, ends);
    actor.start();
    actor.pause();
    writeFileSync(join(keeper.folder, 'file'), '');
    await keeper.close();
    await expect.poll(() => ends).toEqual([null]);
    expect(existsSync(keeper.folder)).toBe(false);
    expect(other.exitCode).toBeNull();
    expect(() => actor.start()).toThrow('the run is over');
  });

  it.skipIf(!canMount)('unmounts the disks of the run', async () => {
    const keeper = startKeeper();
    const disk = new SmallDisk(join(keeper.folder, 'disk'), keeper);
    disk.fill();
    expect(() => writeFileSync(join(disk.path, 'more'), 'x'.repeat(5_000))).toThrow('ENOSPC');
    disk.free();
    writeFileSync(join(disk.path, 'more'), 'x'.repeat(5_000));
    await keeper.close();
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(keeper.folder);
    expect(existsSync(keeper.folder)).toBe(false);
  });

  it('tells a process that ended by itself from one that was asked to', async () => {
    const keeper = startKeeper();
    onTestFinished(() => keeper.close());
    const ends: (number | null)[] = [];
    const actor = sleeper(keeper, ends);
    actor.start();
    await actor.stop();
    actor.start();
    await actor.kill();
    expect(ends).toEqual([]);
    actor.start();
    const { pid } = actor;
    if (pid === undefined) throw new Error('it has no process id');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => ends).toEqual([null]);
    expect(actor.isRunning).toBe(false);
  });
});
