import { importFromStick } from '../carry/import-from-stick.ts';
import { readRoster } from '../carry/roster-file.ts';
import { loadConfig } from '../config.ts';
import { openIdentity } from '../platform/identity.ts';
import { importLines } from './carry-texts.ts';
import { exitCodes } from './exit-codes.ts';
import { stickFolder, type CarryFlags } from './export.ts';
import { languageOf } from './language.ts';
import type { CliWorld } from './world.ts';

/**
 * `ppe-agent import DIR` in the Штаб: what a flash drive brings from rooms goes to the relay of this
 * PC, now or when it runs. Exit 1 when something was not taken.
 */
export async function importCommand(
  directory: string,
  flags: CarryFlags,
  world: CliWorld,
): Promise<number> {
  const language = languageOf(flags.lang);
  const config = loadConfig(flags.config, world.env);
  const identity = await openIdentity(config.dataDir);
  const report = importFromStick({
    stick: stickFolder(directory),
    dataDir: config.dataDir,
    ownId: identity.agentId,
    signer: identity,
    find: readRoster(config.dataDir),
    nowMs: Date.now,
  });
  if (flags.json === true) world.out(JSON.stringify(report));
  else for (const line of importLines(report, language)) world.out(line);
  const isWhole = report.fault === null && report.refusedParts === 0;
  return isWhole ? exitCodes.ok : exitCodes.failed;
}
