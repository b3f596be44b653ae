import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isId, nearest } from '@ppe-pulse/protocol';
import { ENROLMENT_REQUEST_BYTES, readEnrolmentRequest } from '@ppe-pulse/protocol/enrolment';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';
import { askCollector, type CollectorRequest } from './ask-collector.ts';
import { exitCodes } from './exit-codes.ts';
import { configOf, type Flags } from './flags.ts';
import { runningCollector } from './running-collector.ts';
import { UsageError } from './usage-error.ts';
import type { CliWorld } from './world.ts';

/** Flags of `enroll` beside those of all commands. */
export interface EnrollFlags extends Flags {
  readonly ppe?: unknown;
  readonly out?: unknown;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly url?: unknown;
  readonly relayUrl?: unknown;
  readonly needsApproval?: unknown;
}

const verbs = ['create', 'list', 'accept'] as const;
const ROUTE = '/api/v1/enrolments';
/** As many places as one answer may hold. */
const PAGE = 1_000;

/**
 * `enroll create --ppe CODE --out FILE`: the file of a ППЭ. `list`: who stands where.
 * `accept REQUEST --out FILE`: a request that a flash drive brought becomes a credential. The collector
 * must run: it alone gives and takes codes.
 */
export async function enrollCommand(
  verb: string,
  file: string | undefined,
  flags: EnrollFlags,
  world: CliWorld,
): Promise<number> {
  const { dataDir } = configOf(flags, world.env);
  const ask = async (
    part: Pick<CollectorRequest, 'path' | 'method' | 'body'>,
  ): Promise<unknown> => {
    const running = runningCollector(dataDir);
    const answer = running && (await askCollector({ ...running, ...part }));
    if (answer?.kind === 'done') return answer.body;
    if (answer?.kind === 'refused') throw new ConfigError(answer.detail);
    throw new ConfigError(`no collector runs on ${dataDir}: start it, or name its --data`);
  };
  switch (verb) {
    case 'create':
      return create(flags, ask, world);
    case 'list':
      return list(flags, ask, world);
    case 'accept':
      return accept(file, flags, ask, world);
    default: {
      const near = nearest(verb, verbs);
      throw new UsageError(
        `unknown "enroll ${verb}", ${near === undefined ? `known are ${verbs.join(', ')}` : `did you mean "enroll ${near}"?`}`,
      );
    }
  }
}

type Ask = (part: Pick<CollectorRequest, 'path' | 'method' | 'body'>) => Promise<unknown>;

async function create(flags: EnrollFlags, ask: Ask, world: CliWorld): Promise<number> {
  const siteCode = siteOf(flags.ppe);
  if (siteCode === undefined) throw new UsageError('enroll create needs --ppe CODE');
  const out = pathOf(flags.out, 'enroll create needs --out FILE');
  const [validFrom, validTo] = [textOf('--from', flags.from), textOf('--to', flags.to)];
  const url = textOf('--url', flags.url);
  const relayUrl = textOf('--relay-url', flags.relayUrl);
  const body = {
    siteCode,
    ...(validFrom !== undefined && { validFrom }),
    ...(validTo !== undefined && { validTo }),
    ...(url !== undefined && { urls: [url] }),
    ...(relayUrl !== undefined && { relayUrl }),
    ...(flags.needsApproval === true && { needsApproval: true }),
  };
  const document = await kept(out, () => ask({ path: ROUTE, method: 'POST', body }));
  const { text } = document as { readonly text: string };
  const { places } = JSON.parse(text) as { readonly places: readonly unknown[] };
  if (flags.json === true)
    world.out(JSON.stringify({ file: out, siteCode, places: places.length }));
  else
    world.out(
      `${out}: ППЭ ${siteCode}, ${places.length} one-time codes. Hand it over on a flash drive, never by mail`,
    );
  return exitCodes.ok;
}

