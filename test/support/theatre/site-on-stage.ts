import { HQ_ROOM_CODE, type LiveSite } from '@ppe-pulse/protocol';
import { roomsOf, stagesOf } from './day-stages.ts';
import type { Scene, SceneSite } from './scene.ts';

/** Conditions of readiness that every ППЭ of a scene has. */
const CONDITIONS = 24;

/** A site as the rehearsal shows it to boards. */
export function siteOnStage(scene: Scene, site: SceneSite): LiveSite {
  const home = scene.municipalities.find(({ slug }) => slug === site.municipality);
  const isUnready = scene.troubles.some(
    ({ siteCode, verdict }) => siteCode === site.code && verdict !== 'silentByRule',
  );
  const isExam = site.kind === 'ppe' && site.isInvolved && scene.hasPlan;
  return {
    code: site.code,
    kind: site.kind,
    name: site.name,
    municipality: home?.name ?? '',
    municipalitySlug: site.municipality,
    timeZone: site.timeZone,
    isInvolved: site.isInvolved,
    planned: site.rooms + 1,
    notYetHeard: 0,
    unplanned: 0,
    met: isExam ? CONDITIONS - (isUnready ? 2 : 0) : 0,
    conditions: isExam ? CONDITIONS : 0,
    readiness: isUnready ? 'warn' : 'ok',
    stages: stagesOf(scene, site),
    rooms: isExam
      ? roomsOf(scene, site)
      : Array.from({ length: site.rooms + 1 }, (_, at) => ({
          code: at === site.rooms ? HQ_ROOM_CODE : String(at + 1).padStart(4, '0'),
          isDone: false,
        })),
  };
}
