import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import {
  UPDATE_FILE_BYTES,
  judgeSignatures,
  splitUpdateBundle,
  type UpdateManifest,
} from '@ppe-pulse/protocol/update';
import { ConfigError } from '../config-error.ts';
import { rootChain } from '../launcher/root-chain.ts';
import { readVersionState } from '../launcher/state-file.ts';
import type { VersionState } from '../launcher/version-state.ts';
import { codeOf } from '../platform/errors.ts';
import { isSignedBy } from '../platform/signature.ts';
import { droppedBundleFile } from '../update/dropped-bundle.ts';
import { updatePlaceOf, type UpdatePlace } from '../update/update-place.ts';
import { exitCodes } from './exit-codes.ts';
import { reasonText, refusalTexts, stateTexts } from './update-texts.ts';
import type { CliWorld } from './world.ts';

/** The service looks every 5 s. */
const TAKEN_WITHIN_MS = 12_000;
/** It restarts and is on trial for a minute at most where there is no line; a failure takes two. */
const SETTLED_WITHIN_MS = 150_000;
const LOOK_MS = 250;
const SAID_WITHIN_MS = 1_500;

/**
 * `ppe-agent update FILE`: hands an update from a flash drive to the service, and waits until it is
 * confirmed. `ppe-agent update status`: which versions are here. Exit 1 when it is refused or taken
 * back, 75 when the service does not run yet.
 */
export async function updateCommand(
  what: string,
  flags: { readonly json?: boolean },
  world: CliWorld,
): Promise<number> {
  const place = updatePlaceOf(world.env);
  if (!place)
    throw new ConfigError(
      'only an installed agent is updated: use the ppe-agent that the installer brought',
    );
  return what === 'status' ? status(place, flags, world) : handOver(what, place, world);
}

function status(
  { version, versionsDir }: UpdatePlace,
  flags: { readonly json?: boolean },
  world: CliWorld,
): number {
  const state = readVersionState(versionsDir);
  if (flags.json === true) {
    world.out(JSON.stringify({ version, ...state }));
    return exitCodes.ok;
  }
  const { standing, trial, previous, bad } = state;
  world.out(`Версия / version              ${version}`);
  if (previous !== null) world.out(`Прежняя / previous            ${previous}`);
  if (trial) world.out(`Ждёт или проверяется / next   ${trial.version}, ${trial.tries} из / of 2`);
  if (standing) world.out(`Последнее обновление / last   ${standingLine(standing)}`);
  for (const each of bad)
    world.out(`Не запускать / not taken      ${each.version}: ${reasonText(each.reason)}`);
  return exitCodes.ok;
}

async function handOver(file: string, place: UpdatePlace, world: CliWorld): Promise<number> {
  const bytes = bytesOf(file);
  const judged = look(bytes, place);
  if (typeof judged === 'string') {
    world.err(`ppe-agent: ${file}: ${judged}`);
    return exitCodes.failed;
  }
  lay(bytes, place);
  world.out(`Обновление ${judged.version} передано службе / handed to the service`);
  const dropped = droppedBundleFile(place.dataDir);
  if (!(await comes(() => !existsSync(dropped), TAKEN_WITHIN_MS))) {
    world.out('Служба не запущена: возьмёт его при запуске / the service takes it when it starts');
    return exitCodes.later;
  }
  return outcome(judged.version, place, world);
}

async function outcome(
  version: string,
  { versionsDir }: UpdatePlace,
  world: CliWorld,
): Promise<number> {
  // It takes the file away first, and says a moment later what became of it.
  await pause(SAID_WITHIN_MS);
  let said = '';
  const standing = (): VersionState['standing'] => readVersionState(versionsDir).standing;
  await comes(() => {
    const now = standing();
    // Refused by the service, it may have named no version.
    const isOurs = now?.version === version || now?.state === 'refused';
    if (!now || !isOurs) return false;
    if (now.state !== said) world.out(standingLine(now));
    said = now.state;
    return ['confirmed', 'rolledBack', 'refused'].includes(now.state);
  }, SETTLED_WITHIN_MS);
  if (said === 'confirmed') return exitCodes.ok;
  return said === 'rolledBack' || said === 'refused' ? exitCodes.failed : exitCodes.later;
}

/** What the service will say of it can mostly be said at once; it judges anew. */
function look(bytes: Buffer, { installDir, versionsDir }: UpdatePlace): UpdateManifest | string {
  const bundle = splitUpdateBundle(bytes);
  if (!bundle) return refusalTexts.badManifest;
  const root = rootChain(installDir, versionsDir).at(-1);
  if (!root) return 'с агентом не установлены ключи обновлений / no keys of updates were installed';
  const judged = judgeSignatures(bundle, root, isSignedBy);
  return judged.kind === 'accepted' ? judged.manifest : refusalTexts[judged.reason];
}

function bytesOf(file: string): Buffer {
  try {
    if (statSync(file).size > UPDATE_FILE_BYTES)
      throw new ConfigError(`${file} is too big for an update`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${file}: cannot be read (${codeOf(error)})`);
  }
}

/** Readable for the service's own user, who owns the folder and takes it away. */
function lay(bytes: Buffer, { dataDir }: UpdatePlace): void {
  const path = droppedBundleFile(dataDir);
  try {
    writeFileSync(`${path}.new`, bytes, { mode: 0o644 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw new ConfigError(
      `${dataDir} cannot be written (${codeOf(error)}): run as the administrator`,
    );
  }
}

async function comes(condition: () => boolean, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += LOOK_MS) {
    if (condition()) return true;
    await pause(LOOK_MS);
  }
  return condition();
}

function standingLine({ version, state, reason }: NonNullable<VersionState['standing']>): string {
  const words = `${version}: ${stateTexts[state]}`;
  return reason === 'ok' ? words : `${words} (${reasonText(reason)})`;
}
