import { setTimeout as pause } from 'node:timers/promises';
import type { CheckVerdict } from '@ppe-pulse/protocol';
import { readStatus, type AgentStatus } from '../status-file.ts';
import { isAlive } from '../platform/process-use.ts';

const LOOK_MS = 250;

/** What the service that runs here says; undefined when none does, or when it has hung. */
export function runningStatus(dataDir: string): AgentStatus | undefined {
  const status = readStatus(dataDir);
  if (!status || !isAlive(status.pid)) return undefined;
  return Date.now() - status.writtenAtMs <= 3 * status.intervalMs ? status : undefined;
}

/**
 * Waits, at most `forMs`, until the service runs, is linked and has measured everything once: one that
 * was started a moment ago knows nothing yet. Answers what it says then, linked or not.
 */
export async function awaitService(
  dataDir: string,
  forMs: number,
): Promise<AgentStatus | undefined> {
  const untilMs = performance.now() + forMs;
  for (;;) {
    const status = runningStatus(dataDir);
    if ((status && hasSettled(status)) || performance.now() >= untilMs) return status;
    await pause(LOOK_MS);
  }
}

/** True when waiting longer brings nothing new: all is measured, and the listener has said yes or no. */
export function hasSettled({ link, refusal, verdicts }: AgentStatus): boolean {
  const isAnswered = link === 'live' || refusal !== null;
  return isAnswered && verdicts.every((each) => each.reason !== 'notMeasured' && !isLoaded(each));
}

/** An installation that has just ended is a load of its own: it gets the time to pass. */
function isLoaded({ id, verdict }: CheckVerdict): boolean {
  return id === 'pc.cpu' && verdict !== 'ok';
}
