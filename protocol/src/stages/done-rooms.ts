import type { RoomStage } from './room-stage.ts';
import type { RoomLayout, SiteLayout, SiteSlot } from './site-layout.ts';
import type { StageTrack } from './stage.ts';

/**
 * Codes of the rooms that have reached the stage in play: of each track the latest stage counted in
 * rooms, seats or groups that should begin or be done by now, or that any room has reached. `rooms` is
 * by the position of the room in the layout, then of the stage in the room. Pure.
 */
export function doneRoomsOf(
  layout: SiteLayout,
  rooms: readonly (readonly RoomStage[])[],
  nowMs: number,
): ReadonlySet<string> {
  const inPlay = new Map<StageTrack, SiteSlot>();
  for (const siteSlot of layout.slots) {
    const { unit, track } = siteSlot.slot;
    if (unit !== 'site' && isInPlay(layout, siteSlot, rooms, nowMs)) inPlay.set(track, siteSlot);
  }
  const done = new Set<string>();
  for (const [at, { room, slots }] of layout.rooms.entries()) {
    // A video test goes on beside the exams, by claims: it speaks for rooms that hold none.
    const hasExam = slots.some(({ slot }) => slot.track !== 'video');
    const asked = [...inPlay.values()].filter(({ slot }) => !hasExam || slot.track !== 'video');
    if (hasReached(slots, asked, rooms[at] ?? [])) done.add(room.code);
  }
  return done;
}

/** True for sets of the same codes. */
export function areSameRooms(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((code) => b.has(code));
}

function isInPlay(
  { zone }: SiteLayout,
  { slot, places }: SiteSlot,
  rooms: readonly (readonly RoomStage[])[],
  nowMs: number,
): boolean {
  const dueMs = zone.due[slot.index]?.dueMs ?? null;
  // Of printing the plan says when it begins; other stages begin when the first room is through.
  const startMs = slot.stage === 'printing' ? zone.windows.printFromMs : null;
  if ((dueMs !== null && nowMs >= dueMs) || (startMs !== null && nowMs >= startMs)) return true;
  return places.some(({ room, at }) => rooms[room]?.[at]?.state.reachedAtMs != null);
}

/** True when the room has any of the stages, and has reached all that it has. */
function hasReached(
  slots: RoomLayout['slots'],
  asked: readonly SiteSlot[],
  stages: readonly RoomStage[],
): boolean {
  let isAsked = false;
  for (const { slot } of asked) {
    const at = slots.findIndex((each) => each.slot === slot);
    if (at < 0) continue;
    if (stages[at]?.state.reachedAtMs == null) return false;
    isAsked = true;
  }
  return isAsked;
}
