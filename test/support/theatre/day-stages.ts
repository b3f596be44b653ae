import type { LiveRoom, LiveSite, LiveStage, StageId } from '@ppe-pulse/protocol';
import { hashOf, unit } from '../../../server/src/simulate/random.ts';
import type { Scene, SceneSite } from './scene.ts';

const MINUTE_MS = 60_000;

/** A stage of the written track: when it is due, and whether rooms are counted. */
interface DayStage {
  readonly stage: StageId;
  readonly due: string;
  readonly isOfRooms: boolean;
}

/** 15 May 2024 in Kuzbass, as the shipped plan has it. */
const day: readonly DayStage[] = [
  { stage: 'techPrep', due: '2024-05-13T17:00:00+07:00', isOfRooms: false },
  { stage: 'emDownload', due: '2024-05-14T12:00:00+07:00', isOfRooms: false },
  { stage: 'techControl', due: '2024-05-14T17:00:00+07:00', isOfRooms: false },
  { stage: 'actsSent', due: '2024-05-14T17:00:00+07:00', isOfRooms: false },
  { stage: 'videoOn', due: '2024-05-15T08:00:00+07:00', isOfRooms: false },
  { stage: 'stationsUp', due: '2024-05-15T09:00:00+07:00', isOfRooms: false },
  { stage: 'keyDownload', due: '2024-05-15T09:30:00+07:00', isOfRooms: false },
  { stage: 'keyLoaded', due: '2024-05-15T10:00:00+07:00', isOfRooms: true },
  { stage: 'printing', due: '2024-05-15T10:20:00+07:00', isOfRooms: true },
  { stage: 'examStarted', due: '2024-05-15T10:30:00+07:00', isOfRooms: false },
  { stage: 'examFinished', due: '2024-05-15T14:00:00+07:00', isOfRooms: false },
  { stage: 'scanning', due: '2024-05-15T15:00:00+07:00', isOfRooms: true },
  { stage: 'packageSent', due: '2024-05-15T17:00:00+07:00', isOfRooms: false },
  { stage: 'rcoiAck', due: '2024-05-15T18:00:00+07:00', isOfRooms: false },
];

/** The stages of one site at the scene's moment. Silent sites are unknown where they are due. */
export function stagesOf(scene: Scene, site: SceneSite): LiveStage[] {
  if (!scene.hasPlan || !site.isInvolved || site.kind !== 'ppe') return [];
  const isSilent = scene.troubles.some(
    ({ siteCode, rooms, verdict }) =>
      siteCode === site.code && rooms === null && verdict === 'unknown',
  );
  const late = scene.lateStages.get(site.code) ?? [];
  return day.map(({ stage, due, isOfRooms }) => {
    const dueAtMs = Date.parse(due);
    const isDue = scene.atMs >= dueAtMs;
    const isLate = isDue && late.includes(stage);
    const isUnknown = isDue && isSilent && dueAtMs > scene.atMs - 60 * MINUTE_MS;
    const isReached = isDue && !isLate && !isUnknown;
    const total = isOfRooms ? site.rooms : 1;
    const ahead = isOfRooms && !isDue && !isSilent ? roomsAhead(scene, site, dueAtMs) : 0;
    return {
      stage,
      track: 'written',
      done: isReached ? total : ahead,
      total,
      unknown: isUnknown ? total : 0,
      late: isLate ? total : 0,
      verdict: isUnknown ? 'unknown' : isLate ? 'fail' : 'ok',
      reason: isUnknown ? 'notHeard' : isLate ? 'overdue' : isReached ? 'reached' : 'notDue',
      reachedAtMs: isReached
        ? dueAtMs - Math.round(luck(scene, site, stage) * 8) * MINUTE_MS
        : null,
      dueAtMs,
      isMismatch: false,
    };
  });
}

/** Rooms in the order of codes; done are those that reached the stage in play. */
export function roomsOf(scene: Scene, site: SceneSite): LiveRoom[] {
  const stages = stagesOf(scene, site);
  const current = stages.find(({ total, done }) => total > 1 && done < total);
  const done = current?.done ?? (stages.length > 0 ? site.rooms : 0);
  const rooms = Array.from({ length: site.rooms }, (_, at) => ({
    code: String(at + 1).padStart(4, '0'),
    isDone: ((at * 7) % site.rooms) + 1 <= done,
  }));
  return [...rooms, { code: '7777', isDone: false }];
}

/** Sites that reached each stage, of those that take part. */
export function regionStages(sites: readonly LiveSite[]): LiveStage[] {
  const involved = sites.filter(({ isInvolved, stages }) => isInvolved && stages.length > 0);
  return (involved[0]?.stages ?? []).map((first, at) => {
    const each = involved.flatMap(({ stages }) => stages[at] ?? []);
    const late = each.filter((stage) => stage.late > 0).length;
    const unknown = each.filter((stage) => stage.unknown > 0).length;
    const done = each.filter((stage) => stage.done === stage.total).length;
    return {
      ...first,
      done,
      total: each.length,
      unknown,
      late,
      verdict: late > 0 ? 'fail' : unknown > 0 ? 'unknown' : 'ok',
      reason: late > 0 ? 'overdue' : unknown > 0 ? 'notHeard' : done > 0 ? 'reached' : 'notDue',
      reachedAtMs: done === each.length ? first.reachedAtMs : null,
    };
  });
}

/** The next stage that is due in the region, undefined after the last. */
export function nextStage(scene: Scene): { id: StageId; dueAt: string } | undefined {
  const next = day.find(({ due }) => Date.parse(due) > scene.atMs);
  return next && { id: next.stage, dueAt: new Date(next.due).toISOString() };
}

/** Half an hour before a stage is due its rooms come one by one. */
function roomsAhead(scene: Scene, site: SceneSite, dueAtMs: number): number {
  const share = 1 - (dueAtMs - scene.atMs) / (30 * MINUTE_MS);
  return share <= 0 ? 0 : Math.floor(site.rooms * share * luck(scene, site, 'ahead'));
}

function luck({ seed }: Scene, { code }: SceneSite, name: string): number {
  return unit(hashOf(`${seed} ${code}`), name);
}
