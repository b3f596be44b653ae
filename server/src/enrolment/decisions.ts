import { agentIdOf } from '../access/keys.ts';
import { no, type DeskRefusal } from './desk-refusal.ts';
import { undecidedOf, type Asker, type EnrolmentCode } from './enrolment-code.ts';
import type { EnrolmentParts } from './enrolment-parts.ts';
import { note, seatAndTell, tell, unseat, type Unseated } from './seats.ts';

export type PersonOutcome =
  | { readonly kind: 'done' }
  | DeskRefusal<'unknownCode' | 'nobodyAsks' | 'otherAsks' | 'unknownWorkstation'>;

/** Whom of those at a code a person means: the code alone says nothing of who stands behind it by now. */
export interface Decided {
  readonly codeId: string;
  readonly workstationId: string;
  readonly account: string;
}

/** Lets in one who waits: at a free place, or in the place of the one there. */
export function approve(parts: EnrolmentParts, decided: Decided): PersonOutcome {
  const meant = meantBy(parts, decided);
  if (meant.kind === 'refused') return meant;
  const { publicKey, way } = meant.asker;
  const by = { publicKey, way, account: decided.account, nowMs: parts.nowMs() };
  seatAndTell(parts, meant.code, by, 'enrolment.approve');
  return { kind: 'done' };
}

/**
 * Does not let in one who waits. A place that is taken stays so; of a place that nobody has the next who
 * waits takes the turn, and with nobody left the code is burnt. Whoever held one code of a file in wrong
 * hands holds the others: none of them lets anybody in without a person from now on.
 */
export function reject(parts: EnrolmentParts, decided: Decided): PersonOutcome {
  const { codes, nowMs, transaction } = parts;
  const meant = meantBy(parts, decided);
  if (meant.kind === 'refused') return meant;
  const { code, asker } = meant;
  const { publicKey } = asker;
  transaction(() => {
    codes.putAsker(code.codeId, { ...asker, isRejected: true });
    if (publicKey === code.holderKey) turnTo(parts, code, code.askers[0]);
    codes.guardFile(code.fileId);
    const by = { account: decided.account, nowMs: nowMs(), publicKey };
    note(parts, 'enrolment.reject', { code, by });
  });
  return { kind: 'done' };
}

/** Takes the enrolment of a workstation back: it is turned away at once, and its file is guarded. */
export function revoke(
  parts: EnrolmentParts,
  id: string,
  by: { readonly account: string; readonly note: string },
): PersonOutcome {
  const { enrolments, codes, nowMs, transaction } = parts;
  const enrolment = enrolments.find(id);
  if (!enrolment) return no('unknownWorkstation', `workstation ${id} is not enrolled`);
  const { publicKey } = enrolment;
  let gone: Unseated[] = [];
  transaction(() => {
    for (const code of codes.heldBy(publicKey)) {
      codes.nobodyAsks(code.codeId);
      codes.put({ ...code, state: 'revoked' });
      codes.guardFile(code.fileId);
    }
    codes.asksNowhere(publicKey);
    gone = unseat(parts, publicKey, { ...by, nowMs: nowMs() });
  });
  tell(parts, gone);
  return { kind: 'done' };
}

function meantBy(
  { codes, nowMs }: EnrolmentParts,
  { codeId, workstationId }: Decided,
):
  | { readonly kind: 'meant'; readonly code: EnrolmentCode; readonly asker: Asker }
  | Extract<PersonOutcome, { kind: 'refused' }> {
  const code = codes.find(codeId);
  if (!code) return no('unknownCode', `there is no code ${codeId}`);
  const waiting = undecidedOf(code, nowMs());
  if (waiting.length === 0) return no('nobodyAsks', `nobody waits for the place of ${codeId}`);
  const asker = waiting.find(({ publicKey }) => agentIdOf(publicKey) === workstationId);
  if (asker) return { kind: 'meant', code, asker };
  return no('otherAsks', `not ${workstationId} waits for the place of ${codeId}: look again`);
}

function turnTo({ codes }: EnrolmentParts, code: EnrolmentCode, next: Asker | undefined): void {
  if (!next) {
    codes.put({ ...code, state: 'revoked' });
    return;
  }
  const { publicKey: holderKey, askedAtMs: enrolledAtMs, way } = next;
  codes.stopAsking(code.codeId, holderKey);
  codes.put({ ...code, holderKey, enrolledAtMs, way });
}
