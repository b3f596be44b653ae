import { Type, type Static } from 'typebox';
import { DutySchema, EpochMs, RoleSchema, idOf } from '../messages/shared.ts';
import { limits } from '../limits.ts';
import { canonicalJson } from './canonical-json.ts';
import type { EnrolmentKeys } from './enrolment-keys.ts';
import {
  readDocument,
  signDocument,
  type DocumentReading,
  type SignedDocument,
} from './signed-document.ts';

const FORMAT = 'ppe-pulse.enrolment.v1';
/** 250 places of ~200 characters, addresses, pins and a certificate. */
export const ENROLMENT_FILE_CHARACTERS = 131_072;
/** Places that a region counts in one room, role and duty. */
const MAX_NUMBER = 1_000;

const SocketUrl = Type.String({ pattern: '^wss?://[^/@\\s]+/?$', maxLength: 300 });
/** SHA-256 over a SubjectPublicKeyInfo, as RFC 7469 writes it. */
const Pin = Type.String({ pattern: '^sha256/[A-Za-z0-9+/]{43}=$' });

/** The collector that agents of a file belong to, and how they know it again. */
export const EnrolmentCollectorSchema = Type.Object({
  id: idOf('collectorId'),
  /** Raw Ed25519 key, base64url. */
  publicKey: idOf('publicKey'),
  /** Where it listens for agents; the first that answers is taken. */
  urls: Type.Array(SocketUrl, { minItems: 1, maxItems: 8 }),
  /** The Штаб's relay in the LAN, where somebody knows its address. */
  relayUrl: Type.Optional(SocketUrl),
  /** Its own authority's certificate; null for a certificate that the system trusts, or no TLS. */
  caPem: Type.Union([Type.String({ maxLength: 16_384 }), Type.Null()]),
  pins: Type.Array(Pin, { maxItems: 8 }),
  /**
   * The collector itself shows an operator's certificate, of an authority that systems trust: then they
   * are believed for it beside `caPem`, `pins` are none of its, and both are for its relays.
   */
  systemRoots: Type.Optional(Type.Literal(true)),
});
export type EnrolmentCollector = Static<typeof EnrolmentCollectorSchema>;

/** A place that a workstation may take with its one-time code. */
const PlaceSchema = Type.Object({
  codeId: idOf('codeId'),
  /** 32 random bytes, base64url. Whoever holds it may take the place: it never leaves the PC. */
  code: idOf('nonce'),
  roomCode: idOf('roomCode'),
  role: RoleSchema,
  duty: DutySchema,
  /** From 1 among those of the same room, role and duty. */
  number: Type.Integer({ minimum: 1, maximum: MAX_NUMBER }),
});
export type EnrolmentPlace = Static<typeof PlaceSchema>;

const FileSchema = Type.Object({
  fileId: idOf('fileId'),
  siteCode: idOf('siteCode'),
  collector: EnrolmentCollectorSchema,
  /** Collector's clock, ms since 1970 UTC; `validToMs` is no longer part of it. */
  validFromMs: EpochMs,
  validToMs: EpochMs,
  createdAtMs: EpochMs,
  places: Type.Array(PlaceSchema, { minItems: 1, maxItems: limits.rosterMembers }),
});

/** What a ППЭ gets to enrol its workstations. */
export type EnrolmentFile = Static<typeof FileSchema>;

const kind = { format: FORMAT, maxCharacters: ENROLMENT_FILE_CHARACTERS, schema: FileSchema };

/** The file of a ППЭ, signed by its collector. */
export function writeEnrolmentFile(
  file: EnrolmentFile,
  sign: (text: string) => string,
): SignedDocument {
  return signDocument(FORMAT, canonicalJson(file), sign);
}

/**
 * Reads a file. It proves that it is whole and of the collector that it names; that this is the right
 * collector is what whoever brought it stands for.
 */
export function readEnrolmentFile(
  input: string,
  keys: EnrolmentKeys,
): DocumentReading<EnrolmentFile> {
  const reading = readDocument<EnrolmentFile>(input, kind, {
    keyOf: ({ collector }) => collector.publicKey,
    isSignedBy: (...signed) => keys.isSignedBy(...signed),
  });
  if (reading.kind === 'refused') return reading;
  const { collector, validFromMs, validToMs, places } = reading.value;
  const isWhole =
    keys.collectorIdOf(collector.publicKey) === collector.id &&
    validFromMs < validToMs &&
    new Set(places.map(({ codeId }) => codeId)).size === places.length;
  return isWhole ? reading : { kind: 'refused', because: 'wrongShape' };
}
