import type { ClaimStanding } from './claim-book.ts';
import { isSameState } from './same-state.ts';
import { blindOutcome, openOutcome, stageState } from './judge-stage.ts';
import type { Shown } from './shown.ts';
import type { RoomSlot } from './site-layout.ts';
import type { StageState } from './stage.ts';
import type { DueTimes } from './stage-schedule.ts';

/** One stage of one room, with what its site needs of it. */
export interface RoomStage {
  readonly state: StageState;
  /** When each unit that is done was reached, in order. */
  readonly times: readonly number[];
  readonly measured: number;
  readonly claimed: number;
  /** Units that devices show not to be done. */
  readonly contradicted: number;
}

/** What a stage of a room is judged by. */
export interface RoomFacts {
  readonly roomSlot: RoomSlot;
  /** Null where no device tells of it. */
  readonly shown: Shown | null;
  /** The claim of the room; of the site where that speaks for all rooms. */
  readonly claim: ClaimStanding | undefined;
  readonly due: DueTimes;
  readonly nowMs: number;
}

/** Judges one stage of one room. */
export function roomStage({ roomSlot, shown, claim, due, nowMs }: RoomFacts): RoomStage {
  const { slot, total } = roomSlot;
  const measuredTimes = shown?.times ?? [];
  const claimed = claim ? Math.min(total, claim.latest.done ?? total) : 0;
  const times = mergeTimes(
    measuredTimes,
    claimed,
    claim?.sinceMs ?? 0,
    slot.definition.isTimeExact,
  );
  const isDone = times.length >= total;
  const contradicted = shown?.contradicted ?? 0;
  const isMismatch = claimed > Math.max(total - contradicted, measuredTimes.length);
  const open = shown ? blindOutcome(due, nowMs, shown.missing) : openOutcome(due, nowMs);
  const standing = {
    slot,
    due,
    done: times.length,
    total,
    reachedAtMs: isDone ? (times.at(-1) ?? null) : null,
    by: isDone ? byOf(measuredTimes.length, claimed, total) : null,
    isMismatch,
  };
  return {
    state: stageState(standing, open),
    times,
    measured: measuredTimes.length,
    claimed,
    contradicted,
  };
}

/** True when neither its state nor what its site needs of it differs. */
export function isSameStage(a: RoomStage, b: RoomStage): boolean {
  return (
    a.measured === b.measured &&
    a.claimed === b.claimed &&
    a.contradicted === b.contradicted &&
    a.times.length === b.times.length &&
    a.times.every((atMs, at) => atMs === b.times[at]) &&
    isSameState(a.state, b.state)
  );
}

/** How a stage was reached of which so many units were measured and claimed. */
export function byOf(measured: number, claimed: number, needed: number): StageState['by'] {
  if (claimed >= needed) return measured >= needed ? 'both' : 'claim';
  return measured >= needed ? 'measure' : 'both';
}

/**
 * When each unit was reached. A claim may have seen it before the devices were heard, but not before
 * a counter that tells the moment itself.
 */
function mergeTimes(
  measured: readonly number[],
  claimed: number,
  claimedAtMs: number,
  isExact: boolean,
): readonly number[] {
  if (claimed === 0) return measured;
  const times: number[] = [];
  for (let at = 0; at < Math.max(measured.length, claimed); at += 1) {
    const shown = measured[at];
    if (shown === undefined) times.push(claimedAtMs);
    else times.push(at < claimed && !isExact ? Math.min(shown, claimedAtMs) : shown);
  }
  return times.sort((a, b) => a - b);
}
