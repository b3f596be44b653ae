import { setTimeout as pause } from 'node:timers/promises';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../platform/errors.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliWorld } from './world.ts';

/** The service takes a request at once, or with its next look after 5 s. */
const TAKEN_WITHIN_MS = 6_000;
const LOOK_MS = 100;
const DURATION = /^(\d{1,4})(m|h)$/;

/** How a person's word gets to the running service. */
export interface Word {
  readonly dataDir: string;
  /** Leaves it in the data folder; throws what the disk throws. */
  readonly ask: () => void;
  readonly isWaiting: () => boolean;
}

/** Tells the service and waits until it took the word. Exit 1 when none did. */
export async function tellService({ dataDir, ask, isWaiting }: Word, world: CliWorld) {
  try {
    ask();
  } catch (error) {
    throw new ConfigError(
      `${dataDir} cannot be written (${codeOf(error)}): run as the agent's user`,
    );
  }
  for (let waitedMs = 0; waitedMs < TAKEN_WITHIN_MS; waitedMs += LOOK_MS) {
    await pause(LOOK_MS);
    if (isWaiting()) continue;
    world.out('Передано службе / told to the service');
    return exitCodes.ok;
  }
  world.err('ppe-agent: no running service took it: see ppe-agent status');
  return exitCodes.failed;
}

/** Milliseconds of `30m` or `2h`; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const found = DURATION.exec(text);
  return found ? Number(found[1]) * (found[2] === 'h' ? 3_600_000 : 60_000) : undefined;
}
