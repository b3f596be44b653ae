import { agentIdOf } from '../access/keys.ts';
import type { EnrolmentCode, EnrolmentWay } from './enrolment-code.ts';
import type { EnrolmentParts } from './enrolment-parts.ts';

/** Who takes a place, and on whose word. */
export interface Seating {
  readonly publicKey: string;
  readonly way: EnrolmentWay;
  /** Account of the person, or the id of the file whose code was used. */
  readonly account: string;
  readonly nowMs: number;
}

/** A workstation that has lost its place. */
export interface Unseated {
  readonly id: string;
  readonly siteCode: string;
}

/**
 * Puts a workstation into the place of a code, inside the caller's transaction. Whoever had the place,
 * by this code or by an earlier one, has it no more; the workstation leaves the place that it had.
 */
export function seat(parts: EnrolmentParts, code: EnrolmentCode, by: Seating): Unseated[] {
  const { codes, audit } = parts;
  const { place, validToMs } = code;
  const { publicKey, way, account, nowMs } = by;
  const id = agentIdOf(publicKey);
  const lost = new Set<string>();
  for (const other of codes.ofPlace(place)) {
    if (other.state === 'active' && other.holderKey !== null && other.holderKey !== publicKey)
      lost.add(other.holderKey);
    if (other.codeId !== code.codeId) codes.put({ ...other, ...nobodyAsks, state: 'replaced' });
  }
  leaveOthers(parts, code, publicKey);
  const before = parts.enrolments.find(id)?.placement;
  const { siteCode, roomCode, role, duty } = place;
  parts.enrolments.admit(
    { id, publicKey, placement: { siteCode, roomCode, role, duty, simulated: false }, validToMs },
    nowMs,
  );
  const enrolledAtMs = Math.round(nowMs);
  codes.put({
    ...code,
    ...nobodyAsks,
    state: 'active',
    holderKey: publicKey,
    way,
    enrolledAtMs,
    rejectedKey: null,
  });
  const from = before && before.siteCode !== siteCode ? { from: before.siteCode } : {};
  audit.add({
    atMs: nowMs,
    account,
    action: 'workstation.enrol',
    subject: id,
    details: { siteCode, roomCode, role, duty, way, codeId: code.codeId, ...from },
  });
  return [...lost].flatMap((key) => unseat(parts, key, { ...by, note: 'replaced' }));
}

/** Takes the enrolment of a workstation back, inside the caller's transaction. */
export function unseat(
  { enrolments, audit }: EnrolmentParts,
  publicKey: string,
  { account, nowMs, note }: Pick<Seating, 'account' | 'nowMs'> & { readonly note: string },
): Unseated[] {
  const id = agentIdOf(publicKey);
  const siteCode = enrolments.find(id)?.placement.siteCode;
  if (siteCode === undefined || !enrolments.end(id, 'revoked')) return [];
  const details = { siteCode, note };
  audit.add({ atMs: nowMs, account, action: 'workstation.revoke', subject: id, details });
  return [{ id, siteCode }];
}

/** Nobody asks for the place of a code. */
export const nobodyAsks = { askerKey: null, askedAtMs: null, askedWay: null } as const;

/** A PC stands in one place: where it stood before a new code is needed, and it asks nowhere else. */
function leaveOthers({ codes }: EnrolmentParts, taken: EnrolmentCode, publicKey: string): void {
  for (const other of codes.ofKey(publicKey)) {
    if (other.codeId === taken.codeId) continue;
    if (other.holderKey === publicKey) codes.put({ ...other, ...nobodyAsks, state: 'revoked' });
    else codes.put({ ...other, ...nobodyAsks });
  }
}
