import type { Evidence } from '../messages/shared.ts';
import type { Verdict } from '../truth.ts';
import type { AlertRule } from './rules.ts';
import { silentReasons } from './severity.ts';
import type { Upset } from './upset.ts';

/** It comes and goes when it came so often within the window. */
const FLIPS = 4;
export const FLIP_WINDOW_MS = 10 * 60_000;
/** Then it must be quiet for so long. */
const UNSTABLE_RESOLVE_MS = 5 * 60_000;

/**
 * `pending` until its `for` is over, `ready` to be told, `open` while an incident covers it, `healing`
 * until it was good for long enough, `quiet` while only its flips are remembered, `dismissed` by a person
 * until it heals.
 */
export type FaultStage = 'pending' | 'ready' | 'open' | 'healing' | 'quiet' | 'dismissed';

/** One check of one workstation that is wrong. The engine's own; it changes. */
export interface Fault {
  readonly sourceId: string;
  readonly checkId: string;
  readonly rule: AlertRule;
  stage: FaultStage;
  /** Faults of one cause may be one incident. */
  cause: string;
  verdict: Verdict;
  reason: string;
  evidence: Evidence;
  outageMs: number;
  /** When it began, monotonic and wall. */
  sinceMs: number;
  sinceAtMs: number;
  /** When its stage is over, monotonic. */
  dueMs: number;
  /** Id of the incident that covers it. */
  incidentId: string | null;
  /** Its workstation is not heard. */
  isUnheard: boolean;
  /** Monotonic moments at which it came. */
  readonly flips: number[];
}

/** Faults that are wrong now, also those not told yet. */
export const failingStages: ReadonlySet<FaultStage> = new Set(['pending', 'ready', 'open']);

/** What faults have in common: the check and its reason; all ways of not being heard are one. */
export function causeOf({ kind }: AlertRule, reason: string): string {
  return `${kind}/${silentReasons.has(reason) ? 'silent' : reason}`;
}

export function newFault(sourceId: string, upset: Upset, now: { ms: number; atMs: number }): Fault {
  const { checkId, rule, verdict, reason, evidence, outageMs, openAfterMs } = upset;
  return {
    sourceId,
    checkId,
    rule,
    stage: 'pending',
    cause: causeOf(rule, reason),
    verdict,
    reason,
    evidence,
    outageMs,
    sinceMs: now.ms,
    sinceAtMs: now.atMs,
    dueMs: now.ms + openAfterMs,
    incidentId: null,
    isUnheard: false,
    flips: [now.ms],
  };
}

/** It came again. */
export function flip(fault: Fault, nowMs: number): void {
  fault.flips.push(nowMs);
  if (fault.flips.length > FLIPS) fault.flips.shift();
}

export function isUnstable({ flips }: Fault, nowMs: number): boolean {
  const first = flips[0];
  return flips.length >= FLIPS && first !== undefined && nowMs - first <= FLIP_WINDOW_MS;
}

/** How long it must be good before its incident may end, ms. */
export function resolveAfterMs(fault: Fault, nowMs: number): number {
  return isUnstable(fault, nowMs) ? UNSTABLE_RESOLVE_MS : fault.rule.resolveAfterMs;
}
