import {
  covers,
  placeIn,
  type Incident,
  type Placement,
  type SitePlace,
} from '@ppe-pulse/protocol';

/** Open incidents in a site, and wider ones that it is in; theirs may list fewer sites than they have. */
export function incidentsAt(
  open: readonly Incident[],
  siteCode: string,
  site: SitePlace | undefined,
): Incident[] {
  return open.filter((incident) => {
    if (incident.siteCode === siteCode || incident.siteCodes.includes(siteCode)) return true;
    const isCut = incident.sites > incident.siteCodes.length;
    return isCut && covers({ id: incident.node, level: incident.level }, placeOf(siteCode, site));
  });
}

function placeOf(siteCode: string, site: SitePlace | undefined) {
  const anywhere: Pick<Placement, 'siteCode' | 'roomCode'> = { siteCode, roomCode: '' };
  return placeIn('', anywhere, site);
}
