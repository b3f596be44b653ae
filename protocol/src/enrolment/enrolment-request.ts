import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { idOf } from '../messages/shared.ts';

const FORMAT = 'ppe-pulse.enrolment-request.v1';
/** A request is ~600 bytes. */
export const ENROLMENT_REQUEST_BYTES = 4_096;

/** HTTP path that takes requests, of a collector and of a relay. */
export const ENROL_PATH = '/agent/v1/enrol';

/**
 * A workstation asks for a place. `codeProof` is HMAC-SHA256 under SHA-256 of the code, so that the code
 * itself never travels; `signature` is the agent's. Both are over `enrolmentRequestText`: who sees the
 * request on its way can neither use it for another key nor learn the code.
 */
export const EnrolmentRequestSchema = Type.Object(
  {
    format: Type.Literal(FORMAT),
    collectorId: idOf('collectorId'),
    fileId: idOf('fileId'),
    codeId: idOf('codeId'),
    publicKey: idOf('publicKey'),
    siteCode: idOf('siteCode'),
    /** 32 bytes, base64url. */
    codeProof: idOf('nonce'),
    signature: idOf('signature'),
  },
  { additionalProperties: false },
);
export type EnrolmentRequest = Static<typeof EnrolmentRequestSchema>;

/** What a request is about, before it is proven. */
export type EnrolmentClaim = Omit<EnrolmentRequest, 'format' | 'codeProof' | 'signature'>;

/** Bytes that the code's proof and the agent's signature are over, as text. */
export function enrolmentRequestText(claim: EnrolmentClaim): string {
  return [
    FORMAT,
    claim.collectorId,
    claim.fileId,
    claim.codeId,
    claim.publicKey,
    claim.siteCode,
  ].join('\n');
}

/** A request that is proven. */
export function enrolmentRequest(
  claim: EnrolmentClaim,
  proofs: { readonly codeProof: string; readonly signature: string },
): EnrolmentRequest {
  return { format: FORMAT, ...claim, ...proofs };
}

/** The request of a file or a body; undefined for anything else. Never throws. */
export function readEnrolmentRequest(input: string): EnrolmentRequest | undefined {
  if (input.length > ENROLMENT_REQUEST_BYTES) return undefined;
  try {
    const value: unknown = JSON.parse(input);
    return Compile(EnrolmentRequestSchema).Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
