import { Type, type Static } from 'typebox';
import { EpochMs, PlacementSchema, idOf } from '../messages/shared.ts';
import { canonicalJson } from './canonical-json.ts';
import type { EnrolmentKeys } from './enrolment-keys.ts';
import {
  readDocument,
  signDocument,
  type DocumentReading,
  type SignedDocument,
} from './signed-document.ts';

const FORMAT = 'ppe-pulse.credential.v1';
/** A credential is ~1 kB, and its relay's certificate ~2 kB. */
export const CREDENTIAL_CHARACTERS = 32_768;
/** Штаб workstations of one ППЭ that may be its relay. */
export const MAX_RELAYS = 8;

const CredentialSchema = Type.Object({
  agentId: idOf('agentId'),
  publicKey: idOf('publicKey'),
  placement: PlacementSchema,
  collectorId: idOf('collectorId'),
  /** Collector's clock, ms since 1970 UTC; at `validToMs` the workstation is no longer let in. */
  validFromMs: EpochMs,
  validToMs: EpochMs,
  issuedAtMs: EpochMs,
  /** `pending`: a person must approve it first; until then the workstation is not let in. */
  state: Type.Enum(['active', 'pending']),
  /** Keys of the ППЭ's own relays: over a line without TLS a member knows its relay by them. */
  relays: Type.Array(idOf('publicKey'), { maxItems: MAX_RELAYS }),
  /** Of a Штаб whose collector has an authority: its relay's certificate, for this ППЭ alone. */
  relayCertificatePem: Type.Optional(Type.String({ maxLength: 16_384 })),
});

/** The collector's word that a key belongs to a workstation, and for how long. */
export type Credential = Static<typeof CredentialSchema>;

const kind = { format: FORMAT, maxCharacters: CREDENTIAL_CHARACTERS, schema: CredentialSchema };

/** The credential of a workstation, signed by its collector. */
export function writeCredential(
  credential: Credential,
  sign: (text: string) => string,
): SignedDocument {
  return signDocument(FORMAT, canonicalJson(credential), sign);
}

/** Reads a credential that the collector's key must have signed for the agent's. Never throws. */
export function readCredential(
  input: string,
  parties: { readonly collectorKey: string; readonly publicKey: string },
  keys: EnrolmentKeys,
): DocumentReading<Credential> | { readonly kind: 'refused'; readonly because: 'otherKey' } {
  const reading = readDocument<Credential>(input, kind, {
    keyOf: () => parties.collectorKey,
    isSignedBy: (...signed) => keys.isSignedBy(...signed),
  });
  if (reading.kind === 'refused') return reading;
  const { agentId, publicKey, collectorId, validFromMs, validToMs } = reading.value;
  if (publicKey !== parties.publicKey) return { kind: 'refused', because: 'otherKey' };
  const isWhole =
    keys.agentIdOf(publicKey) === agentId &&
    keys.collectorIdOf(parties.collectorKey) === collectorId &&
    validFromMs < validToMs;
  return isWhole ? reading : { kind: 'refused', because: 'wrongShape' };
}
