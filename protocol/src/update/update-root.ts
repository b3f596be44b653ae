import { isId } from '../ids.ts';

/** A key whose signature counts, made and kept off line. */
export interface UpdateKey {
  /** `k-` and 16 hex digits of SHA-256 over the raw public key. */
  readonly id: string;
  /** Raw Ed25519, base64url. */
  readonly publicKey: string;
}

/** Whose update bundles are believed, and how many of them must agree. */
export interface UpdateRoot {
  /** From 1; the next one counts up by one. */
  readonly version: number;
  readonly threshold: number;
  readonly keys: readonly UpdateKey[];
}

/** One lost or stolen key must neither be enough nor stop everything. */
const LEAST_THRESHOLD = 2;
const MOST_KEYS = 8;

/** The root in a value that was JSON; undefined for anything else. */
export function updateRootOf(value: unknown): UpdateRoot | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { version, threshold, keys } = value as Partial<Record<string, unknown>>;
  if (!isCount(version) || !isCount(threshold) || !Array.isArray(keys)) return undefined;
  const known = keys.map(keyOf).filter((key) => key !== undefined);
  const isWhole =
    known.length === keys.length &&
    keys.length <= MOST_KEYS &&
    threshold >= LEAST_THRESHOLD &&
    threshold <= keys.length &&
    areDifferent(known.map(({ id }) => id)) &&
    // One key under two names would be two signatures.
    areDifferent(known.map(({ publicKey }) => publicKey));
  return isWhole ? { version, threshold, keys: known } : undefined;
}

function keyOf(value: unknown): UpdateKey | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, publicKey } = value as Partial<Record<string, unknown>>;
  const isKey =
    typeof id === 'string' &&
    isId('updateKeyId', id) &&
    typeof publicKey === 'string' &&
    isId('publicKey', publicKey);
  return isKey ? { id, publicKey } : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function areDifferent(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}
