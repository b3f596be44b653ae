import { printableConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { exitCodes } from './exit-codes.ts';
import { listeningConfigOf, type Flags } from './flags.ts';
import type { CliWorld } from './world.ts';

/** `ppe-collector serve`: runs until asked to stop, then stops gracefully. */
export async function serveCommand(flags: Flags, world: CliWorld): Promise<number> {
  const config = listeningConfigOf(flags, world.env);
  if (flags.printConfig === true) {
    world.out(JSON.stringify(printableConfig(config), null, 2));
    return exitCodes.ok;
  }
  const log = createLog(config.log.level);
  // All of the collector: a mistake of the command line is told without it.
  const { startCollector } = await import('../collector.ts');
  const collector = await startCollector(config, log);
  world.out(`API token: ${collector.tokenFile}`);
  world.out(`board: ${collector.url}${collector.signInPath()} (one-time link, valid 15 minutes)`);
  await world.stopAsked();
  await collector.stop();
  return exitCodes.ok;
}
