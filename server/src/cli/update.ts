import { readFileSync, statSync } from 'node:fs';
import { isId, nearest } from '@ppe-pulse/protocol';
import { isReleaseVersion } from '@ppe-pulse/protocol/update';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';
import { updateLimits } from '../updates/update-limits.ts';
import { askCollector, type CollectorRequest } from './ask-collector.ts';
import { exitCodes } from './exit-codes.ts';
import { configOf, type Flags } from './flags.ts';
import { runningCollector } from './running-collector.ts';
import { UsageError } from './usage-error.ts';
import type { CliWorld } from './world.ts';

/** Flags of `update` beside those of all commands. */
export interface UpdateFlags extends Flags {
  readonly ppe?: unknown;
  readonly municipality?: unknown;
  readonly all?: unknown;
}

const verbs = ['add', 'root', 'list', 'roll-out', 'go-on', 'stop'] as const;

/** What the collector answers, as far as this command tells it. */
interface StageAnswer {
  readonly id: number;
  readonly version: string;
  readonly scope: string;
  readonly place: string;
  readonly state: string;
  readonly progress: Readonly<Record<string, number>>;
}
interface BundleAnswer {
  readonly version: string;
  readonly bytes: number;
  readonly expiresAt: string;
  readonly addedBy: string;
}
interface RootAnswer {
  readonly version: number;
  readonly threshold: number;
  readonly keys: number;
}
interface UpdatesAnswer {
  readonly bundles: readonly BundleAnswer[];
  readonly stages: readonly StageAnswer[];
  readonly troubles: readonly {
    readonly id: string;
    readonly siteCode: string;
    readonly state: string;
    readonly reason: string;
  }[];
}

type Ask = <T>(path: string, how?: Pick<CollectorRequest, 'method' | 'body'>) => Promise<T>;

/**
 * `update add FILE`, `update root FILE`, `update list`, `update roll-out VERSION --ppe CODE | --municipality SLUG | --all`,
 * `update go-on`, `update stop`: new versions of the agent, through the collector that runs.
 */
export async function updateCommand(
  verb: string,
  subject: unknown,
  flags: UpdateFlags,
  world: CliWorld,
): Promise<number> {
  const known = verbs.find((each) => each === verb);
  if (!known) throw unknownVerb(verb);
  const order = orderOf(known, subject, flags);
  const ask = asker(configOf(flags, world.env).dataDir);
  const tell = (value: unknown, lines: readonly string[]): void => {
    if (flags.json === true) world.out(JSON.stringify(value));
    else for (const line of lines) world.out(line);
  };
  switch (order.verb) {
    case 'add': {
      const bundle = await ask<BundleAnswer>('/api/v1/updates', { body: order.file });
      tell(bundle, [`${bundle.version} can be rolled out: update roll-out ${bundle.version}`]);
      break;
    }
    case 'root': {
      const how = { method: 'PUT', body: order.file } as const;
      const root = await ask<RootAnswer>('/api/v1/update-root', how);
      const { version, threshold, keys } = root;
      tell(root, [`updates are believed of set ${version}: ${threshold} of ${keys} keys`]);
      break;
    }
    case 'list': {
      const updates = await ask<UpdatesAnswer>('/api/v1/updates', {
        method: 'GET',
        body: undefined,
      });
      tell(updates, linesOf(updates));
      break;
    }
    case 'roll-out': {
      const path = `/api/v1/updates/${order.version}/stages`;
      const stage = await ask<StageAnswer>(path, { body: { scope: order.scope } });
      tell(stage, [stageLine(stage)]);
      break;
    }
    case 'go-on':
    case 'stop': {
      const stage = await ask<StageAnswer>(`${await openStage(ask)}/${order.verb}`);
      tell(stage, [stageLine(stage)]);
    }
  }
  return exitCodes.ok;
}

type Order =
  | { readonly verb: 'list' | 'go-on' | 'stop' }
  | { readonly verb: 'add' | 'root'; readonly file: Uint8Array }
  | { readonly verb: 'roll-out'; readonly version: string; readonly scope: unknown };

