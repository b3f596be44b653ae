import { setTimeout as pause } from 'node:timers/promises';
import { ConfigError } from '../config-error.ts';
import { loadConfig } from '../config.ts';
import { askMode, isWaiting, localModes } from '../local/requests.ts';
import { readPlacement } from '../placement-file.ts';
import { canBeQuiet } from '../plan/planned-mode.ts';
import { codeOf } from '../platform/errors.ts';
import { exitCodes } from './exit-codes.ts';
import { UsageError, type CliWorld } from './world.ts';

/** The service takes a request at once, or with its next look after 5 s. */
const TAKEN_WITHIN_MS = 6_000;
const LOOK_MS = 100;
const DURATION = /^(\d{1,4})(m|h)$/;

/**
 * `ppe-agent mode quiet|off|plan [--for 2h]`: makes the running service quieter than the plan does, or
 * takes that back. Nobody can make it louder. Exit 1 when no service took it.
 */
export async function modeCommand(
  name: string,
  flags: { readonly config: string; readonly for?: string },
  world: CliWorld,
): Promise<number> {
  const mode = localModes.find((each) => each === name);
  if (!mode) throw new UsageError(`mode takes one of ${localModes.join(', ')}`);
  const forMs = flags.for === undefined ? undefined : durationOf(flags.for);
  const { dataDir } = loadConfig(flags.config, world.env);
  const role = readPlacement(dataDir)?.role;
  if (mode === 'quiet' && !canBeQuiet(role))
    throw new UsageError(`a workstation of role "${role ?? ''}" is never quiet: off, or nothing`);
  try {
    askMode(dataDir, { mode, ...(forMs !== undefined && { forMs }) });
  } catch (error) {
    throw new ConfigError(
      `${dataDir} cannot be written (${codeOf(error)}): run as the agent's user`,
    );
  }
  for (let waitedMs = 0; waitedMs < TAKEN_WITHIN_MS; waitedMs += LOOK_MS) {
    await pause(LOOK_MS);
    if (isWaiting(dataDir, 'mode')) continue;
    world.out('Передано службе / told to the service');
    return exitCodes.ok;
  }
  world.err('ppe-agent: no running service took it: see ppe-agent status');
  return exitCodes.failed;
}

function durationOf(text: string): number {
  const found = DURATION.exec(text);
  const ms = Number(found?.[1]) * (found?.[2] === 'h' ? 3_600_000 : 60_000);
  if (ms > 0 && ms <= 86_400_000) return ms;
  throw new UsageError('--for takes minutes or hours up to a day, such as 30m or 2h');
}
