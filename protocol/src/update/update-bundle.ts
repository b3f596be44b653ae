import { isId } from '../ids.ts';
import { limits } from '../limits.ts';
import type { UpdateOfferText, UpdateSignature } from './update-manifest.ts';

/** A bundle in its parts. */
export interface UpdateBundle extends UpdateOfferText {
  /** `agent.mjs`, packed with brotli. */
  readonly packed: Uint8Array;
}

const LINE_END = 10;
/** A signature with its key's name and JSON's marks is ~130 characters. */
const SIGNATURES_CHARACTERS = 256 * limits.updateSignatures;
/** The largest file that can be a bundle. */
export const UPDATE_FILE_BYTES =
  limits.updateManifestCharacters + SIGNATURES_CHARACTERS + limits.updatePackedBytes + 2;

/** A line with the manifest, a line with the signatures over it, then what is packed. */
export function joinUpdateBundle({ manifest, signatures, packed }: UpdateBundle): Uint8Array {
  const head = `${manifest}\n${JSON.stringify(signatures)}\n`;
  const file = new Uint8Array(head.length + packed.length);
  for (let at = 0; at < head.length; at += 1) file[at] = head.charCodeAt(at);
  file.set(packed, head.length);
  return file;
}

/** Undefined when the file does not begin with two such lines. Nothing of it is believed yet. */
export function splitUpdateBundle(file: Uint8Array): UpdateBundle | undefined {
  const first = lineOf(file, limits.updateManifestCharacters);
  if (first === undefined) return undefined;
  const second = lineOf(file.subarray(first.length + 1), SIGNATURES_CHARACTERS);
  const signatures = second === undefined ? undefined : readUpdateSignatures(second);
  if (second === undefined || signatures === undefined) return undefined;
  const packed = file.subarray(first.length + second.length + 2);
  return { manifest: first, signatures, packed };
}

/** The signatures in a line of JSON; undefined when it holds something else. */
export function readUpdateSignatures(text: string): readonly UpdateSignature[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || value.length > limits.updateSignatures) return undefined;
  const read = value.map(signatureOf).filter((each) => each !== undefined);
  return read.length === value.length ? read : undefined;
}

function signatureOf(value: unknown): UpdateSignature | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { keyId, signature } = value as Partial<Record<string, unknown>>;
  if (typeof keyId !== 'string' || typeof signature !== 'string') return undefined;
  return isId('updateKeyId', keyId) && isId('signature', signature)
    ? { keyId, signature }
    : undefined;
}

/** The line at the begin of the bytes, printable ASCII, without its end. */
function lineOf(bytes: Uint8Array, most: number): string | undefined {
  const end = bytes.subarray(0, most + 1).indexOf(LINE_END);
  if (end < 1) return undefined;
  let text = '';
  for (const byte of bytes.subarray(0, end)) {
    if (byte < 0x20 || byte > 0x7e) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
