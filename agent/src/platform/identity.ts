import {
  X509Certificate,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../config-error.ts';
import { codeOf } from './errors.ts';

/** DER prefix of an Ed25519 SubjectPublicKeyInfo (RFC 8410): 12 bytes before the raw key. */
export const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

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

/** Reads the key of `dataDir`, or makes one with mode 0600 on the first run. */
export function openIdentity(dataDir: string): Identity {
  const path = join(dataDir, 'agent.key');
  const privateKey = createPrivateKey(readKey(path) ?? createKey(dataDir, path));
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

/** True when the key signed the text; false for anything malformed. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  const raw = Buffer.from(publicKey, 'base64url');
  if (raw.length !== 32) return false;
  const key = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, raw]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
}

function fingerprint(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('hex').slice(0, 16);
}

function readKey(path: string): string | undefined {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    // A folder that is not there, or is none, is for `createKey` to complain of.
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw new ConfigError(`${path}: cannot be read (${codeOf(error)}): run as the agent's user`);
  }
  if (pem.startsWith('-----BEGIN PRIVATE KEY-----')) return pem;
  throw new ConfigError(`${path} is damaged: delete it and enrol this workstation again`);
}

function createKey(dataDir: string, path: string): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(path, pem, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new ConfigError(
      `data folder ${dataDir} is not writable (${codeOf(error)}): set dataDir to one that is`,
    );
  }
  return pem;
}
