/**
 * Grammar of ids. An agent's id and a collector's id are derived from their Ed25519 public keys
 * (first 16 hex digits of SHA-256 over the raw 32 bytes), so an id proves which key it belongs to.
 */
export const idPatterns = {
  /** `w-` and 16 hex digits: a workstation and the agent on it. */
  agentId: '^w-[0-9a-f]{16}$',
  /** `c-` and 16 hex digits: a collector. */
  collectorId: '^c-[0-9a-f]{16}$',
  /** 16 hex digits, random at each start of an agent. Sequence numbers count from 1 inside a boot. */
  bootId: '^[0-9a-f]{16}$',
  /** `f-` and 16 hex digits, random: an enrolment file. */
  fileId: '^f-[0-9a-f]{16}$',
  /** `e-` and 16 hex digits, random: a one-time code of an enrolment file, without the code itself. */
  codeId: '^e-[0-9a-f]{16}$',
  /** `k-` and 16 hex digits of SHA-256 over the raw public key: a key that signs updates. */
  updateKeyId: '^k-[0-9a-f]{16}$',
  /** Four digits, leading zeros kept. Never a number. */
  siteCode: '^[0-9]{4}$',
  /** Four digits; 7777 is the Штаб. */
  roomCode: '^[0-9]{4}$',
  /** 32 random bytes, base64url without padding. */
  nonce: '^[A-Za-z0-9_-]{43}$',
  /** Raw Ed25519 public key, base64url without padding. */
  publicKey: '^[A-Za-z0-9_-]{43}$',
  /** Ed25519 signature, base64url without padding. */
  signature: '^[A-Za-z0-9_-]{86}$',
  /** A token in camelCase: reasons, capabilities, outcomes. */
  token: '^[a-z][A-Za-z0-9]{0,47}$',
  /** An id of a check or a metric: dotted camelCase words, a device's number may stand between. */
  dotted: '^[a-z][A-Za-z0-9]*(\\.[A-Za-z0-9]+){0,4}$',
  /** Semantic version of a build. */
  version: '^[0-9]+\\.[0-9]+\\.[0-9]+([-+][0-9A-Za-z.-]{1,40})?$',
  /** A value of evidence or inventory: short, ASCII, no path separators, so that no name of a person
   * or a file fits in by accident. */
  plainText: '^[A-Za-z0-9 ._:%()+@,-]{0,80}$',
} as const;

/** True when `text` is a well-formed id of the kind. */
export function isId(kind: keyof typeof idPatterns, text: string): boolean {
  return new RegExp(idPatterns[kind]).test(text);
}
