import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { EnrolmentFile } from '@ppe-pulse/protocol/enrolment';
import { entriesOf } from '../carry/stick.ts';
import { ConfigError } from '../config-error.ts';
import { loadConfigAlone } from '../config.ts';
import { choosePlace, type WantedPlace } from '../enrolment/choose-place.ts';
import type { EnrolmentRecord } from '../enrolment/enrolment-record.ts';
import { credentialFileOf, requestAt, requestFileOf } from '../enrolment/stick-requests.ts';
import { codeOf } from '../platform/errors.ts';
import { isFolder } from '../platform/files.ts';
import { openIdentity } from '../platform/identity.ts';
import { readStatus } from '../status-file.ts';
import { askForNumber, askForPlaceWords } from './ask-place.ts';
import { folderTexts, type FolderTexts } from './enroll-folder-texts.ts';
import { enrollTexts } from './enroll-texts.ts';
import {
  enrollCommand,
  enrollWith,
  knownEnrolment,
  readFileOf,
  wantedPlace,
  type EnrollFlags,
} from './enroll.ts';
import { exitCodes } from './exit-codes.ts';
import { languageOf } from './language.ts';
import { untilText } from '../sheet/until-text.ts';
import type { CliWorld } from './world.ts';

const FILE_NAME = /\.enrolment\.json$/i;

/** What the folder and the PC say before anybody is asked. */
interface Errand {
  readonly folder: string;
  readonly path: string;
  readonly file: EnrolmentFile;
  readonly texts: FolderTexts;
  /** Where this PC's request and its answer lie on the drive. */
  readonly request: string;
  readonly credential: string;
}

/** `ppe-agent enroll FILE`, or the folder of a flash drive that has one. */
export async function enrollPathCommand(
  path: string,
  flags: EnrollFlags,
  world: CliWorld,
): Promise<number> {
  return (isFolder(path) ? enrollFromFolder : enrollCommand)(path, flags, world);
}

/**
 * `ppe-agent enroll FOLDER`: what the installer of a flash drive does, and the same at every run. A PC
 * that is enrolled already stays so; an answer that the drive brings is taken; else the place is asked
 * for over the line; where nobody answers, a request goes onto the drive, and the exit code is 75.
 */
async function enrollFromFolder(
  folder: string,
  flags: EnrollFlags,
  world: CliWorld,
): Promise<number> {
  const language = languageOf(flags.lang);
  const texts = folderTexts[language];
  const path = onlyFileIn(resolve(folder), texts);
  const file = readFileOf(path, language);
  const config = loadConfigAlone(flags.config, world.env);
  const known = knownEnrolment(config.dataDir);
  const refusal = readStatus(config.dataDir)?.refusal ?? null;
  const isAsked = flags.newKey === true || refusal !== null;
  if (known && !isAsked && holds(known, file, wantedPlace(flags), Date.now())) {
    const place = enrollTexts(language).place(known.placement);
    world.out(texts.already(place, untilText(known.validToMs, language, config.timeZone)));
    return exitCodes.ok;
  }
  const { agentId } = await openIdentity(config.dataDir);
  const request = requestFileOf(resolve(folder), file.siteCode, agentId);
  const credential = credentialFileOf(request);
  const errand = { folder: resolve(folder), path, file, texts, request, credential };
  if (existsSync(credential) && flags.newKey !== true)
    return takeAnswer(errand, { ...placeAskedFor(errand), ...flags }, world);
  return askOrWrite(errand, await withPlace(flags, errand, known, world), world);
}

/** True when enrolling again would bring nothing: same collector, ППЭ and place, and not for longer. */
export function holds(
  known: EnrolmentRecord,
  file: Pick<EnrolmentFile, 'siteCode' | 'validToMs' | 'collector'>,
  wanted: WantedPlace,
  nowMs: number,
): boolean {
  const { roomCode, role, duty } = known.placement;
  return (
    known.collector.id === file.collector.id &&
    known.placement.siteCode === file.siteCode &&
    (wanted.roomCode ?? roomCode) === roomCode &&
    (wanted.role ?? role) === role &&
    (wanted.duty ?? duty) === duty &&
    known.validToMs > nowMs &&
    known.validToMs >= file.validToMs
  );
}

/** The enrolment file of the folder. Throws a `ConfigError` for none, and for several. */
function onlyFileIn(folder: string, texts: FolderTexts): string {
  const names = namesIn(folder, texts);
  const [name, ...others] = names.filter((each) => FILE_NAME.test(each));
  if (name === undefined) throw new ConfigError(texts.noFile(folder));
  if (others.length > 0) throw new ConfigError(texts.severalFiles([name, ...others].join(', ')));
  return join(folder, name);
}

function namesIn(folder: string, texts: FolderTexts): string[] {
  try {
    return entriesOf(folder)
      .entries.filter(({ isFile, name }) => isFile && !name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    throw new ConfigError(texts.unreadable(folder, codeOf(error)));
  }
}

/** The flags with the place that a person names, where the file leaves a choice. */
async function withPlace(
  flags: EnrollFlags,
  { file }: Errand,
  known: EnrolmentRecord | undefined,
  world: CliWorld,
): Promise<EnrollFlags> {
  const wanted = wantedPlace(flags);
  const isKnown = known?.placement.siteCode === file.siteCode && Object.keys(wanted).length === 0;
  if (isKnown || choosePlace(file.places, wanted).kind !== 'several') return flags;
  const named = await askForPlaceWords(file.places, wanted, languageOf(flags.lang), world);
  return { ...flags, ...named };
}

/** The place that this PC's own request names: whoever brings the answer is not asked a second time. */
function placeAskedFor({ request, file }: Errand): Pick<EnrollFlags, 'room' | 'role' | 'duty'> {
  const codeId = requestAt(request)?.codeId;
  const place = file.places.find((each) => each.codeId === codeId);
  return place ? { room: place.roomCode, role: place.role, duty: place.duty } : {};
}

/** What the drive brought is used up: the next errand begins anew. */
async function takeAnswer(
  { path, request, credential, texts }: Errand,
  flags: EnrollFlags,
  world: CliWorld,
): Promise<number> {
  world.out(texts.answerFound);
  const ended = await enrollWith(path, { ...flags, credential }, world);
  if (ended !== 'done') return exitCodes.failed;
  for (const used of [request, credential]) removeIfWritable(used);
  return exitCodes.ok;
}

async function askOrWrite(
  { path, folder, file, texts }: Errand,
  flags: EnrollFlags,
  world: CliWorld,
): Promise<number> {
  const language = languageOf(flags.lang);
  let ended = await enrollWith(path, flags, world);
  if (ended === 'noAnswer' && flags.through === undefined) {
    const through = await world.ask?.(texts.askThrough);
    if (through) ended = await enrollWith(path, { ...flags, through }, world);
  }
  if (ended !== 'noAnswer') return ended === 'done' ? exitCodes.ok : exitCodes.failed;
  const number = await askForNumber(file.places, wantedPlace(flags), language, world);
  const asked = { ...flags, request: folder, ...(number !== undefined && { number }) };
  await enrollWith(path, asked, world);
  world.out(texts.later);
  return exitCodes.later;
}

function removeIfWritable(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A drive that is write-protected keeps them; they are taken again, to the same end.
  }
}
