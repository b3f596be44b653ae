import type { Placement } from '../placement.ts';

/** A workstation that belongs to the listener: its key and where it stands. */
export interface KnownWorkstation {
  readonly id: string;
  /** Raw Ed25519 public key, base64url. */
  readonly publicKey: string;
  readonly placement: Placement;
}

/** Keys and randomness of the accepting side, handed in: this package knows no library for them. */
export interface Keyring {
  /** `c-` and the fingerprint of the public key. */
  readonly id: string;
  /** Ed25519 signature over UTF-8 text, base64url. */
  sign(text: string): string;
  /** False for anything malformed. */
  isSignedBy(publicKey: string, text: string, signature: string): boolean;
  /** The id that belongs to an agent's public key. */
  agentIdOf(publicKey: string): string;
  /** 32 random bytes, base64url. */
  nonce(): string;
}
