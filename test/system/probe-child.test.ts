import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ChildGoneError, ProbeHost, QuarantineError } from '../../agent/src/child/probe-host.ts';
import { KillRecord } from '../../agent/src/child/quarantine.ts';
import { DeadlineError } from '../../agent/src/platform/deadline.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

/** A child that does what the input says: hangs as native code does, dies, or answers. */
const UNRULY = `
process.on('message', ({ id, job, input }) => {
  process.send({ id, kind: 'started' });
  setImmediate(() => {
    if (input === 'hang') for (;;);
    if (input === 'die') process.exit(7);
    if (input === 'spawn') {
      const { pid } = require('node:child_process').spawn('sleep', ['60']);
      process.send({ id, kind: 'done', output: pid });
    } else if (input !== 'never') process.send({ id, kind: 'done', output: process.pid });
  });
});
process.on('disconnect', () => process.exit(0));
`;

function unrulyHost() {
  const script = join(tempDir(), 'child.cjs');
  writeFileSync(script, UNRULY);
  let nowMs = 0;
  const clock = { wallMs: () => nowMs, monotonicMs: () => nowMs };
  const host = new ProbeHost({ clock, log: createLog('silent'), script });
  onTestFinished(() => host.stop());
  return {
    host,
    pass: (ms: number) => (nowMs += ms),
    // Any job will do: the child does not look at it.
    ask: (input: string, deadlineMs = 5_000) =>
      host.run('winspool', input, deadlineMs) as Promise<unknown> as Promise<number>,
    other: (input: null, deadlineMs = 5_000) =>
      host.run('winspoolQueues', input, deadlineMs) as Promise<unknown> as Promise<number>,
  };
}

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the killable child', () => {
  it('is started once, asked often, and ends with the host', async () => {
    const { host, ask } = unrulyHost();
    const pid = await ask('');
    expect(await ask('')).toBe(pid);
    host.stop();
    await until(() => !isThere(pid), 'the child is gone');
  });

  it('that hangs in native code is killed at the deadline, with what it started', async () => {
    const { host, ask, other, pass } = unrulyHost();
    const pid = await ask('');
    const grandchild = await ask('spawn');
    const bystander = other(null, 60_000);
    const startedMs = performance.now();
    const hanging = ask('hang', 300);
    await expect(hanging).rejects.toBeInstanceOf(DeadlineError);
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    // It was answered before the hang, or is told that the child is gone: it is not to blame.
    await bystander.catch((error: unknown) => expect(error).toBeInstanceOf(ChildGoneError));
    await until(() => !isThere(pid) && !isThere(grandchild), 'both are gone');
    expect(host.kills).toBe(1);
    await expect(ask('')).rejects.toBeInstanceOf(ChildGoneError);
    pass(1_100);
    expect(await ask('')).not.toBe(pid);
  });

  it('a job that got it killed three times is quarantined for its input; others go on', async () => {
    const { ask, other, pass } = unrulyHost();
    for (let kill = 0; kill < 3; kill += 1) {
      await expect(ask('never', 100)).rejects.toBeInstanceOf(DeadlineError);
      pass(61_000);
    }
    await expect(ask('never')).rejects.toBeInstanceOf(QuarantineError);
    // Another queue of the same spooler is not to blame.
    expect(await ask('')).toBeGreaterThan(0);
    expect(await other(null)).toBeGreaterThan(0);
    pass(31 * 60_000);
    await expect(ask('never', 100)).rejects.toBeInstanceOf(DeadlineError);
  });

  it('that crashes in native code fails its job at once', async () => {
    const { ask } = unrulyHost();
    await expect(ask('die')).rejects.toBeInstanceOf(DeadlineError);
  });

  it('that dies at load is logged, and not started again at once', async () => {
    const home = tempDir();
    const script = join(home, 'child.cjs');
    const starts = join(home, 'starts');
    const write = `require('node:fs').appendFileSync(${JSON.stringify(starts)}, 'x');`;
    writeFileSync(script, `${write} process.exit(3);`);
    let nowMs = 0;
    const lines: unknown[] = [];
    const log = { ...createLog('silent'), warn: (line: unknown) => void lines.push(line) };
    const clock = { wallMs: () => nowMs, monotonicMs: () => nowMs };
    const host = new ProbeHost({ clock, log, script });
    onTestFinished(() => host.stop());
    const ask = () => host.run('winspoolQueues', null, 5_000);
    for (const times of [1, 1, 2]) {
      await expect(ask()).rejects.toBeInstanceOf(ChildGoneError);
      expect(readFileSync(starts, 'utf8')).toHaveLength(times);
      expect(lines).toHaveLength(times);
      if (times === 1) nowMs += 600;
    }
  });
});

describe('back-off of the child', () => {
  it('doubles up to a minute and is forgotten with the first answer', () => {
    const record = new KillRecord();
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((kill) => {
      record.killed(`job ${kill}`, 0);
      return record.waitMs(0);
    });
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    record.answered();
    expect(record.waitMs(0)).toBe(0);
  });
});
