import { compareVersions, type RollbackReason, type UpdateState } from '@ppe-pulse/protocol/update';

/** A version on trial, or waiting for it. */
export interface Trial {
  readonly version: string;
  /** Starts that were counted before they were made. */
  readonly tries: number;
  /** False where there was no line when it came, by flash drive: then none is asked of it. */
  readonly needsWelcome: boolean;
  /** A freeze begins then, ms since 1970 UTC: from then on it waits. Null where none is foreseen. */
  readonly untilMs: number | null;
  /** What the last try that could still tell failed by. */
  readonly failure: Exclude<RollbackReason, 'crashed' | 'tampered'> | null;
}

/** How the last update stands here: told to the collector at each change and after each welcome. */
export interface Standing {
  readonly version: string;
  readonly state: UpdateState;
  /** `ok`, or a reason. */
  readonly reason: string;
}

/** A version that is not tried again here. */
export interface BadVersion {
  readonly version: string;
  readonly reason: RollbackReason;
}

/** Which versions there are to run, as `state.json` keeps it. */
export interface VersionState {
  /** Null before the first update: the newest of those that were installed. */
  readonly current: string | null;
  readonly previous: string | null;
  readonly trial: Trial | null;
  readonly bad: readonly BadVersion[];
  readonly standing: Standing | null;
}

/** Starts that a new version gets. */
export const MOST_TRIES = 2;
/** Bad versions that are remembered: more than a season has. */
const MOST_BAD = 32;

export const stateAtFirst: VersionState = {
  current: null,
  previous: null,
  trial: null,
  bad: [],
  standing: null,
};

/** A checked version lies on the disk: the next start tries it. */
export function staged(
  state: VersionState,
  trial: Pick<Trial, 'version' | 'needsWelcome' | 'untilMs'>,
): VersionState {
  return {
    ...state,
    trial: { ...trial, tries: 0, failure: null },
    standing: { version: trial.version, state: 'staged', reason: 'ok' },
  };
}

/** True when the next start is to try the new version. */
export function isTrialDue({ trial }: VersionState, nowMs: number): boolean {
  return trial !== null && (trial.untilMs === null || nowMs < trial.untilMs);
}

/** The state before a try is made: it counts even when nothing is heard of it again. */
export function tried(state: VersionState): VersionState {
  const { trial } = state;
  if (!trial) return state;
  return {
    ...state,
    trial: { ...trial, tries: trial.tries + 1, failure: null },
    standing: { version: trial.version, state: 'trial', reason: 'ok' },
  };
}

/** A try failed, and the version that ran could still say by what. */
export function failed(state: VersionState, failure: Trial['failure']): VersionState {
  return state.trial ? { ...state, trial: { ...state.trial, failure } } : state;
}

/** The version on trial has shown that it works; `replaced` ran before it. */
export function confirmed(state: VersionState, replaced: string | null): VersionState {
  const { trial } = state;
  if (!trial) return state;
  return {
    ...state,
    current: trial.version,
    previous: state.current ?? replaced,
    trial: null,
    standing: { version: trial.version, state: 'confirmed', reason: 'ok' },
  };
}

/** The version on trial is taken back and not tried again. */
export function rolledBack(state: VersionState, reason: RollbackReason): VersionState {
  const { trial } = state;
  return trial ? { ...condemned(state, trial.version, reason), trial: null } : state;
}

/** A version is not to be run here again, whatever it was. */
export function condemned(
  state: VersionState,
  version: string,
  reason: RollbackReason,
): VersionState {
  const others = state.bad.filter((each) => each.version !== version);
  return {
    ...state,
    current: state.current === version ? state.previous : state.current,
    previous: state.previous === version || state.current === version ? null : state.previous,
    bad: [...others, { version, reason }].slice(-MOST_BAD),
    standing: { version, state: 'rolledBack', reason },
  };
}

/** An installer brought something newer than what updates had brought: that is the base from now on. */
export function withInstalled(state: VersionState, newest: string | undefined): VersionState {
  if (newest === undefined) return state;
  const isOld = (version: string | null | undefined): boolean =>
    typeof version === 'string' && compareVersions(version, newest) <= 0;
  if (!isOld(state.current) && !isOld(state.trial?.version)) return state;
  const isCurrentOld = isOld(state.current);
  return {
    ...state,
    current: isCurrentOld ? null : state.current,
    previous: isCurrentOld ? null : state.previous,
    trial: isOld(state.trial?.version) ? null : state.trial,
  };
}
