import {
  readCredential,
  type Credential,
  type DocumentFault,
  type EnrolmentFile,
} from '@ppe-pulse/protocol/enrolment';
import { enrolmentKeys } from './enrolment-keys.ts';
import type { EnrolmentRecord } from './enrolment-record.ts';

/** Where this PC connects from now on, and what the one who answered there showed of itself. */
export interface Way {
  readonly url: string;
  readonly isRelay: boolean;
  /** The relay's key, as it named it. */
  readonly relayKey: string | undefined;
}

export type CredentialFault =
  | DocumentFault
  /** Of another key than this PC's. */
  | 'otherKey'
  /** Over a line without TLS, and the collector does not know the relay that answered. */
  | 'unknownRelay';

export type CredentialOutcome =
  | { readonly kind: 'enrolled'; readonly record: EnrolmentRecord }
  | { readonly kind: 'refused'; readonly because: CredentialFault };

/** Checks a credential against the file that this PC asked with, and makes what it keeps of both. */
export function takeCredential(
  text: string,
  { file, publicKey, way }: { file: EnrolmentFile; publicKey: string; way: Way },
): CredentialOutcome {
  const { collector } = file;
  const parties = { collectorKey: collector.publicKey, publicKey };
  const reading = readCredential(text, parties, enrolmentKeys);
  if (reading.kind === 'refused') return reading;
  const { value } = reading;
  const connect = connectOf(value, way, collector.publicKey);
  if (!connect) return { kind: 'refused', because: 'unknownRelay' };
  const { agentId, placement, validFromMs, validToMs, state, relayCertificatePem } = value;
  return {
    kind: 'enrolled',
    record: {
      agentId,
      collector,
      connect,
      placement,
      validFromMs,
      validToMs,
      state,
      ...(relayCertificatePem !== undefined && { relayCertificatePem }),
      credential: JSON.parse(text) as EnrolmentRecord['credential'],
    },
  };
}

/** The file's authority vouches for a relay's certificate; without TLS the credential names its key. */
function connectOf(
  { placement, relays }: Credential,
  { url, isRelay, relayKey }: Way,
  collectorKey: string,
): EnrolmentRecord['connect'] | undefined {
  if (!isRelay) return { url, publicKey: collectorKey };
  if (url.startsWith('wss:')) return { url, relayOf: placement.siteCode };
  const known =
    relays.find((each) => each === relayKey) ?? (relays.length === 1 ? relays[0] : undefined);
  return known === undefined ? undefined : { url, publicKey: known };
}
