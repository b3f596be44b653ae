import type {
  HqFrame,
  HqIncident,
  HqIncidents,
  IncidentLevel,
  Severity,
} from '@ppe-pulse/protocol';

const neverHeard: HqIncidents = { atMs: null, isCurrent: false, total: 0, items: [] };

/**
 * A frame of our own relay, undefined for anything else. Workstations are trusted in depth: a compiled
 * validator needs what the page's policy forbids. What the relay passes on from a collector, which may
 * be newer than both, is looked at item by item.
 */
export function readFrame(data: unknown): HqFrame | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const value = JSON.parse(data) as Partial<HqFrame> | null;
    const isOurs =
      value?.type === 'hq' &&
      typeof value.atMs === 'number' &&
      typeof value.uplink === 'object' &&
      Array.isArray(value.workstations);
    if (!isOurs) return undefined;
    return { ...(value as HqFrame), incidents: incidentsOf(value.incidents) };
  } catch {
    return undefined;
  }
}

/** Of a relay before incidents: it never heard of any. */
function incidentsOf(value: Partial<HqIncidents> | undefined): HqIncidents {
  if (!Array.isArray(value?.items)) return neverHeard;
  const items = value.items.filter(isIncident);
  return {
    atMs: isMoment(value.atMs) ? value.atMs : null,
    isCurrent: value.isCurrent === true,
    total: Math.max(isMoment(value.total) ? value.total : 0, items.length),
    items,
  };
}

/** By name here: the protocol's own lists would bring the schemas along, a tenth of the page. */
const levels: Readonly<Record<IncidentLevel, true>> = {
  collector: true,
  region: true,
  municipality: true,
  provider: true,
  site: true,
  room: true,
  station: true,
  device: true,
};
const severities: Readonly<Record<Severity, true>> = { warning: true, critical: true };

/** True for what can be drawn. */
function isIncident(value: unknown): value is HqIncident {
  if (typeof value !== 'object' || value === null) return false;
  const each = value as Partial<Record<keyof HqIncident, unknown>>;
  const texts = [each.id, each.kind, each.reason];
  const moments = [each.openedAtMs, each.children, each.peakChildren, each.sites];
  const maybeMoments = [
    each.resolvedAtMs,
    each.acknowledgedAtMs,
    each.snoozedUntilMs,
    each.silencedUntilMs,
  ];
  return (
    Object.hasOwn(levels, String(each.level)) &&
    Object.hasOwn(severities, String(each.severity)) &&
    texts.every((text) => typeof text === 'string') &&
    moments.every(isMoment) &&
    maybeMoments.every((moment) => moment === null || isMoment(moment)) &&
    Array.isArray(each.siteCodes)
  );
}

/** A number that can be put on a clock, or counted. */
function isMoment(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 4_102_444_800_000;
}
