import { X509Certificate, createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { relayHostOf } from '@ppe-pulse/protocol';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';
import { SPKI_PREFIX } from './keys.ts';
import { tlsFiles, tlsFolder } from './tls-files.ts';
import type { KeyedCertificate, Validity } from './certificates.ts';

/**
 * This collector's own certificate authority: agents of its enrolment files trust it and nobody else
 * for the names of the collector and of relays.
 */
export interface Authority {
  /** PEM. */
  readonly caPem: string;
  /** `sha256/` and base64 of SHA-256 over the SubjectPublicKeyInfo (RFC 7469). */
  readonly pins: readonly string[];
  /**
   * A certificate over a relay's own Ed25519 key (raw, base64url) for the name of its ППЭ and no other.
   * PEM. Never valid for longer than the enrolment it belongs to.
   */
  issueRelay(publicKey: string, siteCode: string, validity: Validity): Promise<string>;
}

/**
 * A PC with a dead battery starts in 2002 or 2010, and it must be heard to be told so: certificates of
 * our own authority begin before any such clock. A clock that is ahead is bounded by the end.
 */
export const BEGINS_MS = Date.UTC(2000, 0, 1);
/** An authority outlives its servers' certificates by far: who replaces it enrols everybody anew. */
const CA_YEARS = 20;
/** A server's certificate; it is renewed under the same authority with `tls init --renew`. */
const SERVER_YEARS = 5;
const YEAR_MS = 365.25 * 86_400_000;
/** The machine itself may always ask. */
const OWN_HOSTS = ['localhost', '127.0.0.1', '::1'];

/** The authority of a data folder, undefined where `tls init` never ran. Throws a `ConfigError`. */
export function openAuthority(dataDir: string): Authority | undefined {
  const folder = tlsFolder(dataDir);
  const current = readPair(folder, tlsFiles.caKey, tlsFiles.ca);
  if (!current) return undefined;
  return {
    caPem: current.certificatePem,
    pins: [pinOf(current.certificatePem)],
    issueRelay: async (publicKey, siteCode, validity) => {
      const { issueOver } = await import('./certificates.ts');
      const spki = Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey, 'base64url')]);
      const hosts = [relayHostOf(siteCode)];
      // As the others: a clock that is behind must not shut a ППЭ out of its own relay.
      return issueOver(current, { spki, hosts }, { fromMs: BEGINS_MS, toMs: validity.toMs });
    },
  };
}

/** Makes the authority where there is none. Answers whether it is new. */
export async function ensureAuthority(dataDir: string, nowMs: number): Promise<boolean> {
  const folder = tlsFolder(dataDir);
  if (readPair(folder, tlsFiles.caKey, tlsFiles.ca)) return false;
  await makeCa(folder, { key: tlsFiles.caKey, certificate: tlsFiles.ca }, nowMs);
  return true;
}

/** Makes the server's key and certificate for these names and addresses, under the authority. */
export async function renewServer(
  dataDir: string,
  hosts: readonly string[],
  nowMs: number,
): Promise<readonly string[]> {
  const folder = tlsFolder(dataDir);
  const ca = readPair(folder, tlsFiles.caKey, tlsFiles.ca);
  if (!ca) throw new ConfigError(`${folder} has no authority: run "ppe-collector tls init"`);
  const all = [...new Set([...hosts.map(shortForm), ...OWN_HOSTS])];
  const { issueServer } = await import('./certificates.ts');
  const validity = { fromMs: BEGINS_MS, toMs: nowMs + SERVER_YEARS * YEAR_MS };
  const made = await issueServer(ca, all, validity);
  // What agents know of it is in the chain, so that one who holds only the pin can check it.
  const chain = { ...made, certificatePem: `${made.certificatePem}${ca.certificatePem}` };
  writePair(folder, { key: tlsFiles.key, certificate: tlsFiles.certificate }, chain);
  return all;
}

/** Names and addresses that a certificate is for. */
export function hostsOf(certificatePem: string): readonly string[] {
  const { subjectAltName } = new X509Certificate(certificatePem);
  return (subjectAltName ?? '')
    .split(', ')
    .map((each) => shortForm(each.replace(/^(?:DNS|IP Address):/, '')));
}

/** Of an IPv6 address the spelling that people use. */
function shortForm(host: string): string {
  return isIPv6(host) ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host;
}

/** `sha256/…` of the first certificate of a PEM. */
export function pinOf(certificatePem: string): string {
  const spki = new X509Certificate(certificatePem).publicKey.export({
    format: 'der',
    type: 'spki',
  });
  return `sha256/${createHash('sha256').update(spki).digest('base64')}`;
}

async function makeCa(
  folder: string,
  names: { readonly key: string; readonly certificate: string },
  nowMs: number,
): Promise<void> {
  const { createCa } = await import('./certificates.ts');
  const validity = { fromMs: BEGINS_MS, toMs: nowMs + CA_YEARS * YEAR_MS };
  const year = new Date(nowMs).getUTCFullYear();
  writePair(folder, names, await createCa(`ppe-pulse ${year}`, validity));
}

function readPair(folder: string, key: string, certificate: string): KeyedCertificate | undefined {
  const certificatePem = readPem(join(folder, certificate));
  if (certificatePem === undefined) return undefined;
  const keyPem = readPem(join(folder, key));
  if (keyPem === undefined)
    throw new ConfigError(`${join(folder, key)} is missing: restore it from a backup`);
  if (!belongs(certificatePem, keyPem))
    throw new ConfigError(`${folder}: ${certificate} and ${key} do not belong together`);
  return { keyPem, certificatePem };
}

/** True when the certificate is over this key. Throws a `ConfigError` for what is neither. */
export function belongs(certificatePem: string, keyPem: string): boolean {
  let key: KeyObject;
  let certificate: X509Certificate;
  try {
    key = createPrivateKey(keyPem);
    certificate = new X509Certificate(certificatePem);
  } catch {
    throw new ConfigError('a certificate or its key is damaged: restore them from a backup');
  }
  return certificate.checkPrivateKey(key);
}

function writePair(
  folder: string,
  names: { readonly key: string; readonly certificate: string },
  { keyPem, certificatePem }: KeyedCertificate,
): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    // The key first: a certificate without its key is refused, and the other way round nothing is.
    writeWhole(join(folder, names.key), keyPem, 0o600);
    writeWhole(join(folder, names.certificate), certificatePem, 0o644);
  } catch (error) {
    throw new ConfigError(`${folder} cannot be written (${codeOf(error)})`);
  }
}

function writeWhole(path: string, text: string, mode: number): void {
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
}

function readPem(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new ConfigError(`${path}: cannot be read (${codeOf(error)})`);
  }
}
