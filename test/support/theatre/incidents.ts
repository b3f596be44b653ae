import { splitDeviceId, type Incident } from '@ppe-pulse/protocol';
import { plainIncident } from '../plain-incident.ts';
import type { Scene, SceneSite, Trouble } from './scene.ts';

/** Open ones of a scene, the oldest first: one a trouble, and the scene's own. */
export function incidentsOf(scene: Scene): Incident[] {
  const sites = new Map(scene.sites.map((site) => [site.code, site]));
  const own = scene.troubles.flatMap((trouble, at) => {
    const site = sites.get(trouble.siteCode);
    return site && trouble.incident ? [incidentOf(scene, trouble, site, at)] : [];
  });
  return [...own, ...scene.incidents].sort((a, b) => a.openedAtMs - b.openedAtMs);
}

function incidentOf(scene: Scene, trouble: Trouble, site: SceneSite, at: number): Incident {
  const room = trouble.rooms?.length === 1 ? (trouble.rooms[0] ?? null) : null;
  const children = trouble.rooms?.length ?? site.rooms + 1;
  return plainIncident(at + 1, scene.atMs - trouble.forMs, {
    kind: splitDeviceId(trouble.check)?.base ?? trouble.check,
    reason: trouble.reason,
    verdict: trouble.verdict,
    severity: trouble.verdict === 'warn' ? 'warning' : 'critical',
    level: room === null ? 'site' : 'room',
    node: room === null ? `site:${site.code}` : `room:${site.code}-${room}`,
    siteCode: site.code,
    roomCode: room,
    municipality: site.municipality,
    children,
    peakChildren: children,
    siteCodes: [site.code],
    isSimulated: scene.isSimulated,
    ...trouble.incident,
  });
}
