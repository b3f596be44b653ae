import type { CheckVerdict } from '../messages/shared.ts';

/** What a flash drive brought of a workstation. It completes history and raises nothing. */
export interface Carried {
  /** When it was brought, listener's wall clock. */
  readonly importedAtMs: number;
  /** When the newest heartbeat of it was produced, listener's wall clock. */
  readonly newestAtMs: number;
  /** Verdicts of that heartbeat. */
  readonly checks: readonly CheckVerdict[];
}
