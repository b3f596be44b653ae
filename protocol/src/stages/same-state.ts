import type { StageState } from './stage.ts';

/** True for states that say the same. */
export function isSameState(a: StageState, b: StageState): boolean {
  return (
    a.verdict === b.verdict &&
    a.reason === b.reason &&
    a.done === b.done &&
    a.total === b.total &&
    a.unknown === b.unknown &&
    a.late === b.late &&
    a.reachedAtMs === b.reachedAtMs &&
    a.by === b.by &&
    a.dueAtMs === b.dueAtMs &&
    a.isMismatch === b.isMismatch &&
    a.stage === b.stage &&
    a.track === b.track
  );
}

/** True for lists that say the same in the same order. */
export function areSameStates(a: readonly StageState[], b: readonly StageState[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return a.every((each, at) => {
    const other = b[at];
    return other !== undefined && (each === other || isSameState(each, other));
  });
}
