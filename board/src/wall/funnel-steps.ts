import { stageIds, stageTracks, type LiveStage, type StageTrack } from '@ppe-pulse/protocol';

/** The funnel of the wall: stages of the exam that most sites hold, and what else is wrong. */
export interface Funnel {
  readonly columns: readonly FunnelColumn[];
  /** Stages of other tracks, only those where something is late or unknown. */
  readonly others: readonly LiveStage[];
}

export interface FunnelColumn {
  readonly stage: LiveStage;
  /** It is what the day is about now. */
  readonly isCurrent: boolean;
}

/** More columns than this are too narrow to be read across a room. */
export const MAX_COLUMNS = 7;

/** The day's moment, and how many columns there is room for. */
export interface FunnelView {
  readonly nowMs: number;
  readonly maxColumns: number;
}

/** What the wall shows of the region's stages at a moment of the day. Pure. */
export function funnelOf(stages: readonly LiveStage[], { nowMs, maxColumns }: FunnelView): Funnel {
  const counted = stages.filter(({ total }) => total > 0);
  const track = mainTrack(counted);
  const own = counted.filter((stage) => stage.track === track).sort(byDay);
  const current = currentOf(own, nowMs);
  return {
    columns: chosen(own, current, maxColumns).map((stage) => ({
      stage,
      isCurrent: stage === current,
    })),
    others: counted.filter((stage) => stage.track !== track && isOff(stage)).sort(byDay),
  };
}

/** Behind the plan, unheard, or claimed against what the devices show. */
export function isOff({ late, unknown, isMismatch }: LiveStage): boolean {
  return late > 0 || unknown > 0 || isMismatch;
}

/** Three parts of a stage's bar that never exceed the whole, whatever the counts say. */
export function partsOf({ done, total, unknown }: Pick<LiveStage, 'done' | 'total' | 'unknown'>): {
  readonly done: number;
  readonly unknown: number;
} {
  if (total <= 0) return { done: 0, unknown: 0 };
  const doneShare = Math.min(1, done / total);
  return { done: doneShare, unknown: Math.min(1 - doneShare, unknown / total) };
}

/**
 * The exam that most sites hold; the earlier of equal ones. More sites have cameras than any exam, but the
 * test of the video is the day's only where there is no exam.
 */
function mainTrack(stages: readonly LiveStage[]): StageTrack {
  const sites = (track: StageTrack): number =>
    Math.max(0, ...stages.filter((stage) => stage.track === track).map(({ total }) => total));
  const exams = stageTracks.filter((track) => track !== 'video');
  const largest = exams.reduce((best, track) => (sites(track) > sites(best) ? track : best));
  return sites(largest) > 0 ? largest : 'video';
}

/** The front of the day: the last stage that is due or begun; if all have it, the one after. */
function currentOf(own: readonly LiveStage[], nowMs: number): LiveStage | undefined {
  let front = -1;
  for (const [at, { done, dueAtMs }] of own.entries())
    if (done > 0 || (dueAtMs !== null && dueAtMs <= nowMs)) front = at;
  const stage = own[front];
  const isReached = stage === undefined || stage.done >= stage.total;
  return isReached ? (own[front + 1] ?? stage) : stage;
}

/**
 * A window around the current stage. One behind it that somebody is late with takes the place of what is
 * furthest ahead; one that is only unheard does not: a silent ППЭ is unheard in every stage.
 */
function chosen(
  own: readonly LiveStage[],
  current: LiveStage | undefined,
  maxColumns: number,
): LiveStage[] {
  if (own.length <= maxColumns) return [...own];
  const at = current ? own.indexOf(current) : 0;
  const behind = Math.floor(maxColumns / 2);
  const from = Math.min(Math.max(0, at - behind), own.length - maxColumns);
  const shown = own.slice(from, from + maxColumns);
  const owed = own.slice(0, from).filter(({ late, isMismatch }) => late > 0 || isMismatch);
  // The current one and the next stay in any case.
  const spare = shown.filter((stage) => own.indexOf(stage) > at + 1).length;
  const kept = owed.slice(-Math.min(owed.length, spare));
  const isKept = new Set(spare === 0 ? [] : kept);
  const window = new Set(shown.slice(0, maxColumns - isKept.size));
  return own.filter((stage) => isKept.has(stage) || window.has(stage));
}

function byDay(a: LiveStage, b: LiveStage): number {
  return (
    stageIds.indexOf(a.stage) - stageIds.indexOf(b.stage) ||
    stageTracks.indexOf(a.track) - stageTracks.indexOf(b.track)
  );
}
