import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';

/** 32 random bytes as base64url: a token, a nonce, a code. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256 of a token, hex: what is stored instead of the token. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Compares in a time that does not depend on where two tokens differ. */
export function sameToken(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(a)), Buffer.from(hashToken(b)));
}

/** The scripts' token: made once with mode 0600, read at every start. */
export function openAdminToken(path: string): string {
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (token.length < 32)
      throw new ConfigError(`${path} is damaged: delete it, a new token is made at start`);
    chmodSync(path, 0o600);
    return token;
  } catch (error) {
    if (error instanceof ConfigError || codeOf(error) !== 'ENOENT') throw error;
  }
  const token = randomToken();
  writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}
