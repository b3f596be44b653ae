import type { Mode } from '../placement.ts';
import type { Thresholds } from '../checks/thresholds.ts';
import type { PlanHosts, PrintNorms, ThroughputPlan } from './plan.ts';

/** A stretch of time in which a workstation is quiet or off. */
export interface ModeSpan {
  readonly mode: Exclude<Mode, 'prep'>;
  /** Collector's clock, ms since 1970 UTC; `toMs` is not in it. */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * What one workstation needs of the plan. It is sent as text with a signature over that text, kept on
 * the PC, and holds without a network.
 */
export interface AgentPlan {
  /** Of the live plan: counts up with every edit. */
  readonly version: number;
  readonly planId: string;
  readonly agentId: string;
  /** The plan says nothing outside of these, ms since 1970 UTC. */
  readonly validFromMs: number;
  readonly validToMs: number;
  readonly timeZone: string;
  /** False for a site that takes no part. */
  readonly isInvolved: boolean;
  /** Ordered by `fromMs`; where two overlap the quieter one holds. */
  readonly modes: readonly ModeSpan[];
  readonly thresholds: Partial<Thresholds>;
  readonly hosts: PlanHosts;
  readonly throughput: ThroughputPlan;
  /** Set where this workstation prints. */
  readonly print: PrintNorms | null;
}
