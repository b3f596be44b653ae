import type { EnrolmentCode } from './enrolment-code.ts';

/** Why a workstation is not enrolled; the API names these kinds, the agent has words for each. */
export const enrolmentRefusals = [
  /** No such code here, or the proof was not made with it. */
  'unknownCode',
  /** The request is for another collector. */
  'otherCollector',
  /** The code is of another ППЭ. */
  'otherSite',
  /** The agent's signature does not fit its key. */
  'badSignature',
  /** By the collector's clock the file is not valid yet, or no longer. */
  'tooEarly',
  'tooLate',
  /** Another workstation has the place or waits for it: a person must decide. */
  'codeUsed',
  /** As it is with `codeUsed`, and so many ask already that this one is not shown. */
  'tooManyAsk',
  /** Another workstation has the place, and an equal one of the same room is free. */
  'placeTaken',
  /** A newer code was made for the place. */
  'codeReplaced',
  /** A person took the place's workstation back, or did not let this one in. */
  'codeRevoked',
  'rejected',
] as const;
export type EnrolmentRefusal = (typeof enrolmentRefusals)[number];

/** What becomes of a request whose proofs hold. */
export type EnrolmentDecision =
  /** It takes the place. */
  | { readonly kind: 'join' }
  /** The code is used; a person lets it in. */
  | { readonly kind: 'hold' }
  /** It has the place already: the answer was lost, or the PC is set up anew. */
  | { readonly kind: 'again' }
  /** Shown on the board beside the workstation that has the place, or waits for it. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'refused'; readonly because: EnrolmentRefusal };

/** A request, and what stands around it. */
export interface AskedPlace {
  readonly publicKey: string;
  readonly siteCode: string;
  /** An unused code of the same file is for an equal place of the same room. */
  readonly hasFreeTwin: boolean;
  /** A person took this key's enrolment back, or did not let it in somewhere: no code does without one. */
  readonly isBarred: boolean;
}

/** Decides by the collector's clock alone: an exam PC's may be years off. Pure. */
export function decideEnrolment(
  code: EnrolmentCode,
  { publicKey, siteCode, hasFreeTwin, isBarred }: AskedPlace,
  nowMs: number,
): EnrolmentDecision {
  if (siteCode !== code.place.siteCode) return refused('otherSite');
  if (code.state === 'replaced') return refused('codeReplaced');
  if (code.state === 'revoked') return refused('codeRevoked');
  if (nowMs < code.validFromMs) return refused('tooEarly');
  if (nowMs >= code.validToMs) return refused('tooLate');
  if (code.rejectedKeys.includes(publicKey)) return refused('rejected');
  if (code.state === 'unused') return { kind: code.needsApproval || isBarred ? 'hold' : 'join' };
  if (publicKey === code.holderKey) return { kind: 'again' };
  // Fifteen PCs of one room share a file, and none of them knows which places are free.
  if (hasFreeTwin) return refused('placeTaken');
  return { kind: 'ask' };
}

function refused(because: EnrolmentRefusal): EnrolmentDecision {
  return { kind: 'refused', because };
}
