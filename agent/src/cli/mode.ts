import { loadConfig } from '../config.ts';
import { askMode, isWaiting, localModes } from '../local/requests.ts';
import { readPlacement } from '../placement-file.ts';
import { canBeQuiet } from '../plan/planned-mode.ts';
import { durationMs, tellService } from './tell-service.ts';
import { UsageError, type CliWorld } from './world.ts';

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
  return tellService(
    {
      dataDir,
      ask: () => askMode(dataDir, { mode, ...(forMs !== undefined && { forMs }) }),
      isWaiting: () => isWaiting(dataDir, 'mode'),
    },
    world,
  );
}

function durationOf(text: string): number {
  const ms = durationMs(text) ?? 0;
  if (ms > 0 && ms <= 86_400_000) return ms;
  throw new UsageError('--for takes minutes or hours up to a day, such as 30m or 2h');
}
