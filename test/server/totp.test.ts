import { describe, expect, it } from 'vitest';
import { newTotpSecret, totpStep, totpUri } from '../../server/src/access/totp.ts';

/** The secret of RFC 6238, appendix B, in base32: `12345678901234567890`. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('the second factor', () => {
  // The last six digits of the vectors for SHA-1.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('is that of RFC 6238 at second %d', (second, code) => {
    expect(totpStep(SECRET, code, second * 1_000)).toBe(Math.floor(second / 30));
  });

  it('takes the code of one step before and after, and of no other', () => {
    const atMs = 1_234_567_890_000;
    const step = Math.floor(atMs / 30_000);
    expect(totpStep(SECRET, '005924', atMs + 30_000)).toBe(step);
    expect(totpStep(SECRET, '005924', atMs - 30_000)).toBe(step);
    expect(totpStep(SECRET, '005924', atMs + 60_000)).toBeUndefined();
    expect(totpStep(SECRET, '005924', atMs - 60_000)).toBeUndefined();
  });

  it.each(['', '00592', '0059245', 'abcdef', '005924 or 1=1'])('does not take "%s"', (code) => {
    expect(totpStep(SECRET, code, 1_234_567_890_000)).toBeUndefined();
  });

  it('has a secret of 160 bits that an authenticator reads from an address', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(secret);
    const uri = new URL(totpUri(secret, 'admin'));
    expect(uri.protocol).toBe('otpauth:');
    expect(uri.searchParams.get('secret')).toBe(secret);
    expect(uri.searchParams.get('issuer')).toBe('PPE-Pulse');
  });
});
