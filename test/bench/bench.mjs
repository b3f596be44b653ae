/** What benches share: rows of the table, percentiles, children. Plain Node on the compiled packages. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/**
 * One line of the table. `target` is a figure to meet; it is printed as a ratio and never fails.
 *
 * @param {string} name
 * @param {number} value
 * @param {string} unit
 * @param {{ atMost?: number, atLeast?: number, note?: string }} [target]
 */
export function row(name, value, unit, target = {}) {
  return { name, value, unit, ...target };
}

/** The value below which a share of the samples lies. */
export function percentile(samples, share) {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Starts another file of this folder as a child that answers messages. */
export function startPart(name, flags = [], execArgv = []) {
  const child = fork(join(import.meta.dirname, name), flags, {
    execArgv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // One listener each for the child's life: a question must not add another.
  let answer = () => undefined;
  let fail = () => undefined;
  child.on('message', (value) => answer(value));
  child.once('exit', () => fail(new Error(`${name} ended while it was asked`)));
  return {
    pid: child.pid,
    /** Sends a question and waits for its answer. */
    ask(question) {
      return new Promise((resolve, reject) => {
        answer = resolve;
        fail = reject;
        child.send(question);
      });
    },
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Serves questions of a parent: `answer` gets one and gives the answer. */
export function servePart(answer) {
  process.on('message', (question) => {
    void answer(question).then((value) => process.send?.(value ?? {}));
  });
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
}

export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
