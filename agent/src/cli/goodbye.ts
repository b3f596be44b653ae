import { loadConfig } from '../config.ts';
import { askGoodbye, goodbyeReasons, isWaiting } from '../local/requests.ts';
import { durationMs, tellService } from './tell-service.ts';
import { UsageError, type CliWorld } from './world.ts';

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
  return tellService(
    {
      dataDir,
      ask: () => askGoodbye(dataDir, { reason, ...(returnMs !== undefined && { returnMs }) }),
      isWaiting: () => isWaiting(dataDir),
    },
    world,
  );
}

function durationOf(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined) throw new UsageError('--return takes minutes or hours, such as 30m or 3h');
  return ms;
}
