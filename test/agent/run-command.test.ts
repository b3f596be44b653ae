import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand, type Command } from '../../agent/src/child/run-command.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const MB = 1024 * 1024;

function isAlive(pid: number): boolean {
  try {
    // A zombie has ended: only its parent has not looked yet.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

describe('a command', () => {
  const kept = { kind: 'kept', maxBytes: 1_000 } as const;
  const run = (args: readonly string[], more: Partial<Command> = {}) =>
    runCommand({ program: '/bin/sh', args, deadlineMs: 5_000, output: kept, ...more });

  it('tells its code, words and bytes, and sees nothing of our environment', async () => {
    const script = 'echo "$LC_ALL:$SECRET:$GIVEN"; echo oh >&2; exit 7';
    process.env.SECRET = 'ours';
    onTestFinished(() => {
      delete process.env.SECRET;
    });
    const outcome = await run(['-c', script], { env: { GIVEN: 'yes' } });
    expect(outcome).toMatchObject({ kind: 'ended', code: 7, stdout: 'C::yes\n', stderr: 'oh\n' });
    expect(outcome).toMatchObject({ bytes: 7 });
    expect(await run(['-c', 'kill -TERM $$'])).toMatchObject({ kind: 'ended', code: 143 });
  });

  it('hands its arguments over as they are', async () => {
    const odd = '$(id) `id` ; | > "x" \'y\' %PATH% \n é';
    const outcome = await runCommand({
      program: 'printf',
      args: ['%s', odd],
      deadlineMs: 5_000,
      output: kept,
    });
    expect(outcome).toMatchObject({ kind: 'ended', stdout: odd });
  });

  it('that is not there, or may not be run, or cannot even be asked for, is not found', async () => {
    const file = join(tempDir(), 'plain.txt');
    writeFileSync(file, 'words');
    const start = (program: string, arg = '') =>
      runCommand({ program, args: [arg], deadlineMs: 5_000, output: kept });
    expect(await start('no-such-program')).toEqual({ kind: 'notFound', code: 'ENOENT' });
    expect(await start(file)).toEqual({ kind: 'notFound', code: 'EACCES' });
    expect(await start('echo', 'a\0b')).toMatchObject({ kind: 'notFound' });
  });

  it('that hangs is killed at its deadline with everything that it started', async () => {
    const file = join(tempDir(), 'pids');
    // Deaf to polite requests, and so is its child.
    const script = `trap '' TERM HUP; sleep 300 & echo "$$ $!" > ${file}; echo begun >&2; wait`;
    const startMs = performance.now();
    const outcome = await run(['-c', script], { deadlineMs: 500 });
    const tookMs = performance.now() - startMs;
    expect(outcome).toEqual({ kind: 'deadline', stderr: 'begun\n', bytes: 0 });
    expect(tookMs).toBeGreaterThan(480);
    expect(tookMs).toBeLessThan(1_000);
    const pids = readFileSync(file, 'utf8').trim().split(' ').map(Number);
    expect(pids).toHaveLength(2);
    await until(() => !pids.some(isAlive), 'both processes have ended', 2_000);
  });

  it('ends when its signal says so, and does not begin when it has', async () => {
    const controller = new AbortController();
    const running = run(['-c', 'sleep 300'], { signal: controller.signal });
    controller.abort();
    expect(await running).toMatchObject({ kind: 'deadline' });
    expect(await run(['-c', 'exit 3'], { signal: controller.signal })).toMatchObject({
      kind: 'deadline',
    });
  });

  it('that talks without end is cut and killed, its complaints are only cut', async () => {
    const cut = await runCommand({ program: 'yes', args: [], deadlineMs: 5_000, output: kept });
    expect(cut).toMatchObject({ kind: 'tooMuch', bytes: 1_000 });
    const loud = await run(['-c', 'yes | head -c 5000000 >&2; exit 4']);
    expect(loud).toMatchObject({ kind: 'ended', code: 4 });
    expect(loud.kind === 'ended' && loud.stderr.length).toBe(16_384);
  });

  it('can have its output counted or passed on, and none of it kept', async () => {
    const zeros = (output: Command['output']) =>
      runCommand({
        program: 'head',
        args: ['-c', '30000000', '/dev/zero'],
        deadlineMs: 10_000,
        output,
      });
    const counted = await zeros({ kind: 'counted', maxBytes: 64 * MB });
    expect(counted).toMatchObject({ kind: 'ended', code: 0, bytes: 30_000_000, stdout: '' });
    let seen = 0;
    const onChunk = (chunk: Buffer): void => {
      seen += chunk.length;
    };
    expect(await zeros({ kind: 'passed', maxBytes: MB, onChunk })).toMatchObject({
      kind: 'tooMuch',
      bytes: MB,
    });
    expect(seen).toBe(MB);
  });

  it('is not waited for when only its background process holds the pipe', async () => {
    const startMs = performance.now();
    const outcome = await run(['-c', 'sleep 300 & echo done']);
    expect(outcome).toMatchObject({ kind: 'ended', code: 0, stdout: 'done\n' });
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });
});
