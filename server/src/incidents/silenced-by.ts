import type { AlertSilence, IncidentCore, SitePlace } from '@ppe-pulse/protocol';

/** Where a site stands; undefined for one that the registry does not know. */
export type PlaceOf = (siteCode: string) => SitePlace | undefined;

type Placed = Pick<
  IncidentCore,
  'kind' | 'level' | 'node' | 'siteCode' | 'roomCode' | 'workstationId' | 'municipality'
>;

/**
 * The nodes of an incident: its own and all above it. A provider is beside the municipalities and the
 * collector is beside the region: neither is below the other.
 */
export function nodesOf(incident: Placed, placeOf: PlaceOf): ReadonlySet<string> {
  const { level, node, siteCode, roomCode, workstationId } = incident;
  const nodes = new Set([node]);
  if (level === 'collector') return nodes;
  nodes.add('region');
  if (level === 'municipality' || level === 'provider' || level === 'region') return nodes;
  const place = siteCode === null ? undefined : placeOf(siteCode);
  const municipality = place?.municipality ?? incident.municipality;
  const provider = place?.provider ?? null;
  if (municipality !== null) nodes.add(`municipality:${municipality}`);
  if (provider !== null) nodes.add(`provider:${provider}`);
  if (siteCode === null) return nodes;
  nodes.add(`site:${siteCode}`);
  if (roomCode !== null) nodes.add(`room:${siteCode}-${roomCode}`);
  if (workstationId !== null) nodes.add(`station:${workstationId}`);
  return nodes;
}

/** True where a silence's node is one of the incident's and its check is the incident's, or any. */
export function isCovered(
  incident: Pick<Placed, 'kind'>,
  nodes: ReadonlySet<string>,
  { node, checkId }: Pick<AlertSilence, 'node' | 'checkId'>,
): boolean {
  return nodes.has(node) && (checkId === null || checkId === incident.kind);
}
