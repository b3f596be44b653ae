import type { CheckVerdict } from '../messages/shared.ts';
import type { Role } from '../placement.ts';
import { checks } from './catalogue.ts';
import type { CheckDefinition } from './check.ts';
import type { Family } from './metrics.ts';
import type { Reason } from './reasons.ts';
import { thresholdsFor, type Thresholds } from './thresholds.ts';

/** One number and when it was read, on the clock of `nowMs`. */
export interface Reading {
  readonly value: number;
  readonly atMs: number;
}

/**
 * How a probe family fares. «Nothing to measure», «failed to measure» and «measured bad» are three
 * things: the first drops the check, the second makes it unknown, the third is the check's to say.
 */
export type FamilyState =
  | { readonly kind: 'measured' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly reason: Reason };

/** All that a workstation knows when it is judged. */
export interface JudgeInput {
  readonly role: Role;
  readonly readings: ReadonlyMap<string, Reading>;
  readonly families: ReadonlyMap<Family, FamilyState>;
  readonly nowMs: number;
  readonly thresholds?: Partial<Thresholds>;
}

/** Verdicts of every check that applies to the role and has something to measure. Pure. */
export function judgeAll(input: JudgeInput): CheckVerdict[] {
  const limits = thresholdsFor(input.role, input.thresholds);
  const judged: CheckVerdict[] = [];
  for (const check of checks) {
    if (!check.roles.includes(input.role)) continue;
    if (input.families.get(check.family)?.kind === 'nothing') continue;
    judged.push(judgeOne(check, input, limits));
  }
  return judged;
}

function judgeOne(check: CheckDefinition, input: JudgeInput, limits: Thresholds): CheckVerdict {
  const readings = check.metrics.map((id) => input.readings.get(id));
  const present = readings.filter((each) => each !== undefined);
  const ageMs = Math.max(0, ...present.map((each) => input.nowMs - each.atMs));
  const unknown = (reason: Reason): CheckVerdict => ({
    id: check.id,
    verdict: 'unknown',
    reason,
    evidence: {},
    ageMs,
  });
  const family = input.families.get(check.family);
  if (present.length < readings.length) {
    return unknown(family?.kind === 'failed' ? family.reason : 'notMeasured');
  }
  if (ageMs > check.maxAgeMs) return unknown(family?.kind === 'failed' ? family.reason : 'stale');
  const values = present.map((each) => each.value);
  return { id: check.id, ageMs, ...check.judge(values, limits) };
}
