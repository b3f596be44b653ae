import { blindOutcome, stageState } from './judge-stage.ts';
import type { RoomStage } from './room-stage.ts';
import { showEm, showRoom } from './show-room.ts';
import type { Clock, Shown, StationRecord } from './shown.ts';
import type { SiteLayout } from './site-layout.ts';
import type { StageState } from './stage.ts';
import type { DueTimes, StageSlot } from './stage-schedule.ts';
import { witnessesOf } from './witnesses.ts';

/**
 * Where the stages stand that one workstation's devices tell of. What the devices of a room show
 * together (cameras, pages, images) stands as the room does.
 */
export function stationStates(
  site: SiteLayout,
  station: StationRecord,
  stages: readonly RoomStage[],
  nowMs: number,
): StageState[] {
  const room = site.rooms.find((each) => each.room.code === station.signals.roomCode);
  const states: StageState[] = [];
  for (const { slot } of site.slots) {
    const { measure } = slot.definition;
    if (measure === null) continue;
    const due = site.zone.due[slot.index];
    if (!due || witnessesOf(measure, slot.track, [station]).length === 0) continue;
    const clock: Clock = { nowMs, dueMs: due.dueMs, zone: site.zone };
    if (measure === 'em') {
      states.push(ownState(slot, due, nowMs, showEm([station], clock)));
      continue;
    }
    const at = room?.slots.findIndex((each) => each.slot === slot) ?? -1;
    const ofRoom = stages[at];
    if (!room || !ofRoom) continue;
    if (measure !== 'up' && measure !== 'sound') {
      states.push(ofRoom.state);
      continue;
    }
    const roomSlot = { slot: { ...slot, unit: 'seat' as const }, total: 1, target: 0 };
    const shown = showRoom({ site, room, roomSlot, measure, witnesses: [station] }, clock);
    states.push(ownState(slot, due, nowMs, shown));
  }
  return states;
}

function ownState(slot: StageSlot, due: DueTimes, nowMs: number, shown: Shown): StageState {
  const reachedAtMs = shown.times[0] ?? null;
  const isDone = reachedAtMs !== null;
  return stageState(
    {
      slot,
      due,
      done: isDone ? 1 : 0,
      total: 1,
      reachedAtMs,
      by: isDone ? 'measure' : null,
      isMismatch: false,
    },
    blindOutcome(due, nowMs, shown.missing),
  );
}
