import type { Placement } from '@ppe-pulse/protocol';

/** A place of the registry that a workstation may be enrolled at. */
export type EnrolmentPlaceOf = Omit<Placement, 'simulated'> & {
  /** From 1 among those of the same room, role and duty. */
  readonly number: number;
};

/** How a request came: straight, through the Штаб's relay, on a flash drive. */
export const enrolmentWays = ['line', 'relay', 'drive'] as const;
export type EnrolmentWay = (typeof enrolmentWays)[number];

/**
 * What became of a code. `pending`: used, and a person must approve it. `revoked`: a person took the
 * workstation back, or did not let it in. `replaced`: a newer code was made for the place.
 */
export type CodeState = 'unused' | 'pending' | 'active' | 'revoked' | 'replaced';

/** A one-time code as the collector knows it: never the code itself. Times are ms since 1970 UTC. */
export interface EnrolmentCode {
  readonly codeId: string;
  readonly fileId: string;
  /** SHA-256 of the code, base64url: the key of the proof in a request. */
  readonly codeHash: string;
  readonly place: EnrolmentPlaceOf;
  readonly validFromMs: number;
  readonly validToMs: number;
  readonly needsApproval: boolean;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly state: CodeState;
  /** Public key of the workstation that used it; null before. */
  readonly holderKey: string | null;
  readonly enrolledAtMs: number | null;
  readonly way: EnrolmentWay | null;
  /** Public key of another workstation that came with the same code: it asks to take the place. */
  readonly askerKey: string | null;
  readonly askedAtMs: number | null;
  readonly askedWay: EnrolmentWay | null;
  /** The last one that a person did not let in its place. */
  readonly rejectedKey: string | null;
}

/** What the board shows of a code. */
export type ShownState = 'unused' | 'pending' | 'active' | 'replaceAsked' | 'revoked' | 'expired';

/** The state of a code at a moment. */
export function shownState(code: EnrolmentCode, nowMs: number): ShownState {
  const { state, askerKey, validToMs } = code;
  if (state === 'revoked' || state === 'replaced') return 'revoked';
  if (nowMs >= validToMs) return 'expired';
  return state === 'active' && askerKey !== null ? 'replaceAsked' : state;
}
