import type { CameraCounts, Incident, Verdict } from '@ppe-pulse/protocol';

/** What the wall says of the cameras. */
export interface CameraFacts {
  readonly planned: number;
  readonly on: number;
  readonly off: number;
  /** Nobody sees them because the plan has silenced the workstation that looks at them. */
  readonly byRule: number;
  /** Of these nobody knows: the workstation that should see them is not heard, or does not look. */
  readonly unknown: number;
  /** Of those planned; null without any, and while the plan hides some of them. */
  readonly share: number | null;
  readonly darkRooms: number;
  /** The longest threshold that any room is over, and how many rooms are. */
  readonly over: { readonly minutes: 5 | 15 | 20; readonly rooms: number } | null;
  readonly verdict: Verdict;
}

/** Red from the threshold after which a room's outage is told as red; amber before. Pure. */
export function cameraFactsOf(cameras: CameraCounts): CameraFacts {
  const { planned, on, off, byRule, darkRooms } = cameras;
  const over = overOf(cameras);
  const unknown = Math.max(0, planned - on - off - byRule);
  return {
    planned,
    on,
    off,
    byRule,
    unknown,
    share: planned > 0 && byRule === 0 ? on / planned : null,
    darkRooms,
    over,
    verdict: verdictOf({ off, unknown, over }),
  };
}

/** Rooms that were dark the longest, the worst first: an incident of the cameras each. Pure. */
export function worstDark(incidents: Iterable<Incident>, count: number): Incident[] {
  return [...incidents]
    .filter(({ kind }) => kind.startsWith('camera'))
    .sort((a, b) => outageMsOf(b) - outageMsOf(a) || a.openedAtMs - b.openedAtMs)
    .slice(0, count);
}

/** Cumulative outage of a camera's incident, ms; 0 where it tells none. */
export function outageMsOf({ evidence: { outageMs } }: Incident): number {
  return typeof outageMs === 'number' ? outageMs : 0;
}

function overOf(cameras: CameraCounts): CameraFacts['over'] {
  if (cameras.darkRoomsOver20Minutes > 0)
    return { minutes: 20, rooms: cameras.darkRoomsOver20Minutes };
  if (cameras.darkRoomsOver15Minutes > 0)
    return { minutes: 15, rooms: cameras.darkRoomsOver15Minutes };
  if (cameras.darkRoomsOver5Minutes > 0)
    return { minutes: 5, rooms: cameras.darkRoomsOver5Minutes };
  return null;
}

function verdictOf({ off, unknown, over }: Pick<CameraFacts, 'off' | 'unknown' | 'over'>): Verdict {
  if (over) return over.minutes >= 15 ? 'fail' : 'warn';
  if (off > 0) return 'warn';
  return unknown > 0 ? 'unknown' : 'ok';
}
