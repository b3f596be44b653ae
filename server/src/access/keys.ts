import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';
import { isSmallOrder } from './agent-key.ts';

/** DER prefix of an Ed25519 SubjectPublicKeyInfo (RFC 8410): 12 bytes before the raw key. */
export const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The collector's signing key: it proves itself to agents, later it signs plans and enrolments. */
export interface CollectorKey {
  /** `c-` and 16 hex digits of SHA-256 over the raw public key. */
  readonly id: string;
  /** Raw public key, base64url. */
  readonly publicKey: string;
  /** Ed25519 signature over UTF-8 text, base64url. */
  sign(text: string): string;
}

/** Reads the key, or makes one with mode 0600 on the first start. */
export function openCollectorKey(path: string): CollectorKey {
  const privateKey = readKey(path) ?? createKey(path);
  const raw = rawPublicKey(createPublicKey(privateKey));
  return {
    id: `c-${fingerprint(raw)}`,
    publicKey: raw.toString('base64url'),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  };
}

/** The id that belongs to an agent's raw public key (base64url). */
export function agentIdOf(publicKey: string): string {
  return `w-${fingerprint(Buffer.from(publicKey, 'base64url'))}`;
}

/** True when `signature` over `text` was made by the key; false for anything malformed or worthless. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  const raw = Buffer.from(publicKey, 'base64url');
  if (raw.length !== 32 || isSmallOrder(raw)) return false;
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

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
}

function readKey(path: string): KeyObject | undefined {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new ConfigError(`${path}: cannot be read (${codeOf(error)})`);
  }
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ConfigError(
      `${path} is damaged: restore it from a backup; without it every agent must be enrolled again`,
    );
  }
}

function createKey(path: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(path, privateKey.export({ format: 'pem', type: 'pkcs8' }), {
    mode: 0o600,
    flag: 'wx',
  });
  return privateKey;
}
