import { codeOf } from '../platform/errors.ts';
import type { Places } from './places.ts';
import { rootChain } from './root-chain.ts';
import { readVersionState, writeVersionState } from './state-file.ts';
import { installedAgent, updatedAgent, versionsIn } from './stored-versions.ts';
import {
  MOST_TRIES,
  condemned,
  isTrialDue,
  rolledBack,
  tried,
  withInstalled,
  type VersionState,
} from './version-state.ts';

/** The version that a start runs. */
export interface Chosen {
  readonly version: string;
  /** The file to import. */
  readonly path: string;
  readonly isOnTrial: boolean;
}

/** Whether a start may try a new version, and when it is. */
export interface Start {
  /** Only the service tries: a question at the command line must not use a try up. */
  readonly mayTry: boolean;
  readonly nowMs: number;
  /** One line for who looks for the cause. */
  readonly warn: (line: string) => void;
}

/**
 * Chooses the version of this start: the one on trial while it has tries left, else the current one,
 * the one before it, and at last what was installed. Whatever does not verify is remembered as bad and
 * passed over. Undefined when nothing here can be run.
 */
export function chooseVersion(places: Places, start: Start): Chosen | undefined {
  const installed = versionsIn(places.installedDir);
  const verified = verifier(places, installed);
  const before = readVersionState(places.versionsDir);
  let state = withInstalled(before, installed[0]);
  if (start.mayTry && isTrialDue(state, start.nowMs)) {
    const outcome = tryNext(state, verified);
    // A try that cannot be counted is none: a version that crashes would be tried for ever.
    const isKept = outcome.state === before || keep(places, outcome.state, start.warn);
    if (outcome.chosen && isKept) return outcome.chosen;
    if (!outcome.chosen) state = outcome.state;
  }
  const wanted = [state.current, state.previous, ...installed].filter((each) => each !== null);
  for (const version of new Set(wanted)) {
    const path = verified(version);
    if (path !== undefined) {
      if (state !== before) keep(places, state, start.warn);
      return { version, path, isOnTrial: false };
    }
    start.warn(`version ${version} is not what was signed, or is gone: passed over`);
    state = condemned(state, version, 'tampered');
  }
  return undefined;
}

function tryNext(
  state: VersionState,
  verified: (version: string) => string | undefined,
): { readonly state: VersionState; readonly chosen?: Chosen } {
  const { trial } = state;
  if (!trial) return { state };
  if (trial.tries >= MOST_TRIES) return { state: rolledBack(state, trial.failure ?? 'crashed') };
  const path = verified(trial.version);
  if (path === undefined) return { state: rolledBack(state, 'tampered') };
  return { state: tried(state), chosen: { version: trial.version, path, isOnTrial: true } };
}

/** What the package brought needs no signature: who can write there needs no update. */
function verifier(places: Places, installed: readonly string[]) {
  const roots = rootChain(places.installDir, places.versionsDir);
  return (version: string): string | undefined =>
    installed.includes(version)
      ? installedAgent(places.installedDir, version)
      : updatedAgent(places.versionsDir, version, roots);
}

function keep(places: Places, state: VersionState, warn: Start['warn']): boolean {
  try {
    writeVersionState(places.versionsDir, state);
    return true;
  } catch (error) {
    warn(`the state of versions cannot be written (${codeOf(error)})`);
    return false;
  }
}
