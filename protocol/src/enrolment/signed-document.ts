import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/** Text under a signature, as it lies in a file or travels over a line. */
export interface SignedDocument {
  readonly format: string;
  /** Canonical JSON. */
  readonly text: string;
  /** Ed25519 over the format's word, a line end and the text; base64url. */
  readonly signature: string;
}

/** Why a document is not taken. */
export const documentFaults = [
  /** Longer than any of its kind. */
  'tooBig',
  /** Cut off, or not a document at all. */
  'notJson',
  /** A document of another kind: a credential where a file was asked for. */
  'otherFormat',
  /** Written by a newer version. */
  'newerFormat',
  /** Altered after it was signed, or signed by another key. */
  'badSignature',
  /** Signed, and yet not what its format says. */
  'wrongShape',
] as const;
export type DocumentFault = (typeof documentFaults)[number];

export type DocumentReading<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'refused'; readonly because: DocumentFault };

/** What a kind of document is. */
export interface DocumentKind {
  /** With its version: `ppe-pulse.credential.v1`. */
  readonly format: string;
  readonly maxCharacters: number;
  readonly schema: TSchema;
}

/** Bytes that are signed, as text: a signature of one kind is never another's. */
export function documentSigningText(format: string, text: string): string {
  return `${format}\n${text}`;
}

/** The document of a text, signed. */
export function signDocument(
  format: string,
  text: string,
  sign: (text: string) => string,
): SignedDocument {
  return { format, text, signature: sign(documentSigningText(format, text)) };
}

/**
 * Reads a document of one kind. `keyOf` names who must have signed what was read: a file names its
 * own collector, a credential has one that is known before. Never throws.
 */
export function readDocument<T>(
  input: string,
  kind: DocumentKind,
  keys: {
    readonly keyOf: (value: T) => string;
    readonly isSignedBy: (publicKey: string, text: string, signature: string) => boolean;
  },
): DocumentReading<T> {
  if (input.length > kind.maxCharacters) return refused('tooBig');
  const document = parse(input);
  if (typeof document !== 'object' || document === null) return refused('notJson');
  const { format, text, signature } = document as Partial<Record<keyof SignedDocument, unknown>>;
  if (format !== kind.format) return refused(strangeFormat(format, kind.format));
  if (typeof text !== 'string' || typeof signature !== 'string') return refused('wrongShape');
  const value = parse(text);
  // Without its shape nobody can say whose the signature should be.
  if (!Compile(kind.schema).Check(value)) return refused('wrongShape');
  const known = value as T;
  return keys.isSignedBy(keys.keyOf(known), documentSigningText(kind.format, text), signature)
    ? { kind: 'read', value: known }
    : refused('badSignature');
}

function strangeFormat(format: unknown, wanted: string): DocumentFault {
  if (typeof format !== 'string') return 'otherFormat';
  const [name, version] = partsOf(format);
  const [wantedName, wantedVersion] = partsOf(wanted);
  return name === wantedName && version > wantedVersion ? 'newerFormat' : 'otherFormat';
}

function partsOf(format: string): [string, number] {
  const found = /^(.{1,60})\.v(\d{1,4})$/.exec(format);
  return [found?.[1] ?? '', Number(found?.[2] ?? 0)];
}

function refused(because: DocumentFault): { readonly kind: 'refused'; because: DocumentFault } {
  return { kind: 'refused', because };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
