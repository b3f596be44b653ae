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
    codes.nobodyAsks(other.codeId);
    if (other.codeId !== code.codeId) codes.put({ ...other, state: 'replaced' });
  }
  leaveOthers(parts, code, publicKey);
  const before = parts.enrolments.find(id)?.placement;
  const { siteCode, roomCode, role, duty } = place;
  parts.enrolments.admit(
    { id, publicKey, placement: { siteCode, roomCode, role, duty, simulated: false }, validToMs },
    nowMs,
  );
  const enrolledAtMs = Math.round(nowMs);
  codes.put({ ...code, state: 'active', holderKey: publicKey, way, enrolledAtMs });
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

/** `seat` in a transaction of its own, with the word of a person where there is one; then all are told. */
export function seatAndTell(
  parts: EnrolmentParts,
  code: EnrolmentCode,
  by: Seating,
  action?: string,
): void {
  let gone: Unseated[] = [];
  parts.transaction(() => {
    if (action !== undefined) note(parts, action, { code, by });
    gone = seat(parts, code, by);
  });
  tell(parts, gone);
  parts.joined(agentIdOf(by.publicKey));
}

/** Those who have lost their places are turned away. */
export function tell({ left }: EnrolmentParts, gone: readonly Unseated[]): void {
  for (const { id, siteCode } of gone) left(id, siteCode, 'revoked');
}

/** Writes down what was done about a workstation at a code, inside the caller's transaction. */
export function note(
  { audit }: EnrolmentParts,
  action: string,
  {
    code: { codeId, place },
    by: { account, nowMs, publicKey },
  }: { readonly code: EnrolmentCode; readonly by: Omit<Seating, 'way'> },
): void {
  const { siteCode, roomCode, role, duty } = place;
  const details = { workstation: agentIdOf(publicKey), siteCode, roomCode, role, duty };
  audit.add({ atMs: nowMs, account, action, subject: codeId, details });
}

/** Takes the enrolment of a workstation back, inside the caller's transaction. */
export function unseat(
  { enrolments, audit }: EnrolmentParts,
  publicKey: string,
  { account, nowMs, note: why }: Pick<Seating, 'account' | 'nowMs'> & { readonly note: string },
): Unseated[] {
  const id = agentIdOf(publicKey);
  const siteCode = enrolments.find(id)?.placement.siteCode;
  if (siteCode === undefined || !enrolments.end(id, 'revoked')) return [];
  const details = { siteCode, note: why };
  audit.add({ atMs: nowMs, account, action: 'workstation.revoke', subject: id, details });
  return [{ id, siteCode }];
}

/** A PC stands in one place: where it stood before a new code is needed, and it asks nowhere else. */
function leaveOthers({ codes }: EnrolmentParts, taken: EnrolmentCode, publicKey: string): void {
  // Who is let in is let in: what a person said of this key before is over.
  codes.forgetAsker(publicKey);
  for (const other of codes.heldBy(publicKey)) {
    if (other.codeId === taken.codeId) continue;
    codes.nobodyAsks(other.codeId);
    codes.put({ ...other, state: 'revoked' });
  }
}
