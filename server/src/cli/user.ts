import { isId, nearest } from '@ppe-pulse/protocol';
import { ACCOUNT_PATTERN } from '../access/accounts.ts';
import { accountRoles, type AccountRole } from '../access/principal.ts';
import { exitCodes } from './exit-codes.ts';
import { configOf, type Flags } from './flags.ts';
import { openAccounts, type ListedAccount, type OpenAccounts } from './open-accounts.ts';
import { UsageError } from './usage-error.ts';
import type { CliWorld } from './world.ts';

/** Flags of `user` beside those of all commands. */
export interface UserFlags extends Flags {
  readonly role?: unknown;
  readonly municipality?: unknown;
  readonly ppe?: unknown;
}

const verbs = ['add', 'list', 'revoke', 'link'] as const;
type Verb = (typeof verbs)[number];

/**
 * `user add NAME --role R`, `user list`, `user revoke NAME`, `user link NAME`: accounts of people, of the
 * collector that runs or of its data folder. A link lets its post set a password; it is printed once.
 */
export async function userCommand(
  verb: string,
  name: string | undefined,
  flags: UserFlags,
  world: CliWorld,
): Promise<number> {
  const known = verbs.find((each) => each === verb);
  if (!known) throw unknownVerb(verb);
  const account = known === 'list' ? '' : accountOf(known, name);
  const place = known === 'add' ? placeOf(flags) : undefined;
  const accounts = await openAccounts(configOf(flags, world.env).dataDir);
  try {
    if (known === 'list') list(await accounts.list(), flags, world);
    else if (known === 'revoke') await revoke(accounts, account, flags, world);
    else {
      const path = place ? await accounts.add(account, place) : await accounts.link(account);
      tellLink(account, `${accounts.address}${path}`, flags, world);
    }
  } finally {
    accounts.close();
  }
  return exitCodes.ok;
}

function list(items: readonly ListedAccount[], flags: UserFlags, world: CliWorld): void {
  if (flags.json === true) {
    world.out(JSON.stringify({ items }));
    return;
  }
  for (const { account, role, municipality, siteCode, ...state } of items) {
    const marks = [
      municipality ?? siteCode,
      state.disabled && 'disabled',
      state.totp === 'on' && 'second factor',
      !state.hasPassword && 'no password yet',
    ];
    world.out([account, role, ...marks.filter(Boolean)].join('  '));
  }
}

async function revoke(
  accounts: OpenAccounts,
  account: string,
  flags: UserFlags,
  world: CliWorld,
): Promise<void> {
  await accounts.revoke(account);
  const text = `${account}: removed, and signed out everywhere`;
  world.out(flags.json === true ? JSON.stringify({ account }) : text);
}

function tellLink(account: string, link: string, flags: UserFlags, world: CliWorld): void {
  if (flags.json === true) world.out(JSON.stringify({ account, link }));
  else
    world.out(`${account}: ${link} (one-time link, valid 24 hours, leads to setting a password)`);
}

function accountOf(verb: Verb, name: unknown): string {
  if (typeof name === 'string' && new RegExp(ACCOUNT_PATTERN).test(name)) return name;
  throw new UsageError(
    `user ${verb} needs the name of a post: 2 to 32 of a-z, 0-9, "." and "-", such as kemerovo.duty`,
  );
}

function placeOf({ role, municipality, ppe }: UserFlags) {
  return {
    role: roleOf(role),
    municipality: typeof municipality === 'string' ? municipality : null,
    siteCode: ppe === undefined ? null : siteOf(ppe),
  };
}

function roleOf(value: unknown): AccountRole {
  const role = accountRoles.find((each) => each === value);
  if (role) return role;
  throw new UsageError(`user add needs --role, one of ${accountRoles.join(', ')}`);
}

/** A flag of four digits comes as a number, and has lost its leading zeros. */
function siteOf(value: unknown): string {
  const code = String(value).padStart(4, '0');
  if (isId('siteCode', code)) return code;
  throw new UsageError('--ppe needs a code of four digits');
}

function unknownVerb(verb: string): UsageError {
  const near = nearest(verb, verbs);
  const hint = near ? `did you mean "user ${near}"?` : `known are ${verbs.join(', ')}`;
  return new UsageError(`unknown "user ${verb}", ${hint}`);
}
