import { deviceKinds, idPatterns, isId } from '@ppe-pulse/protocol';

/** Where a node of the tree is, as far as the registry must know it. */
export type NamedNode =
  /** `region`, `collector`: there is one of each. */
  | { readonly kind: 'root' }
  | { readonly kind: 'municipality'; readonly slug: string }
  | { readonly kind: 'provider'; readonly name: string }
  /** Also a room, a workstation or a device: `siteCode` where the node says it. */
  | { readonly kind: 'site'; readonly siteCode: string }
  | { readonly kind: 'station'; readonly workstationId: string };

const ROOM = /^([0-9]{4})-([0-9]{4})$/;
const DEVICE = new RegExp(
  `^(${idPatterns.agentId.slice(1, -1)})/(?:${deviceKinds.join('|')})\\.[1-9][0-9]?$`,
);
/** Longer names are none of the registry's. */
const MAX_NAME = 180;

/** Takes a node apart; null for what is none. */
export function parseNode(node: string): NamedNode | null {
  if (node === 'region' || node === 'collector') return { kind: 'root' };
  const colon = node.indexOf(':');
  const rest = node.slice(colon + 1);
  if (colon < 0 || rest === '' || rest.length > MAX_NAME) return null;
  switch (node.slice(0, colon)) {
    case 'municipality':
      return { kind: 'municipality', slug: rest };
    case 'provider':
      return { kind: 'provider', name: rest };
    case 'site':
      return isId('siteCode', rest) ? { kind: 'site', siteCode: rest } : null;
    case 'room': {
      const siteCode = ROOM.exec(rest)?.[1];
      return siteCode === undefined ? null : { kind: 'site', siteCode };
    }
    case 'station':
      return isId('agentId', rest) ? { kind: 'station', workstationId: rest } : null;
    case 'device': {
      const workstationId = DEVICE.exec(rest)?.[1];
      return workstationId === undefined ? null : { kind: 'station', workstationId };
    }
    default:
      return null;
  }
}
