import type { Log } from '../log.ts';
import type { StateDatabase } from '../state/database.ts';

/**
 * One transaction that may be refused: a disk that is full must not end the collector. False when the
 * store refused: nothing of the work happened.
 */
export type Write = (work: () => void) => boolean;

/** Says once that the store refuses, and once that it takes again. `what` is written, for the log. */
export function createWrite(
  { database, log }: { readonly database: StateDatabase; readonly log: Log },
  what: string,
): Write {
  let refusals = 0;
  return (work) => {
    try {
      database.transaction(work);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (refusals === 0) log.error({ error: text }, `${what} are not written; it is tried again`);
      refusals += 1;
      return false;
    }
    if (refusals > 0) log.warn({ refusals }, `${what} are written again`);
    refusals = 0;
    return true;
  };
}
