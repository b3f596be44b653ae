import type { Placement } from '@ppe-pulse/protocol';

/** A place of the registry that a workstation may be enrolled at. */
export type EnrolmentPlaceOf = Omit<Placement, 'simulated'> & {
  /** From 1 among those of the same room, role and duty. */
  readonly number: number;
};

/** How a request came: straight, through the Штаб's relay, on a flash drive. */
export const enrolmentWays = ['line', 'relay', 'drive'] as const;
export type EnrolmentWay = (typeof enrolmentWays)[number];

/** Another workstation that came with a code that was used: it asks to take the place. */
export interface Asker {
  readonly publicKey: string;
  /** Ms since 1970 UTC. */
  readonly askedAtMs: number;
  readonly way: EnrolmentWay;
}

/** Askers of one code that are kept and shown: more of them decide nothing and would fill the disk. */
export const MAX_ASKERS = 8;

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
  /** Who waits beside the holder, the longest wait first. */
  readonly askers: readonly Asker[];
  /** Public keys that a person did not let in here. */
  readonly rejectedKeys: readonly string[];
}

/** What is written of a code itself; who asks is written one by one. */
export type WrittenCode = Omit<EnrolmentCode, 'askers' | 'rejectedKeys'>;

/** What the board shows of a code. */
export type ShownState = 'unused' | 'pending' | 'active' | 'replaceAsked' | 'revoked' | 'expired';

/** The state of a code at a moment. */
export function shownState(code: EnrolmentCode, nowMs: number): ShownState {
  const { state, askers, validToMs } = code;
  if (state === 'revoked' || state === 'replaced') return 'revoked';
  if (nowMs >= validToMs) return 'expired';
  return state === 'active' && askers.length > 0 ? 'replaceAsked' : state;
}

/** Those among whom a person decides at a moment; the holder is one of them until he is let in. Pure. */
export function undecidedOf(code: EnrolmentCode, nowMs: number): readonly Asker[] {
  const shown = shownState(code, nowMs);
  if (shown !== 'pending' && shown !== 'replaceAsked') return [];
  const { holderKey, enrolledAtMs, way, askers } = code;
  if (shown === 'replaceAsked' || holderKey === null) return askers;
  return [{ publicKey: holderKey, askedAtMs: enrolledAtMs ?? 0, way: way ?? 'line' }, ...askers];
}
