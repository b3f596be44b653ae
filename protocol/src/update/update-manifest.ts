import { limits } from '../limits.ts';
import { isReleaseVersion } from './release-version.ts';
import { updateRootOf, type UpdateRoot } from './update-root.ts';
import { UPDATE_FORMAT } from './update-words.ts';

/** What an update is, as its signers said it. */
export interface UpdateManifest {
  readonly product: string;
  /** Three numbers. */
  readonly version: string;
  /** Oldest major version of the runtime that it runs on. */
  readonly runtimeMajor: number;
  /** SHA-256 and bytes of `agent.mjs`. */
  readonly sha256: string;
  readonly size: number;
  /** The same of what travels: it is packed with brotli. */
  readonly packedSha256: string;
  readonly packedSize: number;
  /** Ms since 1970 UTC; at `expiresAtMs` it is no longer taken. */
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** The set of keys that it is signed under. */
  readonly rootVersion: number;
  /** The set of keys that is to be believed from this update on. */
  readonly nextRoot: UpdateRoot | undefined;
}

/** A signature over a manifest, exactly as its text stands. */
export interface UpdateSignature {
  readonly keyId: string;
  /** Ed25519, base64url. */
  readonly signature: string;
}

/** A manifest under its signatures: everything that a judgement needs but the bytes. */
export interface UpdateOfferText {
  readonly manifest: string;
  readonly signatures: readonly UpdateSignature[];
}

/** One line of printable ASCII: text and bytes are then the same thing, and signed as they stand. */
const ONE_LINE = /^[\x20-\x7e]+$/;
const SHA256 = /^[0-9a-f]{64}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/;
const RUNTIME = /^>=(\d{1,3})$/;

/** Reads a manifest by hand: the launcher has no schema library. Undefined when it is none. */
export function readUpdateManifest(text: string): UpdateManifest | undefined {
  if (text.length > limits.updateManifestCharacters || !ONE_LINE.test(text)) return undefined;
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Partial<Record<string, unknown>>;
  const { format, product, version, sha256, size, packedSha256, packedSize, rootVersion } = fields;
  const nextRoot = fields.nextRoot === undefined ? undefined : updateRootOf(fields.nextRoot);
  const runtimeMajor = Number(RUNTIME.exec(String(fields.runtime))?.[1]);
  const createdAtMs = momentOf(fields.createdAt);
  const expiresAtMs = momentOf(fields.expiresAt);
  const isWhole =
    format === UPDATE_FORMAT &&
    typeof product === 'string' &&
    typeof version === 'string' &&
    isReleaseVersion(version) &&
    Number.isInteger(runtimeMajor) &&
    isHash(sha256) &&
    isHash(packedSha256) &&
    isSize(size, limits.updateBytes) &&
    isSize(packedSize, limits.updatePackedBytes) &&
    isSize(rootVersion, Number.MAX_SAFE_INTEGER) &&
    createdAtMs < expiresAtMs &&
    (fields.nextRoot === undefined || nextRoot?.version === rootVersion + 1);
  if (!isWhole) return undefined;
  const packed = { packedSha256, packedSize };
  const times = { createdAtMs, expiresAtMs };
  return {
    product,
    version,
    runtimeMajor,
    sha256,
    size,
    ...packed,
    ...times,
    rootVersion,
    nextRoot,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** NaN for what is no moment: every comparison with it is false. */
function momentOf(value: unknown): number {
  return typeof value === 'string' && MOMENT.test(value) ? Date.parse(value) : Number.NaN;
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && SHA256.test(value);
}

function isSize(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
}
