import { Type, type Static } from 'typebox';
import { IncidentSchema, type Incident } from '../incidents/incident.ts';
import { limits } from '../limits.ts';

/** The capability of an agent whose page shows what the situation centre knows of its ППЭ. */
export const INCIDENTS_CAPABILITY = 'incidents';

/** An incident as a ППЭ is told of it: that somebody took it and which post has it, and never who. */
export const HqIncidentSchema = Type.Object({
  ...IncidentSchema.properties,
  acknowledgedBy: Type.Null(),
});
export type HqIncident = Static<typeof HqIncidentSchema>;

/** What a ППЭ is told. */
export interface HqPart {
  /** Open incidents that cover it; `items` may be fewer. */
  readonly total: number;
  readonly items: readonly HqIncident[];
}

/** What the frame has beside its items, in bytes. */
const FRAME_REST_BYTES = 1_000;

/**
 * The part of open incidents that a site is told: the urgent and untaken first, the older before the
 * younger, as many as a frame takes. Accounts, notes and codes of other sites stay here. Pure.
 */
export function hqPartOf(incidents: readonly Incident[], siteCode: string): HqPart {
  const open = incidents.filter(({ resolvedAtMs }) => resolvedAtMs === null);
  const items: HqIncident[] = [];
  let bytes = FRAME_REST_BYTES;
  for (const incident of [...open].sort(byUrgency)) {
    const item = hqIncidentOf(incident, siteCode);
    bytes += utf8Bytes(JSON.stringify(item)) + 1;
    if (items.length === limits.hqIncidents || bytes > limits.collectorFrameBytes) break;
    items.push(item);
  }
  return { total: open.length, items };
}

/** Field by field: what an incident gets tomorrow does not leave by itself. */
function hqIncidentOf(incident: Incident, siteCode: string): HqIncident {
  return {
    id: incident.id,
    kind: incident.kind,
    reason: incident.reason,
    verdict: incident.verdict,
    severity: incident.severity,
    level: incident.level,
    node: incident.node,
    siteCode: incident.siteCode,
    roomCode: incident.roomCode,
    workstationId: incident.workstationId,
    deviceKind: incident.deviceKind,
    device: incident.device,
    municipality: incident.municipality,
    provider: incident.provider,
    children: incident.children,
    peakChildren: incident.peakChildren,
    sites: incident.sites,
    siteCodes: incident.siteCodes.includes(siteCode) ? [siteCode] : [],
    evidence: incident.evidence,
    openedAtMs: incident.openedAtMs,
    resolvedAtMs: incident.resolvedAtMs,
    resolution: incident.resolution,
    foldedInto: incident.foldedInto,
    isUnstable: incident.isUnstable,
    isUnheard: incident.isUnheard,
    isSimulated: incident.isSimulated,
    acknowledgedAtMs: incident.acknowledgedAtMs,
    acknowledgedBy: null,
    assignee: incident.assignee,
    isDrill: incident.isDrill,
    snoozedUntilMs: incident.snoozedUntilMs,
    silencedUntilMs: incident.silencedUntilMs,
    notes: 0,
    lastNoteAtMs: null,
  };
}

function byUrgency(a: Incident, b: Incident): number {
  return urgencyOf(b) - urgencyOf(a) || a.openedAtMs - b.openedAtMs || (a.id < b.id ? -1 : 1);
}

function urgencyOf({ severity, acknowledgedAtMs, ...rest }: Incident): number {
  const isQuiet = rest.silencedUntilMs !== null || rest.snoozedUntilMs !== null;
  return (
    (isQuiet ? 0 : 4) + (severity === 'critical' ? 2 : 0) + (acknowledgedAtMs === null ? 1 : 0)
  );
}

function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // Half a pair is counted as three bytes where two would do: never too few.
    bytes += unit < 0x80 ? 0 : unit < 0x800 ? 1 : 2;
  }
  return bytes;
}
