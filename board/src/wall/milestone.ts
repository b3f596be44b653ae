import { stageIds, type LiveStage, type StageId } from '@ppe-pulse/protocol';

/** The deadline that the wall counts to, or from. Times are of the rehearsal's clock. */
export interface Milestone {
  readonly stage: StageId;
  readonly dueAtMs: number;
  /** Sites that reached it, of those that should. */
  readonly done: number;
  readonly total: number;
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
  const open = milestones(stages).filter(({ done, total }) => done < total);
  const ahead = open.filter(({ dueAtMs }) => dueAtMs > nowMs);
  const passed = open.filter(
    ({ dueAtMs }) => dueAtMs <= nowMs && nowMs - dueAtMs < OVERDUE_SHOWN_MS,
  );
  const last = passed.at(-1);
  return { next: ahead[0], overdue: passed.find(({ dueAtMs }) => dueAtMs === last?.dueAtMs) };
}

/** `17:40`, `1:02:40`, `2 days` are told by the caller: only the clock of hours, minutes, seconds. */
export function countdown(spanMs: number): string {
  const seconds = Math.max(0, Math.floor(spanMs / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const two = (part: number): string => String(part).padStart(2, '0');
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

/** The earliest first; of one moment what the day goes towards first: printing, and not the key for it. */
function milestones(stages: readonly LiveStage[]): Milestone[] {
  const found = new Map<string, Milestone>();
  for (const { stage, dueAtMs, done, total } of stages) {
    if (dueAtMs === null || total === 0) continue;
    const key = `${stage} ${dueAtMs}`;
    // A site may go through it on two tracks: the track that lacks most speaks, sums would count it twice.
    const same = found.get(key);
    if (same && same.total - same.done >= total - done) continue;
    found.set(key, { stage, dueAtMs, done, total });
  }
  return [...found.values()].sort((a, b) => a.dueAtMs - b.dueAtMs || dayOrder(b) - dayOrder(a));
}

function dayOrder({ stage }: Milestone): number {
  return stageIds.indexOf(stage);
}
