import { splitDeviceId, deviceKinds, type DeviceKind } from '../checks/devices.ts';
import type { Placement } from '../placement.ts';
import type { IncidentLevel } from './incident.ts';
import type { SitePlace } from './site-place.ts';

/** A node of the tree with its level. */
export interface TreeNode {
  readonly id: string;
  readonly level: IncidentLevel;
}

/** A workstation's place in the tree. */
export interface StationPlace {
  readonly stationId: string;
  readonly siteCode: string;
  readonly roomCode: string;
  readonly municipality: string | null;
  readonly provider: string | null;
}

export const regionNode: TreeNode = { id: 'region', level: 'region' };
export const collectorNode: TreeNode = { id: 'collector', level: 'collector' };

export const municipalityNode = (slug: string): TreeNode => ({
  id: `municipality:${slug}`,
  level: 'municipality',
});

export const providerNode = (name: string): TreeNode => ({
  id: `provider:${name}`,
  level: 'provider',
});

export const siteNode = (code: string): TreeNode => ({ id: `site:${code}`, level: 'site' });

export const roomNode = (siteCode: string, roomCode: string): TreeNode => ({
  id: `room:${siteCode}-${roomCode}`,
  level: 'room',
});

export const stationNode = (stationId: string): TreeNode => ({
  id: `station:${stationId}`,
  level: 'station',
});

/** The node of one check of one workstation: its device where it is of one, else the workstation. */
export function leafNode(stationId: string, checkId: string): TreeNode {
  const device = deviceOf(checkId);
  if (!device) return stationNode(stationId);
  return { id: `device:${stationId}/${device.kind}.${device.number}`, level: 'device' };
}

/** The device that a check is of; null for a check of the workstation. */
export function deviceOf(checkId: string): { kind: DeviceKind; number: number } | null {
  const split = splitDeviceId(checkId);
  const word = split?.base.split('.', 1)[0];
  const kind = deviceKinds.find((each) => each === word);
  return split && kind ? { kind, number: split.device } : null;
}

/** Where a workstation stands. */
export function placeIn(
  stationId: string,
  { siteCode, roomCode }: Pick<Placement, 'siteCode' | 'roomCode'>,
  site: SitePlace | undefined,
): StationPlace {
  return {
    stationId,
    siteCode,
    roomCode,
    municipality: site?.municipality ?? null,
    provider: site?.provider ?? null,
  };
}

/** From the widest on; a provider's cut is told as such where a municipality has the same sites. */
const widestFirst: readonly IncidentLevel[] = [
  'collector',
  'region',
  'provider',
  'municipality',
  'site',
  'room',
  'station',
  'device',
];

/** True where the first is wider than the second. */
export function isWider(a: TreeNode, b: TreeNode): boolean {
  return widthOf(a) < widthOf(b);
}

function widthOf({ level }: TreeNode): number {
  return widestFirst.indexOf(level);
}

/** True where a node is a workstation's own, or above it. */
export function covers(node: TreeNode, place: StationPlace): boolean {
  switch (node.level) {
    case 'collector':
      return false;
    case 'region':
      return true;
    case 'municipality':
      return place.municipality !== null && node.id === municipalityNode(place.municipality).id;
    case 'provider':
      return place.provider !== null && node.id === providerNode(place.provider).id;
    case 'site':
      return node.id === siteNode(place.siteCode).id;
    case 'room':
      return node.id === roomNode(place.siteCode, place.roomCode).id;
    case 'station':
      return node.id === stationNode(place.stationId).id;
    case 'device':
      return node.id.startsWith(`device:${place.stationId}/`);
  }
}
