import type { ClaimStanding } from './claim-book.ts';
import { blindOutcome, openOutcome, stageState, worse, type Left } from './judge-stage.ts';
import { byOf, type RoomStage } from './room-stage.ts';
import type { Shown } from './shown.ts';
import type { StageState } from './stage.ts';
import type { Outcome, StageReason } from './stage-reasons.ts';
import type { DueTimes, StageSlot } from './stage-schedule.ts';

/** What a stage of a site is judged by. */
export interface SiteFacts {
  readonly slot: StageSlot;
  readonly total: number;
  readonly due: DueTimes;
  readonly nowMs: number;
  readonly claim: ClaimStanding | undefined;
}

/** Judges a stage that the whole site has or has not; `isReady` is false before what it needs. */
export function wholeSiteStage(
  { slot, due, nowMs, claim }: SiteFacts,
  shown: Shown | null,
  isReady: boolean,
): StageState {
  const measuredAtMs = shown?.times[0] ?? null;
  const claimedAtMs = claim && claim.latest.done !== 0 ? claim.sinceMs : null;
  const reachedAtMs = earlier(measuredAtMs, claimedAtMs);
  const isDone = reachedAtMs !== null;
  const isContradicted = measuredAtMs === null && (shown?.contradicted ?? 0) > 0;
  const standing = {
    slot,
    due,
    done: isDone ? 1 : 0,
    total: 1,
    reachedAtMs,
    by: isDone ? byOf(measuredAtMs === null ? 0 : 1, claimedAtMs === null ? 0 : 1, 1) : null,
    isMismatch: claimedAtMs !== null && (isContradicted || !isReady),
  };
  const open = shown ? blindOutcome(due, nowMs, shown.missing) : openOutcome(due, nowMs);
  return stageState(standing, open);
}

/** Judges a stage that is counted in rooms, seats or groups, by those of its rooms. */
export function countedSiteStage(
  { slot, total, due, nowMs, claim }: SiteFacts,
  rooms: readonly RoomStage[],
): StageState {
  const times = rooms.flatMap((room) => room.times);
  const sum = (of: (room: RoomStage) => number): number =>
    rooms.reduce((all, room) => all + of(room), 0);
  const contradicted = sum((room) => room.contradicted);
  const measured = sum((room) => room.measured);
  const claimed = claim ? Math.min(total, claim.latest.done ?? total) : 0;
  for (let at = times.length; at < claimed; at += 1) times.push(claim?.sinceMs ?? 0);
  times.sort((a, b) => a - b);
  const needed = Math.max(1, Math.ceil(slot.target * total - 1e-9));
  const isDone = times.length >= needed;
  const standing = {
    slot,
    due,
    done: times.length,
    total,
    reachedAtMs: isDone ? (times[needed - 1] ?? null) : null,
    by: isDone
      ? byOf(
          measured,
          Math.max(
            claimed,
            sum((room) => room.claimed),
          ),
          needed,
        )
      : null,
    isMismatch:
      claimed > Math.max(total - contradicted, measured) ||
      rooms.some(({ state }) => state.isMismatch),
  };
  const open = missingOutcome(rooms, openOutcome(due, nowMs));
  return stageState(standing, open, leftOf(rooms, total - times.length));
}

/** Units of its rooms that are not done. A site's claim says of how many, not of which: of the unheard. */
function leftOf(rooms: readonly RoomStage[], missing: number): Left {
  let [late, unknown] = [0, 0];
  for (const { state } of rooms) {
    late += state.late;
    unknown += state.unknown;
  }
  late = Math.min(late, missing);
  return { late, unknown: Math.min(unknown, missing - late) };
}

/** What is missing decides: the worst of the rooms that are not done. */
function missingOutcome(rooms: readonly RoomStage[], open: Outcome): Outcome {
  let worst: Outcome | undefined;
  for (const { state } of rooms) {
    if (state.reachedAtMs !== null || state.reason === 'claimMismatch') continue;
    const outcome = { verdict: state.verdict, reason: state.reason as StageReason };
    worst = worst ? worse(worst, outcome) : outcome;
  }
  return worst ?? open;
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
