import {
  X509Certificate,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../config-error.ts';
import { codeOf } from './errors.ts';
import type { KeyGuard } from './key-guard.ts';
import { SPKI_PREFIX } from './signature.ts';
import { systemKeyGuard } from './system-key-guard.ts';

/** Known here under their old place; the launcher has no use for keys of its own. */
export { SPKI_PREFIX, isSignedBy } from './signature.ts';

/** This workstation's key. The private half never leaves its file. */
export interface Identity {
  /** `w-` and 16 hex digits of SHA-256 over the raw public key. */
  readonly agentId: string;
  /** Raw public key, base64url. */
  readonly publicKey: string;
  /** Ed25519 signature over UTF-8 text, base64url. */
  sign(text: string): string;
  /** For a server that shows a certificate over this key (PEM). Throws when it is over another. */
  serverTls(certificatePem: string): ServerTls;
}

/** Key and certificate of a TLS server. */
export interface ServerTls {
  readonly key: string;
  readonly cert: string;
  readonly minVersion: 'TLSv1.3';
}

/** The file of the key in the data folder, and of one that has not yet taken its place. */
export const KEY_FILE = 'agent.key';
export const NEXT_KEY_FILE = 'agent.key.next';

/** Reads the key of `dataDir`, or makes one with mode 0600 on the first run. */
export async function openIdentity(
  dataDir: string,
  { file = KEY_FILE, guard = systemKeyGuard() }: { file?: string; guard?: KeyGuard } = {},
): Promise<Identity> {
  const path = join(dataDir, file);
  return identityOf((await readKey(path, guard)) ?? (await createKey(dataDir, path, guard)));
}

/** The identity of a private key (PEM). */
export function identityOf(pem: string): Identity {
  const privateKey = createPrivateKey(pem);
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const raw = spki.subarray(SPKI_PREFIX.length);
  return {
    agentId: `w-${fingerprint(raw)}`,
    publicKey: raw.toString('base64url'),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
    serverTls: (cert) => {
      if (!certificateOf(cert)?.checkPrivateKey(privateKey))
        throw new ConfigError("the relay's certificate is not over this PC's key: enrol it again");
      const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
      return { key, cert, minVersion: 'TLSv1.3' };
    },
  };
}

function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** The id that belongs to an agent's public key (base64url). */
export function agentIdOf(publicKey: string): string {
  return `w-${fingerprint(Buffer.from(publicKey, 'base64url'))}`;
}

/** The id of the collector that holds a public key (base64url). */
export function collectorIdOf(publicKey: string): string {
  return `c-${fingerprint(Buffer.from(publicKey, 'base64url'))}`;
}

function fingerprint(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('hex').slice(0, 16);
}

/** Before a key that is bound to its PC. */
const GUARDED = 'ppe-pulse guarded key ';

async function readKey(path: string, guard: KeyGuard | undefined): Promise<string | undefined> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    // A folder that is not there, or is none, is for `createKey` to complain of.
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw new ConfigError(`${path}: cannot be read (${codeOf(error)}): run as the agent's user`);
  }
  const pem = text.startsWith(GUARDED) ? await unguarded(path, text, guard) : text;
  if (pem.startsWith('-----BEGIN PRIVATE KEY-----')) return pem;
  throw new ConfigError(`${path} is damaged: delete it and enrol this workstation again`);
}

/** What another PC has bound stays closed here: a copied folder is no second workstation. */
async function unguarded(path: string, text: string, guard?: KeyGuard): Promise<string> {
  const bound = Buffer.from(text.slice(GUARDED.length), 'base64');
  const plain = await guard?.open(bound).catch(() => undefined);
  if (plain) return plain.toString('utf8');
  throw new ConfigError(
    `${path} was made on another PC, or is damaged: delete it and enrol this workstation again`,
  );
}

async function createKey(
  dataDir: string,
  path: string,
  guard: KeyGuard | undefined,
): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const bound = await guard?.bind(Buffer.from(pem));
  const text = bound ? `${GUARDED}${bound.toString('base64')}\n` : pem;
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new ConfigError(
      `data folder ${dataDir} is not writable (${codeOf(error)}): set dataDir to one that is`,
    );
  }
  return pem;
}
