import { Agent } from '../agent.ts';
import { ConfigError } from '../config-error.ts';
import { loadConfig, printableConfig } from '../config.ts';
import { createLog } from '../platform/log.ts';
import { isAlive } from '../platform/process-use.ts';
import { readStatus } from '../status-file.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliWorld } from './world.ts';

/** `ppe-agent run`: the service's own loop, until asked to stop. */
export async function runCommand(
  flags: { readonly config: string; readonly printConfig?: boolean; readonly relay?: boolean },
  world: CliWorld,
): Promise<number> {
  const loaded = loadConfig(flags.config, world.env);
  const isRelay = flags.relay === true || loaded.relay.enabled;
  const config = { ...loaded, relay: { ...loaded.relay, enabled: isRelay } };
  if (flags.printConfig === true) {
    world.out(JSON.stringify(printableConfig(config), null, 2));
    return exitCodes.ok;
  }
  refuseSecond(config.dataDir);
  const agent = await Agent.start(config, createLog(config.log.level));
  await world.stopAsked();
  await agent.stop();
  return exitCodes.ok;
}

/** Two agents on one journal would speak with one id: a status that is being written says so. */
function refuseSecond(dataDir: string): void {
  const status = readStatus(dataDir);
  if (!status || status.pid === process.pid || !isAlive(status.pid)) return;
  if (Date.now() - status.writtenAtMs > 3 * status.intervalMs) return;
  throw new ConfigError(
    `data folder ${dataDir} is in use by another agent (pid ${status.pid}): stop it first`,
  );
}
