import { stageIds, type LiveStage, type StageId } from '@ppe-pulse/protocol';

/** The deadline that the wall counts to, or from. Times are of the rehearsal's clock. */
export interface Milestone {
  readonly stage: StageId;
  readonly dueAtMs: number;
  /** Sites that reached it, of those that should. */
  readonly done: number;
  readonly total: number;
  /** Some are past the plan's amber time, as the counts and the problems have it. */
  readonly isLate: boolean;
}

export interface Milestones {
  /** The next deadline ahead. */
  readonly next: Milestone | undefined;
  /** The last one that has passed and is not kept by all, while it is fresh. */
  readonly overdue: Milestone | undefined;
}

/** A deadline that passed is counted from so long; then the problems and the funnel tell of it. */
export const OVERDUE_SHOWN_MS = 10 * 60_000;

/** Deadlines around a moment of the day. Stages of several tracks with one deadline are one. Pure. */
export function milestonesOf(stages: readonly LiveStage[], nowMs: number): Milestones {
  const next = milestones(stages).find(({ dueAtMs }) => dueAtMs > nowMs);
  const owed = owedOf(stages, nowMs);
  return { next, overdue: owed && nowMs - owed.dueAtMs < OVERDUE_SHOWN_MS ? owed : undefined };
}

/** The last deadline that has passed and is not kept by all, however long ago. Pure. */
export function owedOf(stages: readonly LiveStage[], nowMs: number): Milestone | undefined {
  const passed = milestones(stages).filter(({ dueAtMs }) => dueAtMs <= nowMs);
  const last = passed.at(-1);
  return passed.find(({ dueAtMs }) => dueAtMs === last?.dueAtMs);
}

/**
 * Those that not all have kept, the earliest first; of one moment what the day goes towards first: printing,
 * and not the key for it.
 */
function milestones(stages: readonly LiveStage[]): Milestone[] {
  const found = new Map<string, Milestone>();
  for (const { stage, dueAtMs, done, total, late } of stages) {
    if (dueAtMs === null || done >= total) continue;
    const key = `${stage} ${dueAtMs}`;
    // A site may go through it on two tracks: the track that lacks most speaks, sums would count it twice.
    const same = found.get(key);
    const isLate = late > 0 || same?.isLate === true;
    const own =
      same && same.total - same.done >= total - done ? same : { stage, dueAtMs, done, total };
    found.set(key, { ...own, isLate });
  }
  return [...found.values()].sort((a, b) => a.dueAtMs - b.dueAtMs || dayOrder(b) - dayOrder(a));
}

function dayOrder({ stage }: Milestone): number {
  return stageIds.indexOf(stage);
}
