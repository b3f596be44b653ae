import { createHash, createHmac } from 'node:crypto';
import {
  enrolmentRequest,
  enrolmentRequestText,
  type EnrolmentFile,
  type EnrolmentPlace,
  type EnrolmentRequest,
} from '@ppe-pulse/protocol/enrolment';
import type { Identity } from '../platform/identity.ts';

/** The request of this PC for a place of its file: proven with the code, which is not in it. */
export function makeRequest(
  { fileId, siteCode, collector }: EnrolmentFile,
  { codeId, code }: EnrolmentPlace,
  { publicKey, sign }: Pick<Identity, 'publicKey' | 'sign'>,
): EnrolmentRequest {
  const claim = { collectorId: collector.id, fileId, codeId, publicKey, siteCode };
  const text = enrolmentRequestText(claim);
  const key = createHash('sha256').update(Buffer.from(code, 'base64url')).digest();
  const codeProof = createHmac('sha256', key).update(text).digest('base64url');
  return enrolmentRequest(claim, { codeProof, signature: sign(text) });
}
