import { Secret, TOTP } from 'otpauth';

/** Six digits every 30 seconds (RFC 6238), by SHA-1: what every authenticator understands. */
const CODE = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Clocks of phones are off by a little: one step before and after (RFC 6238, 5.2). */
const WINDOW = 1;
const SECRET_BYTES = 20;

/** A fresh secret, base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** `otpauth://…` for the QR code of an authenticator. */
export function totpUri(secret: string, account: string): string {
  const issuer = 'PPE-Pulse';
  return new TOTP({
    ...CODE,
    issuer,
    label: account,
    secret: Secret.fromBase32(secret),
  }).toString();
}

/** The step that a code is of, undefined for a wrong one. Who asks sees to it that a step is used once. */
export function totpStep(secret: string, code: string, nowMs: number): number | undefined {
  const totp = new TOTP({ ...CODE, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token: code, timestamp: nowMs, window: WINDOW });
  return delta === null ? undefined : Math.floor(nowMs / (CODE.period * 1_000)) + delta;
}
