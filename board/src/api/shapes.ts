import type { Evidence, Mode, Placement, Verdict } from '@ppe-pulse/protocol';

/** `GET /api/v1/workstations/{id}`, as far as the page shows it. Times are RFC 3339. */
export interface WorkstationAnswer extends Placement {
  readonly id: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly lastSeenAt: string | null;
  readonly agentVersion: string | null;
  /** Null before the agent said so. */
  readonly mode: Mode | null;
  readonly planVersion: number | null;
  readonly journalLag: number;
  /** What a flash drive last brought; a collector of before does not say. */
  readonly carried?: CarriedAnswer | null;
  readonly checks: readonly CheckAnswer[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly measuredAt: Readonly<Record<string, string>>;
  readonly inventory: Readonly<Record<string, string | number>> | null;
}

export interface CarriedAnswer {
  readonly importedAt: string;
  readonly newestAt: string;
  readonly checks: readonly Pick<CheckAnswer, 'id' | 'verdict' | 'reason' | 'evidence'>[];
}

export interface CheckAnswer {
  readonly id: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly evidence: Evidence;
  readonly measuredAt: string | null;
  readonly value?: number;
  readonly unit?: string;
}

/** `GET /api/v1/workstations/{id}/series`. */
export interface SeriesAnswer {
  readonly metric: string;
  readonly unit: string;
  readonly from: string;
  readonly to: string;
  readonly bucketMs: number;
  readonly points: readonly SeriesPoint[];
}

export interface SeriesPoint {
  readonly at: string;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly count: number;
}
