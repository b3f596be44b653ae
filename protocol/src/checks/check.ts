import type { Evidence } from '../messages/shared.ts';
import type { Role } from '../placement.ts';
import type { Verdict } from '../truth.ts';
import type { Family } from './metrics.ts';
import type { Reason } from './reasons.ts';
import type { Thresholds } from './thresholds.ts';

/** What a check says about good, current readings. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly evidence: Evidence;
}

/** One condition that a workstation is judged by. Add one to `catalogue.ts`. */
export interface CheckDefinition {
  readonly id: string;
  /** Roles it applies to. */
  readonly roles: readonly Role[];
  /** The probe family whose failure makes this check unknown. */
  readonly family: Family;
  /** Metrics it rests on; all must be there. The first is its main number on charts. */
  readonly metrics: readonly [string, ...string[]];
  /** Readings older than this are stale: `unknown`, never `ok`. */
  readonly maxAgeMs: number;
  /** Pure: values in the order of `metrics`. */
  readonly judge: (values: readonly number[], thresholds: Thresholds) => Judgement;
}

/** Two limits of one quantity, with the reasons for crossing them. */
export interface TwoLimits {
  readonly warn: number;
  readonly fail: number;
  readonly warnReason: Reason;
  readonly failReason: Reason;
}

/** `ok` up to `warn`, `warn` up to `fail`, `fail` above. The limits go into the evidence. */
export function judgeUpper(value: number, limits: TwoLimits): Judgement {
  const evidence = { value, warn: limits.warn, fail: limits.fail };
  if (value > limits.fail) return { verdict: 'fail', reason: limits.failReason, evidence };
  if (value > limits.warn) return { verdict: 'warn', reason: limits.warnReason, evidence };
  return { verdict: 'ok', reason: 'ok', evidence };
}

/** `ok` from `warn` up, `warn` from `fail` up, `fail` below. */
export function judgeLower(value: number, limits: TwoLimits): Judgement {
  const evidence = { value, warn: limits.warn, fail: limits.fail };
  if (value < limits.fail) return { verdict: 'fail', reason: limits.failReason, evidence };
  if (value < limits.warn) return { verdict: 'warn', reason: limits.warnReason, evidence };
  return { verdict: 'ok', reason: 'ok', evidence };
}