async function list(flags: EnrollFlags, ask: Ask, world: CliWorld): Promise<number> {
  const siteCode = siteOf(flags.ppe);
  const items = await allPlaces(ask, siteCode);
  if (flags.json === true) {
    world.out(JSON.stringify({ items }));
    return exitCodes.ok;
  }
  for (const each of items) {
    const asks = each.askers.map(({ workstationId }) => `${workstationId} asks`);
    const holder = each.state === 'pending' ? undefined : each.workstationId;
    const who = holder === undefined ? asks : [holder, ...asks];
    world.out(
      `${each.siteCode} ${each.roomCode} ${each.role} ${each.duty} ${each.number}  ${each.state}  ` +
        `to ${each.validTo}  ${each.codeId}  ${who.join(', ')}${each.isCloned === true ? '  CLONED' : ''}`.trim(),
    );
  }
  if (items.length === 0) world.out('no enrolment file was made yet: enroll create --ppe CODE');
  return exitCodes.ok;
}

/** A place as the list tells of it. */
type Place = Readonly<Record<string, string | number | boolean | null>> & {
  readonly askers: readonly { readonly workstationId: string }[];
};

/** Page by page: a region is tens of thousands of places. */
async function allPlaces(ask: Ask, siteCode: string | undefined): Promise<readonly Place[]> {
  const items: Place[] = [];
  const query = new URLSearchParams({
    limit: String(PAGE),
    ...(siteCode !== undefined && { site: siteCode }),
  });
  for (;;) {
    const path = `${ROUTE}?${query.toString()}`;
    const page = (await ask({ path, method: 'GET', body: undefined })) as {
      readonly items: readonly Place[];
      readonly nextCursor?: string;
    };
    items.push(...page.items);
    if (page.nextCursor === undefined) return items;
    query.set('cursor', page.nextCursor);
  }
}

async function accept(
  file: string | undefined,
  flags: EnrollFlags,
  ask: Ask,
  world: CliWorld,
): Promise<number> {
  if (file === undefined) throw new UsageError('enroll accept needs the request from the drive');
  const out = pathOf(flags.out, 'enroll accept needs --out FILE');
  const request = readEnrolmentRequest(readSmall(file));
  if (!request)
    throw new ConfigError(`${file} is no enrolment request, or damaged: make it again on the PC`);
  await kept(out, () => ask({ path: `${ROUTE}/requests`, method: 'POST', body: request }));
  if (flags.json === true) world.out(JSON.stringify({ file: out }));
  else world.out(`${out}: take it back to the PC: ppe-agent enroll FILE --credential ${out}`);
  return exitCodes.ok;
}

/** A flag of four digits comes as a number, and has lost its leading zeros. */
function siteOf(value: unknown): string | undefined {
  const text = textOf('--ppe', value);
  const code = typeof value === 'number' ? text?.padStart(4, '0') : text;
  if (code === undefined || isId('siteCode', code)) return code;
  throw new UsageError('--ppe needs a code of four digits');
}

function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new UsageError(`${name} needs one value`);
}

function pathOf(value: unknown, missing: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new UsageError(missing);
}

function readSmall(path: string): string {
  try {
    const found = statSync(path);
    // A pipe would be waited for without end; what is longer is none, and is not even read.
    if (!found.isFile() || found.size > ENROLMENT_REQUEST_BYTES) return '';
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${path}: cannot be read (${codeOf(error)})`);
  }
}

/**
 * Writes what is asked for into a new file. The file is there before codes are made: a drive that takes
 * nothing must not cost them. Nobody else of this machine reads it.
 */
async function kept(path: string, ask: () => Promise<unknown>): Promise<unknown> {
  const write = (text: string, flag: 'wx' | 'w'): void => {
    try {
      writeFileSync(path, text, { mode: 0o600, flag });
    } catch (error) {
      const code = codeOf(error);
      const why =
        code === 'EEXIST' ? 'is there already: name another file' : `cannot be written (${code})`;
      throw new ConfigError(`${path} ${why}`);
    }
  };
  write('', 'wx');
  try {
    const document = await ask();
    write(`${JSON.stringify(document)}\n`, 'w');
    return document;
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}
