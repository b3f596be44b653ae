import type { Placement } from '@ppe-pulse/protocol';

export const enrolmentStates = [
  'replaceAsked',
  'pending',
  'unused',
  'active',
  'expired',
  'revoked',
] as const;
export type EnrolmentState = (typeof enrolmentStates)[number];

/** A workstation that wants a place. */
export interface EnrolmentAsker {
  readonly workstationId: string;
  readonly askedAt: string;
  readonly way: EnrolmentWay;
}

type EnrolmentWay = 'line' | 'relay' | 'drive';

/** A place of a file in `GET /api/v1/enrolments`. Times are RFC 3339. */
export interface EnrolmentAnswer extends Omit<Placement, 'simulated'> {
  readonly codeId: string;
  /** From 1 among those of the same room, role and duty. */
  readonly number: number;
  readonly state: EnrolmentState;
  /** Who stands there; of a pending place who waits to. */
  readonly workstationId?: string;
  /** Its key is alive on another PC as well. */
  readonly isCloned?: boolean;
  /** Among whom a person decides, the longest wait first; of a pending place the one who waits is one. */
  readonly askers: readonly EnrolmentAsker[];
  readonly enrolledAt?: string;
  readonly validFrom: string;
  /** The end is no longer part of it. */
  readonly validTo: string;
  readonly way: EnrolmentWay | null;
}

export interface EnrolmentsAnswer {
  /** Of all places, whatever was asked for. */
  readonly summary: { readonly total: number; readonly active: number };
  readonly items: readonly EnrolmentAnswer[];
  readonly nextCursor?: string;
}
