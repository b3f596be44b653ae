import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isAgentKey, isSmallOrder } from '../../server/src/access/agent-key.ts';
import { SPKI_PREFIX, isSignedBy } from '../../server/src/access/keys.ts';
import { fixedIdentity } from '../support/enrolment-documents.ts';

const P = 2n ** 255n - 19n;
const mod = (value: bigint): bigint => ((value % P) + P) % P;

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(base)];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}
const inverse = (value: bigint): bigint => power(value, P - 2n);
const D = mod(-121665n * inverse(121666n));

/** y of twice the point, by x² of the curve alone: -x² + y² = 1 + d·x²·y². */
function doubledY(y: bigint): bigint {
  const xx = mod((y * y - 1n) * inverse(mod(D * y * y + 1n)));
  return mod((y * y + xx) * inverse(mod(1n - D * xx * y * y)));
}

/** Little-endian bytes of y, with the sign of x in the highest bit. */
function encoded(y: bigint, sign = 0n): Buffer {
  const hex = (y + (sign << 255n)).toString(16).padStart(64, '0');
  return Buffer.from(Buffer.from(hex, 'hex').toReversed());
}

/** The y of order 8, found from the curve: 2P has y = 0. Then d·y⁴ + 2·y² - 1 = 0. */
function yOfOrder8(): readonly bigint[] {
  const root = (square: bigint): bigint | undefined => {
    const guess = power(square, (P + 3n) / 8n);
    const i = power(2n, (P - 1n) / 4n);
    return [guess, mod(guess * i)].find((each) => mod(each * each) === mod(square));
  };
  const half = root(1n + D) ?? 0n;
  return [half, mod(-half)]
    .map((each) => root(mod((each - 1n) * inverse(D))))
    .flatMap((y) => (y === undefined ? [] : [y, mod(-y)]));
}

describe('a key that a workstation is enrolled with', () => {
  it('is none of small order, in any encoding', () => {
    const found = [0n, 1n, P - 1n, ...yOfOrder8()];
    expect(new Set(found).size).toBe(5);
    // Eight times each of them is the identity: three doublings end at y = 1.
    for (const y of found) expect(doubledY(doubledY(doubledY(y)))).toBe(1n);
    const nonCanonical = found.map((y) => y + P).filter((y) => y < 2n ** 255n);
    expect(nonCanonical).toEqual([P, P + 1n]);
    for (const y of [...found, ...nonCanonical])
      for (const sign of [0n, 1n]) {
        const raw = encoded(y, sign);
        expect([raw.toString('hex'), isSmallOrder(raw)]).toEqual([raw.toString('hex'), true]);
        expect(isAgentKey(raw.toString('base64url'))).toBe(false);
      }
    expect(isSmallOrder(encoded(2n))).toBe(false);
  });

  it('proves nothing where a signature that nobody made holds for every text', () => {
    const raw = encoded(1n);
    const signature = Buffer.concat([raw, Buffer.alloc(32)]);
    const key = createPublicKey({
      key: Buffer.concat([SPKI_PREFIX, raw]),
      format: 'der',
      type: 'spki',
    });
    // What the library says by itself; the collector must not.
    expect(verify(null, Buffer.from('any text'), key, signature)).toBe(true);
    const asText = signature.toString('base64url');
    expect(isSignedBy(raw.toString('base64url'), 'any text', asText)).toBe(false);
  });

  it('is written in one way', () => {
    const identity = fixedIdentity(5);
    const { publicKey } = identity;
    expect(isAgentKey(publicKey)).toBe(true);
    expect(isSignedBy(publicKey, 'text', identity.sign('text'))).toBe(true);
    // The last character has two bits to spare: the same bytes under another name.
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = publicKey.slice(0, -1) + (last[last.indexOf(publicKey.at(-1) ?? '') + 1] ?? '');
    expect(Buffer.from(twin, 'base64url')).toEqual(Buffer.from(publicKey, 'base64url'));
    expect(isAgentKey(twin)).toBe(false);
    for (const strange of ['', 'x', publicKey.slice(1)]) expect(isAgentKey(strange)).toBe(false);
  });
});
