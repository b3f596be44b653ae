import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '@ppe-pulse/protocol';
import { ConfigError } from '../config-error.ts';
import { checkChain, markOf, type ChainCheck, type ChainMark } from '../state/audit-chain.ts';
import { createAudit } from '../state/audit.ts';
import type { StateDatabase } from '../state/database.ts';
import { STATE_FILE } from '../data-dir.ts';
import { openToRead } from '../state/state-store.ts';
import { exitCodes } from './exit-codes.ts';
import { configOf, type Flags } from './flags.ts';
import { UsageError } from './usage-error.ts';
import type { CliWorld } from './world.ts';

/** Flags of `audit` beside those of all commands. */
export interface AuditFlags extends Flags {
  readonly since?: unknown;
}

const verbs = ['verify', 'export'] as const;
const EVERYTHING = Number.MAX_SAFE_INTEGER;

/**
 * `audit verify`: reads the whole chain; exit 1 where it is broken. `audit export`: every entry as a
 * line of JSON, the oldest first. Both beside a running collector.
 */
export async function auditCommand(
  verb: string,
  flags: AuditFlags,
  world: CliWorld,
): Promise<number> {
  if (verb !== 'verify' && verb !== 'export') {
    const near = nearest(verb, verbs);
    throw new UsageError(
      `unknown "audit ${verb}"${near ? `, did you mean "audit ${near}"?` : `: known are ${verbs.join(', ')}`}`,
    );
  }
  const mark = markFlag(flags.since);
  const { dataDir } = configOf(flags, world.env);
  const path = join(dataDir, STATE_FILE);
  if (!existsSync(path)) throw new ConfigError(`no collector has kept anything in ${dataDir}`);
  const database = openToRead(path);
  try {
    return verb === 'verify' ? verify(database, mark, flags, world) : exportAll(database, world);
  } finally {
    database.close();
  }
}

function verify(
  database: StateDatabase,
  mark: ChainMark | undefined,
  flags: AuditFlags,
  world: CliWorld,
): number {
  const check = checkChain(database, mark);
  if (flags.json === true) world.out(JSON.stringify(check));
  else for (const line of linesOf(check)) world.out(line);
  return check.fault === null ? exitCodes.ok : exitCodes.failed;
}

function linesOf({ entries, head, fault }: ChainCheck): string[] {
  if (fault)
    return [`FAIL entry ${fault.id}: ${faults[fault.kind]}`, `${entries} entries before it hold`];
  return [
    `ok   ${entries} entries, each on the one before`,
    ...(head === null ? [] : [`write this down elsewhere, for --since: ${head.id}:${head.hash}`]),
  ];
}

const faults: Readonly<Record<NonNullable<ChainCheck['fault']>['kind'], string>> = {
  missing: 'the one that belongs here is not there',
  unlinked: 'it does not hang on the entry before',
  changed: 'it is not what it was when it was written',
  notTheMark:
    'the chain does not hold the mark of --since: its end is gone, or it was written anew',
};

function exportAll(database: StateDatabase, world: CliWorld): number {
  for (const { atMs, ...rest } of createAudit(database).list(EVERYTHING).toReversed())
    world.out(JSON.stringify({ at: new Date(atMs).toISOString(), ...rest }));
  return exitCodes.ok;
}

function markFlag(since: unknown): ChainMark | undefined {
  if (since === undefined) return undefined;
  const mark = typeof since === 'string' ? markOf(since) : undefined;
  if (mark) return mark;
  throw new UsageError('--since takes what an earlier "audit verify" printed: NUMBER:HASH');
}
