import type {
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
import { verdicts } from '../truth.ts';

/** A workstation as a row of a frame of this moment. */
export function workstationRow(each: LiveWorkstation, serverTimeMs: number): WorkstationRow {
  const { siteCode, roomCode, role, duty, simulated } = each.placement;
  const { carriedAtMs, carriedNewestMs } = each;
  return [
    each.index,
    each.id,
    siteCode,
    roomCode,
    role,
    duty,
    simulated ? 1 : 0,
    verdicts.indexOf(each.verdict),
    each.reason,
    each.lastSeenMs === null ? null : serverTimeMs - each.lastSeenMs,
    problemRows(each.problems),
    carriedAtMs === undefined || carriedNewestMs === undefined
      ? null
      : [carriedAtMs, carriedNewestMs],
    [...each.values],
  ];
}

/** Checks that are not `ok` as rows. */
export function problemRows(problems: readonly Problem[]): ProblemRow[] {
  return problems.map(({ id, verdict, reason }) => [id, verdicts.indexOf(verdict), reason]);
}

/** A site is told whole and seldom changes: of thousands only the changed ones are made into rows. */
const siteRows = new WeakMap<LiveSite, SiteRow>();

/** A site as a row, made once of one object. */
export function siteRow(site: LiveSite): SiteRow {
  const known = siteRows.get(site);
  if (known) return known;
  const rooms = site.rooms.map(({ code, isDone }): [string, number] => [code, isDone ? 1 : 0]);
  const made = { ...site, stages: site.stages.map(stageRow), rooms };
  siteRows.set(site, made);
  return made;
}

/** A trend as rows. */
export function trendRows({ everyMs, points }: Trend): TrendRows {
  let beforeMs = 0;
  const rows = points.map(({ atMs, rxBytesPerSecond }): [number, number] => {
    const row: [number, number] = [atMs - beforeMs, rxBytesPerSecond];
    beforeMs = atMs;
    return row;
  });
  return { everyMs, points: rows };
}

function stageRow(stage: LiveStage): StageRow {
  return [
    stageIds.indexOf(stage.stage),
    stageTracks.indexOf(stage.track),
    stage.done,
    stage.total,
    stage.unknown,
    stage.late,
    verdicts.indexOf(stage.verdict),
    stage.reason,
    stage.reachedAtMs,
    stage.dueAtMs,
    stage.isMismatch ? 1 : 0,
  ];
}
