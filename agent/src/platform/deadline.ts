/** The outside did not answer in time. */
export class DeadlineError extends Error {
  constructor(what: string, afterMs: number) {
    super(`${what} did not answer within ${afterMs} ms`);
    this.name = 'DeadlineError';
  }
}

/**
 * Runs `work` with a signal that aborts after `afterMs`; rejects then even if `work` never looks at
 * its signal (systeminformation and pidusage have no time limit of their own). What is done before the
 * event loop goes on gets no timer: one that was cleared wakes the PC all the same.
 */
export async function withDeadline<T>(
  what: string,
  afterMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let waiting: NodeJS.Immediate | undefined;
  const expired = new Promise<never>((_, reject) => {
    const expire = (): void => {
      const error = new DeadlineError(what, afterMs);
      controller.abort(error);
      reject(error);
    };
    waiting = setImmediate(() => (timer = setTimeout(expire, afterMs)));
  });
  try {
    return await Promise.race([work(controller.signal), expired]);
  } finally {
    clearImmediate(waiting);
    clearTimeout(timer);
  }
}
