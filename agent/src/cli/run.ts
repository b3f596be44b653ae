import { Agent } from '../agent.ts';
import { ConfigError } from '../config-error.ts';
import { loadConfig, printableConfig, type AgentConfig } from '../config.ts';
import { askGoodbye } from '../local/requests.ts';
import { isAlive } from '../platform/process-use.ts';
import type { Keeper } from '../service/keeper.ts';
import { openKeeper, type Start } from '../service/open-keeper.ts';
import { openLog } from '../service/open-log.ts';
import { runService } from '../service/run-service.ts';
import { readStatus } from '../status-file.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliWorld } from './world.ts';

/** Flags of `run`. */
interface RunFlags {
  readonly config: string;
  readonly printConfig?: boolean;
  readonly relay?: boolean;
  readonly service?: boolean;
}

/** `ppe-agent run`: the service's own loop, until asked to stop. */
export async function runCommand(flags: RunFlags, world: CliWorld): Promise<number> {
  if (flags.printConfig === true) {
    world.out(JSON.stringify(printableConfig(configOf(flags, world)), null, 2));
    return exitCodes.ok;
  }
  const start = startOf(flags, world);
  let dataDir: string | undefined;
  // Before anything that may be wrong: a service manager wants to hear of that, too.
  const keeper = await openKeeper(start, { sleeps: () => sayGoodbye(dataDir) });
  try {
    const config = configOf(flags, world);
    dataDir = config.dataDir;
    refuseSecond(dataDir);
    const log = openLog(config, start);
    const end = await runService({
      keeper,
      log,
      start: (beaten) => Agent.start(config, log, beaten),
      stopAsked: world.stopAsked(),
      exit: () => process.exit(exitCodes.ok),
    });
    // Nobody does that for a person who runs it in a window.
    if (end === 'again')
      world.out(
        'Новая версия готова: служба запустит её сама / the service starts the new version',
      );
    return exitCodes.ok;
  } catch (error) {
    tellEnd(keeper, error);
    throw error;
  }
}

function configOf(flags: RunFlags, world: CliWorld): AgentConfig {
  const loaded = loadConfig(flags.config, world.env);
  const isRelay = flags.relay === true || loaded.relay.enabled;
  return { ...loaded, relay: { ...loaded.relay, enabled: isRelay } };
}

function startOf(flags: RunFlags, { env }: CliWorld): Start {
  const { pid, platform } = process;
  // What the launcher started on Windows is a service, or finds out at once that it is none.
  const isInstalled = platform === 'win32' && env['PPE_PULSE_INSTALL_DIR'] !== undefined;
  return { env, pid, platform, isService: flags.service === true || isInstalled };
}

function tellEnd(keeper: Keeper, error: unknown): void {
  const exitCode = error instanceof ConfigError ? exitCodes.config : exitCodes.failed;
  const reason = error instanceof Error ? error.message : String(error);
  keeper.ended({ kind: 'failed', exitCode, reason });
}

/** The PC is about to sleep: the agent's own way to say so is a request in its folder. */
function sayGoodbye(dataDir: string | undefined): void {
  if (dataDir === undefined) return;
  try {
    askGoodbye(dataDir, { reason: 'sleep' });
  } catch {
    // A disk that takes nothing: the silence is then explained by the next heartbeat alone.
  }
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
