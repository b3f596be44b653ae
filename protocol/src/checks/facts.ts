import type { Role } from '../placement.ts';
import type { AudioFacts } from './audio.ts';
import type { CameraFacts } from './camera.ts';
import type { Judgement } from './check.ts';
import type { IsolationFacts, PortalFacts, ReserveRouteFacts } from './line.ts';
import type { Family } from './metrics.ts';
import type { PowerFacts, ScreenFacts, SoftwareFacts, ZoneFacts } from './pc.ts';
import type { PrinterFacts } from './printer.ts';
import type { Reason } from './reasons.ts';
import type { ScannerFacts } from './scanner.ts';
import type { Thresholds } from './thresholds.ts';

/** What a probe may know beyond numbers, by what it watches. A new subject is a line here. */
export interface FactsOf {
  readonly printer: PrinterFacts;
  readonly scanner: ScannerFacts;
  readonly camera: CameraFacts;
  readonly audio: AudioFacts;
  readonly portal: PortalFacts;
  readonly reserveRoute: ReserveRouteFacts;
  readonly isolation: IsolationFacts;
  readonly power: PowerFacts;
  readonly screen: ScreenFacts;
  readonly software: SoftwareFacts;
  readonly zone: ZoneFacts;
}
export type Subject = keyof FactsOf;

/** Facts with the name of what they are about. */
export type Facts = {
  [S in Subject]: { readonly subject: S; readonly facts: FactsOf[S] };
}[Subject];

/** How one watched thing fares. `device` is 1 where there can be only one. */
export interface Observation {
  readonly subject: Subject;
  readonly device: number;
  /** The last good look and when it was taken, on the clock of `nowMs`. */
  readonly last?: { readonly facts: Facts; readonly atMs: number };
  /** Why the newest look failed; missing when it did not. */
  readonly failure?: Reason;
}

/** A check that rests on facts rather than on numbers alone. Add one to `catalogue.ts`. */
export interface FactsCheck<S extends Subject = Subject> {
  readonly id: string;
  readonly subject: S;
  readonly family: Family;
  /** Roles it applies to where such a thing is configured or found. */
  readonly roles: readonly Role[];
  /** Roles that must have one: without it the check is `unknown` and says so. */
  readonly expectedBy: readonly Role[];
  /** Its main number on charts. */
  readonly mainMetric: string;
  /** Facts older than this are stale: `unknown`, never `ok`. */
  readonly maxAgeMs: number;
  readonly judge: (facts: FactsOf[S], thresholds: Thresholds) => Judgement;
}

/** Keeps the subject's type of a definition. */
export function factsCheck<S extends Subject>(definition: FactsCheck<S>): FactsCheck<S> {
  return definition;
}

/** Judgement of what only the plan can decide, until there is one. */
export function noPlanYet(): Judgement {
  return { verdict: 'unknown', reason: 'noPlan', evidence: {} };
}
