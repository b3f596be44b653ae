import type { EmDownloadSummary, Fleet, Moment } from '@ppe-pulse/protocol';
import type { Bus } from '../bus/bus.ts';
import type { ForecastBook } from '../forecasts/forecast-book.ts';
import type { Log } from '../log.ts';
import type { PlanStore } from '../plan/plan-store.ts';
import type { RegionStore } from '../region/region-store.ts';
import type { Enrolments } from '../state/enrolments.ts';
import type { Claims } from './claims.ts';
import type { Kept } from './kept.ts';
import type { RehearsalClock } from './rehearsal-clock.ts';

/** What a rehearsal is made of. */
export interface RehearsalParts {
  readonly plans: PlanStore;
  readonly region: RegionStore;
  readonly enrolments: Enrolments;
  readonly forecasts: ForecastBook;
  /** Null before there is one. */
  readonly emSummary: () => EmDownloadSummary | null;
  readonly claimsOf: (planId: string) => Claims;
  readonly keptOf: (planId: string) => Kept;
  readonly fleet: Fleet;
  readonly bus: Bus;
  readonly clock: RehearsalClock;
  readonly now: () => Moment;
  readonly log: Log;
}
