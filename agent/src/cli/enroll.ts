import { renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { duties, isId, roles } from '@ppe-pulse/protocol';
import type { Language } from '@ppe-pulse/protocol/texts';
import {
  CREDENTIAL_CHARACTERS,
  ENROLMENT_FILE_CHARACTERS,
  readEnrolmentFile,
  type EnrolmentFile,
  type EnrolmentPlace,
} from '@ppe-pulse/protocol/enrolment';
import { readBounded, writeDurably } from '../carry/stick.ts';
import { ConfigError } from '../config-error.ts';
import { loadConfigAlone, type AgentConfig } from '../config.ts';
import { askForPlace } from '../enrolment/ask-for-place.ts';
import { choosePlace, type WantedPlace } from '../enrolment/choose-place.ts';
import { enrolmentKeys } from '../enrolment/enrolment-keys.ts';
import {
  keepEnrolment,
  readEnrolment,
  type EnrolmentRecord,
} from '../enrolment/enrolment-record.ts';
import { makeRequest } from '../enrolment/make-request.ts';
import { requestFileOf } from '../enrolment/stick-requests.ts';
import { takeCredential, type CredentialOutcome, type Way } from '../enrolment/take-credential.ts';
import { rememberPlacement } from '../placement-file.ts';
import { codeOf } from '../platform/errors.ts';
import { giveToOwner } from '../platform/give-to-owner.ts';
import { KEY_FILE, NEXT_KEY_FILE, openIdentity, type Identity } from '../platform/identity.ts';
import { createLog } from '../platform/log.ts';
import { runningStatus } from './await-service.ts';
import { enrollTexts } from './enroll-texts.ts';
import { exitCodes } from './exit-codes.ts';
import { languageOf } from './language.ts';
import { untilText } from '../sheet/until-text.ts';
import { UsageError, type CliWorld } from './world.ts';

/** Flags of `enroll` as `cac` hands them over: numbers where they look like numbers. */
export interface EnrollFlags {
  readonly config: string;
  readonly room?: string | number;
  readonly role?: string;
  readonly duty?: string;
  readonly number?: number;
  readonly through?: string;
  readonly request?: string;
  readonly credential?: string;
  readonly newKey?: boolean;
  readonly json?: boolean;
  readonly lang?: string;
}

/** What enrolling leaves in the data folder. */
const KEPT_FILES = [KEY_FILE, 'enrolment.json', 'placement.json'];

/** Everything that a run of the command knows. */
interface Enrolling {
  readonly flags: EnrollFlags;
  readonly config: AgentConfig;
  readonly file: EnrolmentFile;
  readonly places: readonly EnrolmentPlace[];
  readonly identity: Identity;
  readonly language: Language;
  readonly world: CliWorld;
}

/**
 * `ppe-agent enroll FILE`: takes a place of the ППЭ with the one-time code of its file, over the line,
 * through the relay of the Штаб, or by two trips of a flash drive. Exit 78 for a wrong file, 1 when
 * nobody answers or the answer is no.
 */
export async function enrollCommand(
  path: string,
  flags: EnrollFlags,
  world: CliWorld,
): Promise<number> {
  const ended = await enrollWith(path, flags, world);
  return ended === 'done' ? exitCodes.ok : exitCodes.failed;
}

/** How an attempt ended; what it was has been said. */
export type Enrolled = 'done' | 'refused' | 'noAnswer';

/** One attempt with the flags of the command. */
export async function enrollWith(
  path: string,
  flags: EnrollFlags,
  world: CliWorld,
): Promise<Enrolled> {
  const language = languageOf(flags.lang);
  const texts = enrollTexts(language);
  const wanted = wantedPlace(flags);
  const config = loadConfigAlone(flags.config, world.env);
  const file = readFileOf(path, language);
  const known = knownEnrolment(config.dataDir);
  if (known && known.collector.id !== file.collector.id && flags.newKey !== true)
    throw new ConfigError(texts.otherCollector(known.collector.id, file.collector.id));
  // A PC that is set up anew stands where it stood, unless a person says otherwise.
  const before = known?.placement.siteCode === file.siteCode ? known.placement : undefined;
  const places = placesOf(file, wanted, before, language);
  const keyFile = flags.newKey === true ? NEXT_KEY_FILE : KEY_FILE;
  const identity = await openIdentity(config.dataDir, { file: keyFile });
  const enrolling = { flags, config, file, places, identity, language, world };
  try {
    return await attempt(enrolling);
  } finally {
    giveToOwner(config.dataDir, [...KEPT_FILES, keyFile]);
  }
}

async function attempt(enrolling: Enrolling): Promise<Enrolled> {
  const { request, credential } = enrolling.flags;
  if (request !== undefined) return writeRequest(enrolling, request);
  if (credential !== undefined) return takeFromDrive(enrolling, credential);
  return askOverLine(enrolling);
}

async function askOverLine(enrolling: Enrolling): Promise<Enrolled> {
  const { flags, file, places, identity, language, world } = enrolling;
  const outcome = await askForPlace({ file, places, identity, through: flags.through });
  const texts = enrollTexts(language);
  switch (outcome.kind) {
    case 'answered':
      return finish(enrolling, outcome.credential, outcome.way);
    case 'refused':
      world.err(
        `ppe-agent: ${texts.refusals[outcome.problem] ?? texts.otherRefusal(outcome.status, outcome.problem)}`,
      );
      if (outcome.problem === 'codeUsed') world.err(`ppe-agent: ${texts.ownId(identity.agentId)}`);
      return 'refused';
    case 'badCertificate':
      world.err(`ppe-agent: ${texts.badCertificate(outcome.address, outcome.error)}`);
      return 'refused';
    case 'noAnswer':
      world.err(`ppe-agent: ${texts.noAnswer(outcome.tried.join(', '))}`);
      return 'noAnswer';
  }
}

/** For a PC without any network: the request goes out on a drive, the credential comes back on it. */
function writeRequest(enrolling: Enrolling, directory: string): Enrolled {
  const { flags, file, places, identity, language, world } = enrolling;
  const texts = enrollTexts(language);
  const [place] = places;
  if (!place || places.length > 1) throw new UsageError(texts.chooseNumber(places.length));
  const path = requestFileOf(resolve(directory), file.siteCode, identity.agentId);
  try {
    const text = `${JSON.stringify(makeRequest(file, place, identity))}\n`;
    writeDurably(path, `${path}.tmp`, Buffer.from(text));
  } catch (error) {
    throw new ConfigError(`${texts.requestExists(path)} (${codeOf(error)})`);
  }
  if (flags.json === true) world.out(JSON.stringify({ request: path }));
  else world.out(texts.requestWritten(path));
  return 'done';
}

function takeFromDrive(enrolling: Enrolling, path: string): Enrolled {
  const { flags, file, language } = enrolling;
  const text = readText(path, CREDENTIAL_CHARACTERS, language);
  const url = flags.through ?? file.collector.relayUrl ?? file.collector.urls[0] ?? '';
  const isRelay = flags.through !== undefined || file.collector.relayUrl !== undefined;
  return finish(enrolling, text, { url, isRelay, relayKey: undefined });
}

/** Checks the credential, writes it down and says so. */
function finish(enrolling: Enrolling, credential: string, way: Way): Enrolled {
  const { flags, config, file, identity, language, world } = enrolling;
  const { publicKey } = identity;
  const taken: CredentialOutcome = takeCredential(credential, { file, publicKey, way });
  const texts = enrollTexts(language);
  if (taken.kind === 'refused') throw new ConfigError(texts.credentialFaults[taken.because]);
  const { record } = taken;
  if (flags.newKey === true) {
    const { dataDir } = config;
    renameSync(join(dataDir, NEXT_KEY_FILE), join(dataDir, KEY_FILE));
  }
  keepEnrolment(config.dataDir, record);
  // A PC that is never on a network judges itself by its role all the same.
  rememberPlacement(config.dataDir, record.placement, createLog('silent'));
  const { agentId, placement, state, validToMs } = record;
  if (flags.json === true) {
    world.out(JSON.stringify({ agentId, placement, state, validToMs, url: way.url }));
    return 'done';
  }
  const place = texts.place(placement);
  if (state === 'pending') world.out(texts.pending(agentId, place));
  else world.out(texts.enrolled(agentId, place, untilText(validToMs, language, config.timeZone)));
  if (runningStatus(config.dataDir)) world.out(texts.restart);
  return 'done';
}

/** A damaged one is what enrolling again mends. */
export function knownEnrolment(dataDir: string): EnrolmentRecord | undefined {
  try {
    return readEnrolment(dataDir);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** The file of a ППЭ. Throws a `ConfigError` for one that is none. */
export function readFileOf(path: string, language: Language): EnrolmentFile {
  const reading = readEnrolmentFile(
    readText(path, ENROLMENT_FILE_CHARACTERS, language),
    enrolmentKeys,
  );
  if (reading.kind === 'read') return reading.value;
  throw new ConfigError(`${path}: ${enrollTexts(language).fileFaults[reading.because]}`);
}

/** Of a file that is too long no more than that is read. */
function readText(path: string, maxCharacters: number, language: Language): string {
  try {
    // A character of UTF-8 is at least a byte: what has more bytes than thrice its characters is longer.
    const read = readBounded(path, 3 * maxCharacters);
    if (read === 'tooBig') return ' '.repeat(maxCharacters + 1);
    if (read !== 'notAFile') return read.toString('utf8');
  } catch (error) {
    throw new ConfigError(enrollTexts(language).unreadable(path, codeOf(error)));
  }
  // A pipe would never end, and whoever laid a link on a stick meant another file.
  throw new ConfigError(enrollTexts(language).unreadable(path, 'NOT_A_FILE'));
}

function placesOf(
  file: EnrolmentFile,
  wanted: WantedPlace,
  before: WantedPlace | undefined,
  language: Language,
): readonly EnrolmentPlace[] {
  const texts = enrollTexts(language);
  const isNamed = Object.keys(wanted).length > 0;
  const again = isNamed || !before ? undefined : choosePlace(file.places, placeWords(before));
  const choice = again?.kind === 'chosen' ? again : choosePlace(file.places, wanted);
  const listed = [...new Set(file.places.map((each) => texts.place(placeWords(each))))].join('; ');
  if (choice.kind === 'none') throw new UsageError(texts.noSuchPlace(listed));
  if (choice.kind === 'several') throw new UsageError(texts.choosePlace(listed));
  return choice.places;
}

function placeWords<T extends WantedPlace>({ roomCode, role, duty }: T) {
  return { roomCode, role, duty } as Required<Pick<T, 'roomCode' | 'role' | 'duty'>>;
}

/** What the flags say of the place. Throws a `UsageError` for what they cannot say. */
export function wantedPlace(flags: EnrollFlags): WantedPlace {
  const role = roles.find((each) => each === flags.role);
  const duty = duties.find((each) => each === flags.duty);
  if (flags.role !== undefined && !role)
    throw new UsageError(`--role is one of ${roles.join(', ')}`);
  if (flags.duty !== undefined && !duty)
    throw new UsageError(`--duty is one of ${duties.join(', ')}`);
  const { number } = flags;
  if (number !== undefined && !(Number.isInteger(number) && number >= 1))
    throw new UsageError('--number is a whole number from 1');
  const isOnDrive = flags.request !== undefined && flags.credential !== undefined;
  if (isOnDrive) throw new UsageError('--request comes first, --credential with the answer');
  if (flags.through !== undefined && !/^wss?:\/\/[^/@\s]+\/?$/.test(flags.through))
    throw new UsageError('--through is the address of the HQ, wss://HOST:8085');
  return {
    ...(flags.room !== undefined && { roomCode: roomOf(flags.room) }),
    ...(role && { role }),
    ...(duty && { duty }),
    ...(number !== undefined && { number }),
  };
}

/** What looks like a number has lost its leading zeros. */
function roomOf(value: string | number): string {
  const code = typeof value === 'number' ? String(value).padStart(4, '0') : value;
  if (isId('roomCode', code)) return code;
  throw new UsageError('--room is a code of four digits');
}
