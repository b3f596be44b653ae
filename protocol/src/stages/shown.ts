import type { Role } from '../placement.ts';
import type { Signals } from './signals.ts';
import type { StageReason } from './stage-reasons.ts';
import type { ZoneSchedule } from './stage-schedule.ts';

/** A workstation as the engine holds it. */
export interface StationRecord {
  readonly id: string;
  readonly signals: Signals;
  /** True while whoever knows the rules says that it may be silent. */
  readonly isSilentByRule: boolean;
}

/** What devices show of the units of one place. */
export interface Shown {
  /** When each unit that they show was reached, in order. */
  readonly times: readonly number[];
  /** Units of which heard devices show that it is not so. */
  readonly contradicted: number;
  /** Why the rest is not shown; null where devices show that it is not so. */
  readonly missing: Missing | null;
}

/** Why devices show nothing. */
export type Missing = Extract<
  StageReason,
  | 'silentByRule'
  | 'notHeard'
  | 'notWatched'
  | 'notMeasured'
  | 'noPageCounter'
  | 'noImageCounter'
  | 'countIncomplete'
>;

/** The clock by which a place is judged. */
export interface Clock {
  readonly nowMs: number;
  readonly dueMs: number | null;
  readonly zone: ZoneSchedule;
}

/** Nothing was reached, and this is why nobody knows more. */
export function shownNothing(missing: Missing | null): Shown {
  return { times: [], contradicted: 0, missing };
}

/**
 * Why silent workstations are silent; by rule only when all of them are. `role` speaks for a place
 * where none was ever heard. Who was silent already when a stage was due is silent by no rule.
 */
export function silenceOf(
  silent: readonly StationRecord[],
  role: Role,
  clock: Clock,
): 'silentByRule' | 'notHeard' {
  const isByRule =
    silent.length === 0
      ? isQuiet(role, clock)
      : silent.every((each) => each.isSilentByRule || isQuiet(each.signals.role, clock));
  return isByRule ? 'silentByRule' : 'notHeard';
}

function isQuiet(role: Role, { nowMs, dueMs, zone }: Clock): boolean {
  return zone
    .quietSpans(role)
    .some(
      ({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs && (dueMs === null || dueMs >= fromMs),
    );
}
