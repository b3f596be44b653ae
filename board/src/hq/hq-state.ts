import type { HqFrame, HqWorkstation } from '@ppe-pulse/protocol';
import { cloneOf, heartbeatOf, isUpset, ownChecks } from '../rooms/standing.ts';

/** Since when a fault is seen. A page that was opened later knows only that it is older. */
export interface Since {
  readonly atMs: number;
  readonly isAtLeast: boolean;
}

/** What the Штаб page knows. Values are replaced, never changed. */
export interface HqState {
  readonly frame: HqFrame | null;
  /** By `faultKey`: only faults of the newest frame. */
  readonly since: ReadonlyMap<string, Since>;
}

export const nothingSeen: HqState = { frame: null, since: new Map() };

/** Names one fault over time: the same check of the same PC for the same reason. */
export function faultKey(workstationId: string, checkId: string, reason: string): string {
  return `${workstationId} ${checkId} ${reason}`;
}

/**
 * The picture after a frame. A frame is the whole ППЭ, so nothing of the earlier one stays but since
 * when its faults are seen. Pure.
 */
export function takeFrame(state: HqState, frame: HqFrame): HqState {
  const since = new Map<string, Since>();
  for (const workstation of frame.workstations) {
    for (const key of faultsOf(workstation)) {
      since.set(key, state.since.get(key) ?? { atMs: frame.atMs, isAtLeast: state.frame === null });
    }
  }
  return { frame, since };
}

function faultsOf(workstation: HqWorkstation): string[] {
  const { id } = workstation;
  const clone = cloneOf(workstation);
  return [heartbeatOf(workstation), ...(clone ? [clone] : []), ...ownChecks(workstation)]
    .filter(isUpset)
    .map((check) => faultKey(id, check.id, check.reason));
}
