import {
  overviewOf,
  type Incident,
  type IncidentCounts,
  type LiveSite,
  type Overview,
  type Verdict,
} from '@ppe-pulse/protocol';
import type { Cast } from './cast.ts';
import { nextStage, regionStages } from './day-stages.ts';
import type { Scene, Trouble } from './scene.ts';

/** What is counted. */
interface OnStage {
  readonly cast: Cast;
  readonly sites: ReadonlyMap<string, LiveSite>;
  readonly incidents: ReadonlyMap<string, Incident>;
  readonly edited: { readonly part: Partial<Overview> };
  readonly nowMs: number;
}

/** The overview of the stage: counted by the collector's own code, with the scene's and the test's word over it. */
export function stageOverview(scene: Scene, onStage: OnStage): Overview {
  const { cast, nowMs, edited } = onStage;
  const sites = [...onStage.sites.values()];
  const counted = overviewOf(cast.all(), {
    nowMs,
    dataAgeMs: 600,
    heartbeatsPerSecond: cast.ids.length / 5,
    backlog: 0,
    warnings: [],
    planEditing: null,
    incidents: countsOf(onStage.incidents),
    rehearsal: {
      planned: cast.ids.length,
      notYetHeard: 0,
      unplanned: 0,
      missing: { involved: 0, notInvolved: 0 },
      sites: new Map(sites.map(({ code, isInvolved }) => [code, isInvolved])),
      stages: scene.hasPlan ? regionStages(sites) : [],
      cameras: camerasOf(scene, sites).cameras,
      ...planOf(scene, nowMs),
    },
  });
  return { ...counted, ...camerasOf(scene, sites), ...scene.overview, ...edited.part };
}

function planOf(scene: Scene, nowMs: number): Pick<Overview, 'stage' | 'rehearsal'> {
  if (!scene.hasPlan) return {};
  const stage = nextStage(scene);
  return {
    ...(stage && { stage }),
    rehearsal: {
      planId: '2024-05-15',
      planVersion: 3,
      title: scene.title ?? 'Апробация ЕГЭ · Кузбасс',
      nowAt: new Date(nowMs).toISOString(),
      speed: 1,
      isSimulated: scene.isSimulated,
      phase: scene.phase,
      opensAt: new Date('2024-05-15T08:00:00+07:00').toISOString(),
      closesAt: new Date('2024-05-15T18:00:00+07:00').toISOString(),
      agentsBehind: 0,
    },
  };
}

/** Two a room: dark where the scene says so, and nobody knows of those whose room is silent. */
function camerasOf(
  { troubles }: Scene,
  sites: readonly LiveSite[],
): Pick<Overview, 'cameras' | 'throughput'> {
  const involved = sites.filter(({ isInvolved }) => isInvolved);
  const roomsOf = new Map(
    involved.map(({ code, rooms }) => [code, Math.max(0, rooms.length - 1)] as const),
  );
  const planned = 2 * [...roomsOf.values()].reduce((sum, rooms) => sum + rooms, 0);
  const hit = (isIt: (trouble: Trouble) => boolean): number =>
    troubles
      .filter(isIt)
      .reduce((sum, { siteCode, rooms }) => sum + (rooms?.length ?? roomsOf.get(siteCode) ?? 0), 0);
  const darkFor = (minutes: number): number =>
    hit(({ check, forMs }) => check.startsWith('camera') && forMs >= minutes * 60_000);
  const dark = darkFor(0);
  const unseen = (why: Verdict): number => 2 * hit(({ verdict }) => verdict === why);
  const byRule = unseen('silentByRule');
  return {
    cameras: {
      planned,
      on: planned - dark - unseen('unknown') - byRule,
      off: dark,
      byRule,
      darkRooms: dark,
      darkRoomsOver5Minutes: darkFor(5),
      darkRoomsOver15Minutes: darkFor(15),
      darkRoomsOver20Minutes: darkFor(20),
    },
    throughput: {
      rxBytesPerSecond: 25_250_000,
      txBytesPerSecond: 9_100_000,
      stations: involved.length,
    },
  };
}

function countsOf(incidents: ReadonlyMap<string, Incident>): IncidentCounts {
  const open = [...incidents.values()];
  const untaken = open.filter(
    ({ severity, acknowledgedAtMs, silencedUntilMs, snoozedUntilMs }) =>
      severity === 'critical' &&
      acknowledgedAtMs === null &&
      silencedUntilMs === null &&
      snoozedUntilMs === null,
  );
  const opened = untaken.map(({ openedAtMs }) => openedAtMs);
  return {
    open: open.length,
    critical: open.filter(({ severity }) => severity === 'critical').length,
    untaken: untaken.length,
    oldestUntakenAtMs: opened.length > 0 ? Math.min(...opened) : null,
    silenced: open.filter(({ silencedUntilMs }) => silencedUntilMs !== null).length,
  };
}
