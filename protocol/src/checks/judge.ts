import type { CheckVerdict } from '../messages/shared.ts';
import type { Role } from '../placement.ts';
import { checks, factsChecks, type AnyFactsCheck } from './catalogue.ts';
import type { CheckDefinition } from './check.ts';
import { deviceId } from './devices.ts';
import type { Observation } from '../facts/facts.ts';
import type { FactsCheck } from './facts-check.ts';
import type { Family } from './metrics.ts';
import type { PrintTask } from './print-task.ts';
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
  /** Devices and other things that are watched and judged by facts. */
  readonly observations?: readonly Observation[];
  readonly nowMs: number;
  readonly thresholds?: Partial<Thresholds>;
  /** What the plan lets this workstation print; missing without a plan. */
  readonly print?: PrintTask | null;
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
  for (const check of factsChecks) judged.push(...judgeFacts(check, input, limits));
  return judged;
}

/** Verdicts of one facts check: one a device, or one that says there should be a device. */
function judgeFacts(check: AnyFactsCheck, input: JudgeInput, limits: Thresholds): CheckVerdict[] {
  if (!check.roles.includes(input.role)) return [];
  const watched = (input.observations ?? []).filter((each) => each.subject === check.subject);
  if (watched.length === 0) {
    if (!check.expectedBy.includes(input.role)) return [];
    return [unknownVerdict(deviceId(check.id, 1), 'notConfigured', 0)];
  }
  const at = { nowMs: input.nowMs, limits, print: input.print ?? null };
  return watched.flatMap((each) => judgeObservation(check, each, at) ?? []);
}

function judgeObservation(
  check: AnyFactsCheck,
  seen: Observation,
  at: {
    readonly nowMs: number;
    readonly limits: Thresholds;
    readonly print: PrintTask | null;
  },
): CheckVerdict | undefined {
  const id = deviceId(check.id, seen.device);
  if (!seen.last) return unknownVerdict(id, seen.failure ?? 'notMeasured', 0);
  const ageMs = Math.max(0, at.nowMs - seen.last.atMs);
  if (ageMs > check.maxAgeMs) return unknownVerdict(id, seen.failure ?? 'stale', ageMs);
  const { facts } = seen.last;
  if (check.subject !== facts.subject) return unknownVerdict(id, 'notMeasured', ageMs);
  // The subjects are equal, so the facts are the ones that this check takes.
  const judged = (check as FactsCheck).judge(facts.facts, at.limits, at.print);
  return judged && { id, ageMs, ...judged };
}

function unknownVerdict(id: string, reason: Reason, ageMs: number): CheckVerdict {
  return { id, verdict: 'unknown', reason, evidence: {}, ageMs };
}

function judgeOne(check: CheckDefinition, input: JudgeInput, limits: Thresholds): CheckVerdict {
  const readings = check.metrics.map((id) => input.readings.get(id));
  const present = readings.filter((each) => each !== undefined);
  const ageMs = Math.max(0, ...present.map((each) => input.nowMs - each.atMs));
  const unknown = (reason: Reason): CheckVerdict => unknownVerdict(check.id, reason, ageMs);
  const family = input.families.get(check.family);
  if (present.length < readings.length) {
    return unknown(family?.kind === 'failed' ? family.reason : 'notMeasured');
  }
  if (ageMs > check.maxAgeMs) return unknown(family?.kind === 'failed' ? family.reason : 'stale');
  const values = present.map((each) => each.value);
  return { id: check.id, ageMs, ...check.judge(values, limits) };
}
