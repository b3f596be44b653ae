import { verdictWeight } from '../truth.ts';
import type { Census } from './census.ts';
import { isUnstable, type Fault } from './fault.ts';
import {
  MAX_LISTED_SITES,
  type IncidentCore,
  type IncidentLevel,
  type Resolution,
  type Severity,
} from './incident.ts';
import type { Phase } from './phase.ts';
import { OUTAGE_ANNULS_MS, OUTAGE_TOLD_MS, severityOf } from './severity.ts';
import { deviceOf, type StationPlace, type TreeNode } from './tree.ts';

/** An incident while it is open. The engine's own; it changes. */
export interface OpenIncident {
  readonly id: string;
  readonly kind: string;
  readonly node: TreeNode;
  cause: string;
  readonly faults: Set<Fault>;
  readonly openedAtMs: number;
  /** Codes of all sites that were ever in it. */
  readonly everSites: Set<string>;
  /** As it was last told; null before. */
  told: IncidentCore | null;
  /** Since when it is too weak to stand for all below it, monotonic. */
  weakSinceMs: number | null;
  /** How it ended, while nobody was told yet. */
  ended: { readonly resolution: Resolution; readonly foldedInto: string | null } | null;
  /** Of the last fault that left. */
  lastGone: Resolution;
}

/** What a view is made with. */
export interface ViewContext {
  readonly census: Census;
  readonly phaseOf: (siteCode: string) => Phase;
  readonly nowMs: number;
}

/** What changes in an open incident. */
const toldKeys = [
  'verdict',
  'reason',
  'severity',
  'siteCode',
  'roomCode',
  'municipality',
  'provider',
  'children',
  'peakChildren',
  'sites',
  'isUnstable',
  'isUnheard',
  'isSimulated',
] as const satisfies readonly (keyof IncidentCore)[];
const narrow: ReadonlySet<IncidentLevel> = new Set(['room', 'station', 'device']);
/** They may come to hold sites of more than one municipality. */
const growing: ReadonlySet<IncidentLevel> = new Set(['provider', 'region']);
const inSite: ReadonlySet<IncidentLevel> = new Set(['site', ...narrow]);

/** An open incident as it is now; remembers its sites. Undefined where none of its faults is known any more. */
export function viewOf(incident: OpenIncident, context: ViewContext): IncidentCore | undefined {
  const faults = [...incident.faults].sort(worstFirst);
  const main = faults[0];
  if (!main) return undefined;
  const residents = faults.flatMap(({ sourceId }) => context.census.find(sourceId) ?? []);
  const places = residents.map(({ place }) => place);
  const sites = [...new Set(places.map(({ siteCode }) => siteCode))].sort();
  for (const code of sites) incident.everSites.add(code);
  const stations = new Set(faults.map(({ sourceId }) => sourceId)).size;
  const { node } = incident;
  const device = node.level === 'device' ? deviceOf(main.checkId) : null;
  return {
    id: incident.id,
    kind: incident.kind,
    verdict: main.verdict,
    ...reasonOf(main, faults, node.level),
    severity: worstSeverity(faults, node.level, context),
    level: node.level,
    node: node.id,
    siteCode: inSite.has(node.level) ? (places[0]?.siteCode ?? null) : null,
    roomCode: narrow.has(node.level) ? (places[0]?.roomCode ?? null) : null,
    workstationId: node.level === 'station' || device ? main.sourceId : null,
    deviceKind: device?.kind ?? null,
    device: device?.number ?? null,
    municipality: growing.has(node.level)
      ? common(places, 'municipality')
      : (incident.told?.municipality ?? common(places, 'municipality')),
    // Another registry in the middle renames nothing that people and receivers know already.
    provider:
      node.level === 'provider' ? (incident.told?.provider ?? common(places, 'provider')) : null,
    children: stations,
    peakChildren: Math.max(stations, incident.told?.peakChildren ?? 0),
    sites: sites.length,
    siteCodes: sites.slice(0, MAX_LISTED_SITES),
    openedAtMs: incident.openedAtMs,
    resolvedAtMs: null,
    resolution: null,
    foldedInto: null,
    isUnstable: faults.some((fault) => isUnstable(fault, context.nowMs)),
    isUnheard: faults.every(({ isUnheard }) => isUnheard),
    isSimulated:
      residents.length > 0 && residents.every(({ station }) => station.placement.simulated),
  };
}

/** One that is over tells of all that it reached. */
export function endedView(
  { told, everSites }: OpenIncident & { readonly told: IncidentCore },
  end: Pick<IncidentCore, 'resolvedAtMs' | 'resolution' | 'foldedInto'>,
): IncidentCore {
  const sites = [...everSites].sort();
  return {
    ...told,
    ...end,
    children: told.peakChildren,
    sites: Math.max(sites.length, told.sites),
    siteCodes: sites.slice(0, MAX_LISTED_SITES),
  };
}

/**
 * True when nobody need be told. Numbers of the evidence move with every heartbeat: they are told with
 * what else changes, and an outage minute by minute.
 */
export function isSameView(a: IncidentCore, b: IncidentCore): boolean {
  const isSameOutage = outageMinutes(a) === outageMinutes(b);
  return isSameOutage && toldKeys.every((key) => a[key] === b[key]) && haveSameSites(a, b);
}

function outageMinutes({ evidence: { outageMs } }: IncidentCore): number {
  return typeof outageMs === 'number' ? Math.floor(outageMs / 60_000) : 0;
}

function haveSameSites({ siteCodes: a }: IncidentCore, { siteCodes: b }: IncidentCore): boolean {
  return a.length === b.length && a.every((code, at) => code === b[at]);
}

/** A dark room tells for how long; a wide incident has no evidence of one PC. */
function reasonOf(main: Fault, faults: readonly Fault[], level: IncidentLevel) {
  const outageMs = Math.max(0, ...faults.map((fault) => fault.outageMs));
  const own = level === 'station' || level === 'device' || level === 'collector';
  const evidence = own ? main.evidence : {};
  if (outageMs < OUTAGE_TOLD_MS) return { reason: main.reason, evidence };
  return {
    reason: outageMs >= OUTAGE_ANNULS_MS ? 'outageCritical' : 'outage',
    evidence: { ...evidence, outageMs },
  };
}

function worstSeverity(
  faults: readonly Fault[],
  level: IncidentLevel,
  { census, phaseOf }: ViewContext,
): Severity {
  const isCritical = faults.some((fault) => {
    const resident = census.find(fault.sourceId);
    const { rule, verdict, reason, outageMs } = fault;
    return (
      severityOf({
        rule,
        verdict,
        reason,
        outageMs,
        level,
        duty: resident?.station.placement.duty ?? 'main',
        phase: resident ? phaseOf(resident.place.siteCode) : 'idle',
      }) === 'critical'
    );
  });
  return isCritical ? 'critical' : 'warning';
}

function worstFirst(a: Fault, b: Fault): number {
  return verdictWeight(b.verdict) - verdictWeight(a.verdict) || a.sinceMs - b.sinceMs;
}

/** What all places have in common. */
function common(places: readonly StationPlace[], key: 'municipality' | 'provider'): string | null {
  const first = places[0]?.[key] ?? null;
  return places.every((place) => place[key] === first) ? first : null;
}
