import type { Incident, Placement } from '@ppe-pulse/protocol';

/** Open incidents of a workstation: its own, of its room, and wider ones that reach its site. Pure. */
export function incidentsOfStation(
  open: Iterable<Incident>,
  id: string,
  { siteCode, roomCode }: Pick<Placement, 'siteCode' | 'roomCode'>,
): Incident[] {
  return [...open].filter((incident) => {
    if (incident.workstationId !== null) return incident.workstationId === id;
    if (incident.roomCode !== null)
      return incident.siteCode === siteCode && incident.roomCode === roomCode;
    return incident.siteCode === siteCode || incident.siteCodes.includes(siteCode);
  });
}
