import { importFromStick } from '../carry/import-from-stick.ts';
import { readRoster } from '../carry/roster-file.ts';
import { loadConfig, trustOf } from '../config.ts';
import { answerStickRequests } from '../enrolment/stick-requests.ts';
import { openIdentity } from '../platform/identity.ts';
import { importLines } from './carry-texts.ts';
import { stickLine } from './enroll-texts.ts';
import { exitCodes } from './exit-codes.ts';
import { stickFolder, type CarryFlags } from './export.ts';
import { languageOf } from './language.ts';
import type { CliWorld } from './world.ts';

/**
 * `ppe-agent import DIR` in the Штаб: what a flash drive brings from rooms goes to the relay of this
 * PC, now or when it runs; requests for enrolment get their credentials onto the drive. Exit 1 when
 * something was not taken.
 */
export async function importCommand(
  directory: string,
  flags: CarryFlags,
  world: CliWorld,
): Promise<number> {
  const language = languageOf(flags.lang);
  const config = loadConfig(flags.config, world.env);
  const identity = await openIdentity(config.dataDir);
  const stick = stickFolder(directory);
  const report = importFromStick({
    stick,
    dataDir: config.dataDir,
    ownId: identity.agentId,
    signer: identity,
    find: readRoster(config.dataDir),
    nowMs: Date.now,
  });
  const enrolments = await answerStickRequests(stick, () => trustOf(config));
  // A stick that brings requests alone has no folder of ours.
  const isErrand = report.fault === 'notAFolder' && enrolments.length > 0;
  if (flags.json === true) world.out(JSON.stringify({ ...report, enrolments }));
  else {
    if (!isErrand) for (const line of importLines(report, language)) world.out(line);
    for (const line of enrolments.map((each) => stickLine(each, language))) world.out(line);
  }
  const isTaken = enrolments.every(({ outcome }) => outcome === 'credential');
  const isWhole = (report.fault === null || isErrand) && isTaken && report.refusedParts === 0;
  return isWhole ? exitCodes.ok : exitCodes.failed;
}
