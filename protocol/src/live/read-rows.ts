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

/*
 * By index: a first picture reads thousands of rows before the browser has made them fast, and taking an
 * array apart by a pattern walks it with an iterator until then.
 */

/** The workstation of a row in a frame of this moment. */
export function readWorkstation(row: WorkstationRow, serverTimeMs: number): LiveWorkstation {
  const seenAgoMs = row[9];
  const carried = row[11];
  const placement = {
    siteCode: row[2],
    roomCode: row[3],
    role: row[4],
    duty: row[5],
    simulated: row[6] === 1,
  };
  return {
    index: row[0],
    id: row[1],
    placement,
    verdict: verdictOf(row[7]),
    reason: row[8],
    lastSeenMs: seenAgoMs === null ? null : serverTimeMs - seenAgoMs,
    problems: readProblems(row[10]),
    ...(carried && { carriedAtMs: carried[0], carriedNewestMs: carried[1] }),
    values: row[12],
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
  const stage = stageIds[row[0]];
  const track = stageTracks[row[1]];
  if (!stage || !track) return [];
  const made: LiveStage = {
    stage,
    track,
    done: row[2],
    total: row[3],
    unknown: row[4],
    late: row[5],
    verdict: verdictOf(row[6]),
    reason: row[7],
    reachedAtMs: row[8],
    dueAtMs: row[9],
    isMismatch: row[10] === 1,
  };
  return [made];
}

/** Unknown for one of a newer collector: never silent, never calm. */
function verdictOf(index: number): Verdict {
  return verdicts[index] ?? 'unknown';
}