/** The whole line is read before the collector is asked anything. */
function orderOf(verb: (typeof verbs)[number], subject: unknown, flags: UpdateFlags): Order {
  switch (verb) {
    case 'add':
    case 'root':
      if (typeof subject !== 'string') throw new UsageError(`update ${verb} needs a file`);
      return { verb, file: readBundle(subject) };
    case 'roll-out':
      if (typeof subject !== 'string' || !isReleaseVersion(subject))
        throw new UsageError('update roll-out needs a version such as 0.2.0: update list');
      return { verb, version: subject, scope: scopeOf(flags) };
    case 'list':
    case 'go-on':
    case 'stop':
      return { verb };
  }
}

function scopeOf({ ppe, municipality, all }: UpdateFlags): unknown {
  const asked = [
    ...(ppe === undefined ? [] : [{ siteCode: siteOf(ppe) }]),
    ...(municipality === undefined ? [] : [{ municipality: slugOf(municipality) }]),
    ...(all === true ? ['all'] : []),
  ];
  const [scope, ...more] = asked;
  if (scope !== undefined && more.length === 0) return scope;
  throw new UsageError('update roll-out needs one of --ppe CODE, --municipality SLUG and --all');
}

function slugOf(value: unknown): string {
  if (typeof value === 'string' && /^[a-z0-9-]{1,64}$/.test(value)) return value;
  throw new UsageError('--municipality needs the slug of one, as the registry has it');
}

/** A flag of four digits comes as a number, and has lost its leading zeros. */
function siteOf(value: unknown): string {
  const code = String(value).padStart(4, '0');
  if (isId('siteCode', code)) return code;
  throw new UsageError('--ppe needs a code of four digits');
}

function readBundle(path: string): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size <= updateLimits.bundleBytes) return readFileSync(path);
    throw new ConfigError(
      `${path}: ${size} bytes are no update: ${updateLimits.bundleBytes} is the most`,
    );
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${path}: cannot be read (${codeOf(error)})`);
  }
}

/** Asks the collector that runs on a data folder: it alone may write its stores and reaches agents. */
function asker(dataDir: string): Ask {
  return async <T>(path: string, how: Parameters<Ask>[1] = { body: {} }) => {
    const running = runningCollector(dataDir);
    const answer = running && (await askCollector({ ...running, path, ...how }));
    if (!answer || answer.kind === 'nobody')
      throw new ConfigError(`no collector runs on ${dataDir}: start it, or name its --data`);
    if (answer.kind === 'refused') throw new ConfigError(answer.detail);
    return answer.body as T;
  };
}

async function openStage(ask: Ask): Promise<string> {
  const { stages } = await ask<UpdatesAnswer>('/api/v1/updates', {
    method: 'GET',
    body: undefined,
  });
  const open = stages.find(({ state }) => state === 'running' || state === 'paused');
  if (!open) throw new ConfigError('no stage is open: update list');
  return `/api/v1/update-stages/${open.id}`;
}

function linesOf({ bundles, stages, troubles }: UpdatesAnswer): string[] {
  if (bundles.length === 0) return ['there is no update yet: update add FILE'];
  return [
    ...bundles.map(
      ({ version, bytes, expiresAt, addedBy }) =>
        `${version}  ${bytes} bytes  until ${expiresAt.slice(0, 10)}  by ${addedBy}`,
    ),
    ...stages.map(stageLine),
    ...troubles.map(({ id, siteCode, state, reason }) => `${siteCode}  ${id}  ${state}  ${reason}`),
  ];
}

function stageLine({ id, version, scope, place, state, progress }: StageAnswer): string {
  const counts = Object.entries(progress).filter(([, count]) => count > 0);
  const told = counts.map(([name, count]) => `${name} ${count}`).join(', ');
  return `stage ${id}  ${version}  ${place === '' ? scope : `${scope} ${place}`}  ${state}: ${told}`;
}

function unknownVerb(verb: string): UsageError {
  const near = nearest(verb, verbs);
  const hint = near ? `did you mean "update ${near}"?` : `known are ${verbs.join(', ')}`;
  return new UsageError(`unknown "update ${verb}", ${hint}`);
}
