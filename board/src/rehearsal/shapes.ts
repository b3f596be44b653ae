import type {
  EmArrivals,
  Forecast,
  PrintSummary,
  StageId,
  StageTrack,
  Verdict,
} from '@ppe-pulse/protocol';
import type { WorkstationAnswer } from '../api/shapes.ts';

/** `GET /api/v1/sites/{code}/readiness`, as far as the page shows it. Times are RFC 3339. */
export interface ReadinessAnswer {
  readonly met: number;
  readonly total: number;
  readonly verdict: Verdict;
  readonly conditions: readonly ConditionAnswer[];
}

export interface ConditionAnswer {
  readonly id: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly since: string;
  /** Codes of the rooms that it is about; none for the whole site. */
  readonly rooms: readonly string[];
  /** The collector's words in the language asked for. */
  readonly title: string;
  readonly basis: string;
  readonly todo: string;
}

/** `GET /api/v1/sites/{code}/claims`, newest first. */
export interface ClaimsAnswer {
  readonly items: readonly ClaimAnswer[];
}

export interface ClaimAnswer {
  readonly id: number;
  readonly roomCode: string | null;
  readonly track: StageTrack;
  readonly stage: StageId;
  readonly done: number | null;
  readonly isMade: boolean;
  readonly by: string;
  readonly at: string;
  readonly note: string;
}

/** `GET /api/v1/forecasts?site=`, as far as the page shows it. Times are ms since 1970 UTC. */
export interface SiteForecastsAnswer {
  readonly current: readonly (Omit<Forecast, 'madeAtMs'> & { readonly madeAt: string })[];
  readonly prints: PrintSummary | null;
}

/** `GET /api/v1/forecasts/em`. */
export interface EmForecastAnswer {
  readonly all: EmArrivals;
  readonly municipalities: readonly (EmArrivals & {
    readonly municipality: string;
    readonly name: string;
  })[];
}

/** `GET /api/v1/workstations?planBehind=true`. */
export interface BehindAnswer {
  readonly items: readonly WorkstationAnswer[];
  readonly nextCursor?: string;
}

/** `GET /api/v1/workstations/unplanned`. */
export interface UnplannedAnswer {
  readonly items: readonly {
    readonly id: string;
    readonly siteCode: string;
    readonly roomCode: string;
    readonly role: string;
    readonly duty: string;
    readonly wasHeard: boolean;
  }[];
}
