import {
  HQ_ROOM_CODE,
  type Incident,
  type IncidentLevel,
  type LiveState,
} from '@ppe-pulse/protocol';
import { filled, type IncidentTexts } from '@ppe-pulse/protocol/texts';
import { useLive } from '../live/use-live.ts';
import { useMunicipalityNames } from './MunicipalityNames.tsx';
import { useIncidentWords } from './use-incident-words.ts';

/** A node of the tree in words: `site:4216` is «ППЭ 4216». */
export function useNodeName(node: string): string {
  const { incident } = useIncidentWords();
  const names = useMunicipalityNames();
  return useLive((state) => nodeName(node, incident, { ...state, names }));
}

/** What names are taken from. */
interface Named extends Pick<LiveState, 'registry' | 'workstations' | 'incidents'> {
  /** The registry's names by slug. */
  readonly names: ReadonlyMap<string, string>;
}

function nodeName(node: string, { place, levels }: IncidentTexts, state: Named): string {
  const { registry, workstations } = state;
  const [level, rest = ''] = node.split(/:(.*)/s);
  const siteName = (code: string): string =>
    filled(place.sites[registry.get(code)?.kind ?? 'ppe'], { code });
  const roomName = (code: string): string =>
    code === HQ_ROOM_CODE ? place.hq : filled(place.room, { code });
  switch (level as IncidentLevel) {
    case 'collector':
      return place.collector;
    case 'region':
      return place.region;
    case 'municipality':
      return filled(place.municipality, { name: municipalityName(state, rest) });
    case 'provider':
      return filled(place.provider, { name: filled(place.quoted, { name: rest }) });
    case 'site':
      return siteName(rest);
    case 'room': {
      const [siteCode = '', roomCode = ''] = rest.split('-');
      return `${siteName(siteCode)}, ${roomName(roomCode)}`;
    }
    case 'station':
    case 'device': {
      const [first = '', second = ''] = rest.split('/');
      const placement = workstations.find((each) => each?.id === first)?.placement;
      const where = placement
        ? `${siteName(placement.siteCode)}, ${roomName(placement.roomCode)}`
        : `${levels.station} ${first}`;
      return second === '' ? where : `${where}, ${levels.device} ${second}`;
    }
  }
  // A node of a newer collector.
  return node;
}

/** Name of a municipality by its slug: the registry's, else an open incident's; else the slug. */
export function municipalityName(
  { registry, incidents, names }: Pick<Named, 'registry' | 'incidents' | 'names'>,
  slug: string,
): string {
  const known = names.get(slug);
  if (known !== undefined) return known;
  for (const { municipality, siteCode, siteCodes } of incidents.values()) {
    const name = registry.get(siteCode ?? siteCodes[0] ?? '')?.municipality;
    if (municipality === slug && name !== undefined) return name;
  }
  return slug;
}

/** Nodes that an incident's place may be silenced by, the narrowest first. */
export function nodesAround(
  incident: Pick<Incident, 'node' | 'siteCode' | 'roomCode' | 'municipality'>,
): readonly string[] {
  const { node, siteCode, roomCode, municipality } = incident;
  return [
    ...new Set([
      node,
      ...(siteCode !== null && roomCode !== null ? [`room:${siteCode}-${roomCode}`] : []),
      ...(siteCode !== null ? [`site:${siteCode}`] : []),
      ...(municipality !== null ? [`municipality:${municipality}`] : []),
    ]),
  ];
}
