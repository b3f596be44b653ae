import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { nearest } from '@ppe-pulse/protocol';
import {
  ensureAuthority,
  hostsOf,
  openAuthority,
  pinOf,
  renewServer,
} from '../access/authority.ts';
import { tlsFiles, tlsFolder } from '../access/tls-files.ts';
import { ConfigError } from '../config-error.ts';
import { exitCodes } from './exit-codes.ts';
import { configOf, type Flags } from './flags.ts';
import { UsageError } from './usage-error.ts';
import type { CliWorld } from './world.ts';

/** Flags of `tls` beside those of all commands. */
export interface TlsFlags extends Flags {
  /** Names and addresses by which agents and boards reach this collector. */
  readonly name?: unknown;
  /** `init`: no certificate of this collector's own, an operator's is served. */
  readonly authorityOnly?: boolean;
}

/** What stands in the folder now. */
interface TlsView {
  readonly folder: string;
  /** The three are of its own certificate: nothing where an operator's is served. */
  readonly hosts: readonly string[];
  readonly validTo: string | null;
  readonly pin: string | null;
  readonly authorities: readonly string[];
}

const verbs = ['init', 'renew', 'show'] as const;
type Verb = (typeof verbs)[number];
/** A name that is looked up, or an address. */
const HOST =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9-]{1,63})*|[0-9A-Fa-f:]{2,39})$/;

/**
 * `tls init`: an authority of this collector's own and a certificate for its names; with `--authority-only`
 * no certificate: an operator's is served, and relays need the authority. `renew`: another key and
 * certificate under the same authority: agents notice nothing, and a running collector takes them up
 * within seconds.
 */
export async function tlsCommand(verb: string, flags: TlsFlags, world: CliWorld): Promise<number> {
  const known = verbs.find((each) => each === verb);
  if (!known) {
    const near = nearest(verb, verbs);
    throw new UsageError(
      `unknown "tls ${verb}", ${near === undefined ? `known are ${verbs.join(', ')}` : `did you mean "${near}"?`}`,
    );
  }
  const { dataDir } = configOf(flags, world.env);
  const names = namesOf(flags.name);
  if (flags.authorityOnly === true) await initAuthority(known, dataDir, names);
  else await change(known, dataDir, names);
  const view = viewOf(dataDir);
  world.out(flags.json === true ? JSON.stringify(view) : textOf(view));
  return exitCodes.ok;
}

/** Relays need it, whatever certificate the collector shows itself. */
async function initAuthority(verb: Verb, dataDir: string, names: readonly string[]): Promise<void> {
  if (verb !== 'init' || names.length > 0)
    throw new UsageError('--authority-only goes with "tls init" and without --name');
  if (await ensureAuthority(dataDir, Date.now())) return;
  throw new ConfigError(`${tlsFolder(dataDir)} has an authority: "tls show" shows it`);
}

async function change(verb: Verb, dataDir: string, names: readonly string[]): Promise<void> {
  const nowMs = Date.now();
  switch (verb) {
    case 'init': {
      const isNew = await ensureAuthority(dataDir, nowMs);
      if (!isNew && certificateIn(dataDir) !== undefined)
        throw new ConfigError(
          `${tlsFolder(dataDir)} has a certificate: "tls renew" makes another, "tls show" shows it`,
        );
      await renewServer(dataDir, names, nowMs);
      return;
    }
    case 'renew': {
      const before = certificateIn(dataDir);
      const hosts = names.length > 0 || before === undefined ? names : hostsOf(before);
      await renewServer(dataDir, hosts, nowMs);
      return;
    }
    case 'show':
      return;
  }
}

function viewOf(dataDir: string): TlsView {
  const folder = tlsFolder(dataDir);
  const certificatePem = certificateIn(dataDir);
  const authorities = openAuthority(dataDir)?.pins ?? [];
  if (certificatePem === undefined) {
    if (authorities.length > 0) return { folder, hosts: [], validTo: null, pin: null, authorities };
    throw new ConfigError(`${folder} has no certificate: run "ppe-collector tls init"`);
  }
  return {
    folder,
    hosts: hostsOf(certificatePem),
    validTo: new Date(new X509Certificate(certificatePem).validTo).toISOString(),
    pin: pinOf(certificatePem),
    authorities,
  };
}

function textOf({ folder, hosts, validTo, authorities }: TlsView): string {
  if (validTo === null)
    return [
      'certificate: none of its own, name an operator’s in tls.certificate and tls.key',
      `authority:   ${authorities.join(', ')}, for relays`,
    ].join('\n');
  return [
    `certificate: ${join(folder, tlsFiles.certificate)}, until ${validTo.slice(0, 10)}`,
    `names:       ${hosts.join(', ')}`,
    `authority:   ${authorities.join(', ')}`,
    `for boards:  trust ${join(folder, tlsFiles.ca)} on the PCs of the situation centre`,
  ].join('\n');
}

function certificateIn(dataDir: string): string | undefined {
  const path = join(tlsFolder(dataDir), tlsFiles.certificate);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function namesOf(value: unknown): readonly string[] {
  const given = Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];
  return given.map((each) => {
    const name = String(each);
    if (name.length <= 253 && HOST.test(name)) return name;
    throw new UsageError(`--name needs a host name or an address, not "${name.slice(0, 80)}"`);
  });
}
