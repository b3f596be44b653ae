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
  /** Another workstation that came with the same code. */
  readonly askedBy?: string;
  readonly askedAt?: string;
  readonly enrolledAt?: string;
  readonly validFrom: string;
  /** The end is no longer part of it. */
  readonly validTo: string;
  readonly way: 'line' | 'relay' | 'drive' | null;
}

export interface EnrolmentsAnswer {
  readonly items: readonly EnrolmentAnswer[];
}
