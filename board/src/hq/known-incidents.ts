import type { HqIncident, HqIncidents } from '@ppe-pulse/protocol';
import { isSetAside } from '../incidents/order.ts';
import type { Cause, Place } from './causes.ts';
import { subjectOf, type Subject } from '../rooms/columns.ts';

/** What the situation centre knows of a cause, so that nobody needs to call. */
export interface Knowledge {
  /** The one that says most about the places that are worst cared for. */
  readonly incident: HqIncident;
  /** How many of the cause's places are covered by any. */
  readonly covered: number;
  /** As of its worst place: half of a cause that nobody took is not taken. */
  readonly standing: Standing;
}

/** Worst first. */
const standings = ['waits', 'setAside', 'taken'] as const;
type Standing = (typeof standings)[number];

/** Null where no incident covers the cause: then the situation centre may not know. Pure. */
export function knowledgeOf(cause: Cause, { items }: HqIncidents): Knowledge | null {
  const best = cause.places.flatMap((place) => {
    const covering = items.filter((incident) => covers(incident, cause, place));
    return covering.sort((a, b) => rankOf(b) - rankOf(a))[0] ?? [];
  });
  const [incident] = best.sort((a, b) => rankOf(a) - rankOf(b));
  return incident ? { incident, covered: best.length, standing: standingOf(incident) } : null;
}

/** How an incident stands with the people of the situation centre. */
export function standingOf(incident: HqIncident): Standing {
  if (incident.acknowledgedAtMs !== null) return 'taken';
  return isSetAside(incident) ? 'setAside' : 'waits';
}

/** True when an incident is about this fault in this place, by itself or by a wider one. */
function covers(incident: HqIncident, cause: Cause, { workstation, number }: Place): boolean {
  const { subject, reason } = cause;
  if (subject === 'uplink' || incident.resolvedAtMs !== null) return false;
  const { siteCode, roomCode } = workstation.placement;
  switch (incident.level) {
    case 'device':
      return (
        incident.workstationId === workstation.id &&
        incident.deviceKind === (subject.kind ?? null) &&
        incident.device === number
      );
    case 'station':
      return incident.workstationId === workstation.id && isSameThing(incident, subject);
    case 'room':
      return (
        incident.siteCode === siteCode &&
        incident.roomCode === roomCode &&
        isSameThing(incident, subject)
      );
    case 'site':
      return incident.siteCode === siteCode && incident.kind === subject.base;
    case 'municipality':
    case 'provider':
    case 'region':
      // Half a region without a portal says nothing of this one's lost packets.
      return incident.kind === subject.base && incident.reason === reason;
    case 'collector':
      return false;
  }
}

/** The same check, or another of the same kind of device: what a device says is one line here. */
function isSameThing({ kind }: HqIncident, { base, kind: deviceKind }: Subject): boolean {
  return kind === base || (deviceKind !== undefined && subjectOf(kind).kind === deviceKind);
}

const widths: readonly HqIncident['level'][] = [
  'device',
  'station',
  'room',
  'site',
  'municipality',
  'provider',
  'region',
];

/** Better cared for, then wider. */
function rankOf(incident: HqIncident): number {
  const care = standings.indexOf(standingOf(incident));
  return care * widths.length + widths.indexOf(incident.level);
}
