import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What is kept of a code: SHA-256 over its 32 bytes, base64url. */
export function codeHashOf(code: string): string {
  return createHash('sha256').update(Buffer.from(code, 'base64url')).digest('base64url');
}

/** True when whoever made the proof (HMAC-SHA256 of the text) holds the code of this hash. */
export function isCodeProof(codeHash: string, text: string, proof: string): boolean {
  const wanted = createHmac('sha256', Buffer.from(codeHash, 'base64url')).update(text).digest();
  const given = Buffer.from(proof, 'base64url');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
