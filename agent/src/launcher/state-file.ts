import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  isReleaseVersion,
  rollbackReasons,
  updateStates,
  type RollbackReason,
} from '@ppe-pulse/protocol/update';
import { readJson, replaceDurably } from '../journal/durable-file.ts';
import { stateAtFirst, type BadVersion, type Trial, type VersionState } from './version-state.ts';

/** The file of the state in the folder of versions. */
export const STATE_FILE = 'state.json';

type Fields = Partial<Record<string, unknown>>;

/**
 * What is known of versions. A file that is damaged or of another shape is as good as none: then the
 * installed version runs, and whatever is offered is judged anew.
 */
export function readVersionState(versionsDir: string): VersionState {
  const value = fieldsOf(readJson(join(versionsDir, STATE_FILE)));
  if (!value) return stateAtFirst;
  const bad = Array.isArray(value.bad) ? value.bad : [];
  return {
    current: versionOf(value.current) ?? null,
    previous: versionOf(value.previous) ?? null,
    trial: trialOf(fieldsOf(value.trial)),
    bad: bad.map((each) => badOf(fieldsOf(each))).filter((each) => each !== undefined),
    standing: standingOf(fieldsOf(value.standing)),
  };
}

/** Keeps it, whole and for good. Throws what the disk throws. */
export function writeVersionState(versionsDir: string, state: VersionState): void {
  mkdirSync(versionsDir, { recursive: true, mode: 0o755 });
  replaceDurably(join(versionsDir, STATE_FILE), `${JSON.stringify(state)}\n`);
}

function trialOf(value: Fields | undefined): Trial | null {
  const version = versionOf(value?.version);
  if (!value || version === undefined) return null;
  const { tries, needsWelcome, untilMs, failure } = value;
  const isFailure = failure === 'notConnected' || failure === 'selfTestFailed';
  return {
    version,
    tries: Number.isInteger(tries) ? (tries as number) : 0,
    needsWelcome: needsWelcome !== false,
    untilMs: typeof untilMs === 'number' ? untilMs : null,
    failure: isFailure ? failure : null,
  };
}

function badOf(value: Fields | undefined): BadVersion | undefined {
  const version = versionOf(value?.version);
  return version === undefined ? undefined : { version, reason: reasonOf(value?.reason) };
}

function reasonOf(value: unknown): RollbackReason {
  return rollbackReasons.find((each) => each === value) ?? 'crashed';
}

function standingOf(value: Fields | undefined): VersionState['standing'] {
  const version = versionOf(value?.version);
  const state = updateStates.find((each) => each === value?.state);
  if (!value || version === undefined || state === undefined) return null;
  return { version, state, reason: typeof value.reason === 'string' ? value.reason : 'ok' };
}

/** Versions name folders: nothing else comes out of a file that somebody may have changed. */
function versionOf(value: unknown): string | undefined {
  return typeof value === 'string' && isReleaseVersion(value) ? value : undefined;
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}
