/** Bytes of a raw Ed25519 public key. */
const KEY_BYTES = 32;
/** The highest bit of the last byte is the sign of x: a point and its negative are both refused. */
const WITHOUT_SIGN = 0x7f;

/**
 * The y of every point whose order divides 8, little-endian, in every encoding that a verifier may take:
 * under such a key a signature that nobody made holds for nearly any text (RFC 8032, section 5.1.7).
 */
const SMALL_ORDER_Y = new Set([
  // 0 (order 4) and 1 (the identity), and the same written as p and p + 1.
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  // -1 (order 2).
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  // Both of order 8.
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/** True for a raw Ed25519 key under which signatures prove nothing. Pure. */
export function isSmallOrder(raw: Uint8Array): boolean {
  const y = Buffer.from(raw);
  const last = KEY_BYTES - 1;
  y[last] = (y[last] ?? 0) & WITHOUT_SIGN;
  return SMALL_ORDER_Y.has(y.toString('hex'));
}

/**
 * True for a key (base64url) that a workstation may be enrolled with: 32 bytes, written in the one way that
 * they are written, and able to prove something. Pure.
 */
export function isAgentKey(publicKey: string): boolean {
  const raw = Buffer.from(publicKey, 'base64url');
  const isWhole = raw.length === KEY_BYTES && raw.toString('base64url') === publicKey;
  return isWhole && !isSmallOrder(raw);
}
