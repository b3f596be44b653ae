import { systemTimers } from '../platform/timers.ts';
import { limits } from '@ppe-pulse/protocol';
import type { Log } from '../platform/log.ts';
import { createCollector } from './collect-memory.ts';
import type { Keeper } from './keeper.ts';
import { ServiceShell, type Beat } from './service-shell.ts';

/** Whatever runs until it is stopped: the agent. */
interface Running {
  /** Resolves when it wants to be started again: a new version waits. */
  readonly restartAsked?: Promise<void>;
  stop(reason: 'shutdown' | 'restart'): Promise<void>;
}

/** What is run, and by whom it may be ended. */
export interface ServiceRun {
  readonly keeper: Keeper;
  readonly log: Log;
  /** Starts it; it tells of every heartbeat. */
  readonly start: (beaten: (beat: Beat) => void) => Promise<Running>;
  /** Resolves when a person or a signal asks for the end. */
  readonly stopAsked: Promise<void>;
  /** Ends the process at once: a goodbye that takes too long is not waited for. */
  readonly exit: () => void;
}

/** A service manager waits 5 s for the end that it asked for. */
const STOP_WITHIN_MS = 4_500;

/**
 * Runs the agent inside its shell until somebody asks for its end, or it asks itself to be started
 * again: the answer says which. Rejects where it cannot start.
 */
export async function runService(run: ServiceRun): Promise<'clean' | 'again'> {
  const { keeper, log, exit } = run;
  const shell = new ServiceShell(
    {
      keeper,
      log,
      timers: systemTimers(),
      monotonicMs: () => performance.now(),
      collect: createCollector(process.env),
    },
    limits.heartbeatIntervalMs,
  );
  const running = await run.start((beat) => shell.beat(beat));
  shell.up();
  const kind = await Promise.race([
    Promise.race([run.stopAsked, keeper.stopAsked]).then(() => 'clean' as const),
    ...(running.restartAsked ? [running.restartAsked.then(() => 'again' as const)] : []),
  ]);
  log.info({ end: kind }, 'asked to stop');
  shell.stopping();
  const late = setTimeout(() => {
    log.warn('the stop took too long and is cut short');
    keeper.ended({ kind });
    exit();
  }, STOP_WITHIN_MS);
  await running.stop(kind === 'again' ? 'restart' : 'shutdown');
  clearTimeout(late);
  keeper.ended({ kind });
  return kind;
}
