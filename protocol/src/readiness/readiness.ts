import type { Evidence } from '../messages/shared.ts';
import type { Verdict } from '../truth.ts';

/** One thing that must hold for a ППЭ to be ready. */
export interface Condition {
  /** Id of the rule in the catalogue: `printerTested`, `reservePrinterTested`, `camerasOn`… */
  readonly id: string;
  readonly verdict: Verdict;
  /** A token with a text in both languages, «what to do» included. */
  readonly reason: string;
  readonly evidence: Evidence;
  /** Age of the oldest reading it rests on, null where it rests on none. */
  readonly ageMs: number | null;
  /** Since when it stands so, on the rehearsal's clock. */
  readonly sinceMs: number;
  /** Rooms that it misses in, and how many places in all; empty for a condition of the whole site. */
  readonly rooms: readonly string[];
}

/** «17 of 19 conditions; missing: …». */
export interface Readiness {
  readonly siteCode: string;
  readonly met: number;
  readonly total: number;
  readonly verdict: Verdict;
  /** All of them, in the order of the catalogue. */
  readonly conditions: readonly Condition[];
}
