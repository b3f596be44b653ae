import type {
  LiveRoom,
  LiveSite,
  LiveStage,
  LiveWorkstation,
  Problem,
  Trend,
} from '../messages/live-parts.ts';
import type {
  ProblemRow,
  SiteRow,
  StageRow,
  TrendRows,
  WorkstationRow,
} from '../messages/live-rows.ts';
import { stageIds, stageTracks } from '../stages/stage.ts';
import { verdicts, type Verdict } from '../truth.ts';

/** The workstation of a row in a frame of this moment. */
export function readWorkstation(row: WorkstationRow, serverTimeMs: number): LiveWorkstation {
  const [index, id, siteCode, roomCode, role, duty, simulated, ...rest] = row;
  const [verdict, reason, seenAgoMs, problems, carried, values] = rest;
  return {
    index,
    id,
    placement: { siteCode, roomCode, role, duty, simulated: simulated === 1 },
    verdict: verdictOf(verdict),
    reason,
    lastSeenMs: seenAgoMs === null ? null : serverTimeMs - seenAgoMs,
    problems: readProblems(problems),
    ...(carried && { carriedAtMs: carried[0], carriedNewestMs: carried[1] }),
    values,
  };
}

/** The checks of rows. */
export function readProblems(rows: readonly ProblemRow[]): Problem[] {
  return rows.map(([id, verdict, reason]) => ({ id, verdict: verdictOf(verdict), reason }));
}

/** The site of a row. */
export function readSite(row: SiteRow): LiveSite {
  const rooms = row.rooms.map(([code, isDone]): LiveRoom => ({ code, isDone: isDone === 1 }));
  return { ...row, stages: row.stages.flatMap(stageOf), rooms };
}

/** The trend of rows. */
export function readTrend({ everyMs, points }: TrendRows): Trend {
  let atMs = 0;
  return {
    everyMs,
    points: points.map(([sinceMs, rxBytesPerSecond]) => ({
      atMs: (atMs += sinceMs),
      rxBytesPerSecond,
    })),
  };
}

/** None for a stage of a newer collector. */
function stageOf(row: StageRow): LiveStage[] {
  const [stage, track] = [stageIds[row[0]], stageTracks[row[1]]];
  if (!stage || !track) return [];
  const [, , done, total, unknown, late, verdict, reason, reachedAtMs, dueAtMs, mismatch] = row;
  const counts = { done, total, unknown, late, reachedAtMs, dueAtMs };
  const isMismatch = mismatch === 1;
  return [{ stage, track, ...counts, verdict: verdictOf(verdict), reason, isMismatch }];
}

/** Unknown for one of a newer collector: never silent, never calm. */
function verdictOf(index: number): Verdict {
  return verdicts[index] ?? 'unknown';
}
