import { setTimeout as pause } from 'node:timers/promises';
import { ConfigError } from '../config-error.ts';
import { loadConfig } from '../config.ts';
import { askGoodbye, goodbyeReasons, isWaiting } from '../local/requests.ts';
import { codeOf } from '../platform/errors.ts';
import { exitCodes } from './exit-codes.ts';
import { UsageError, type CliWorld } from './world.ts';

/** The service takes a request at once, or with its next look after 5 s. */
const TAKEN_WITHIN_MS = 6_000;
const LOOK_MS = 100;
const DURATION = /^(\d{1,4})(m|h)$/;

/**
 * `ppe-agent goodbye sleep|stageOffline [--return 3h]`: the running service tells the situation centre
 * that silence is planned. For the sleep hook of the system, and for the specialist who pulls the
 * cable before the exam. Exit 1 when no service took it.
 */
export async function goodbyeCommand(
  why: string,
  flags: { readonly config: string; readonly return?: string },
  world: CliWorld,
): Promise<number> {
  const reason = goodbyeReasons.find((each) => each === why);
  if (!reason) throw new UsageError(`goodbye takes one of ${goodbyeReasons.join(', ')}`);
  const returnMs = flags.return === undefined ? undefined : durationOf(flags.return);
  const { dataDir } = loadConfig(flags.config, world.env);
  try {
    askGoodbye(dataDir, { reason, ...(returnMs !== undefined && { returnMs }) });
  } catch (error) {
    throw new ConfigError(
      `${dataDir} cannot be written (${codeOf(error)}): run as the agent's user`,
    );
  }
  for (let waitedMs = 0; waitedMs < TAKEN_WITHIN_MS; waitedMs += LOOK_MS) {
    await pause(LOOK_MS);
    if (isWaiting(dataDir)) continue;
    world.out('Передано службе / told to the service');
    return exitCodes.ok;
  }
  world.err('ppe-agent: no running service took it: see ppe-agent status');
  return exitCodes.failed;
}

function durationOf(text: string): number {
  const found = DURATION.exec(text);
  if (!found) throw new UsageError('--return takes minutes or hours, such as 30m or 3h');
  return Number(found[1]) * (found[2] === 'h' ? 3_600_000 : 60_000);
}
