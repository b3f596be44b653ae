import type { Incident, LiveSilence } from '../incidents/incident.ts';
import type { LiveMunicipality, LiveSite, LiveWorkstation, Trend } from '../messages/live-parts.ts';
import type { Beat, Delta, LiveChange, Overview, Snapshot, ToBoard } from '../messages/live.ts';
import { verdicts } from '../truth.ts';
import { readProblems, readSite, readTrend, readWorkstation } from './read-rows.ts';
import { noTrend, withPoint } from './trend.ts';

/** So many of those that are over are kept: a board shows how they ended for a while. */
export const ENDED_KEPT = 20;

/** What the board knows. Replaced, never changed: a part that is the same object has not changed. */
export interface LiveState {
  /** Number of the newest frame that was taken in, −1 before the first snapshot. */
  readonly seq: number;
  readonly build: string | null;
  /** Collector's wall clock at the newest frame, ms since 1970 UTC. */
  readonly serverTimeMs: number;
  /** Age of the newest heartbeat at that frame; null when there never was one. */
  readonly dataAgeMs: number | null;
  readonly overview: Overview | null;
  readonly columns: readonly string[];
  /** By the index that deltas use. */
  readonly workstations: readonly (LiveWorkstation | undefined)[];
  /** Workstations of each ППЭ; only those of a changed ППЭ are new objects. */
  readonly sites: ReadonlyMap<string, readonly LiveWorkstation[]>;
  /** Sites of the registry by code; empty without one. */
  readonly registry: ReadonlyMap<string, LiveSite>;
  /** Of the registry, in its order. */
  readonly municipalities: readonly LiveMunicipality[];
  /** The region's throughput of the last hours. */
  readonly trend: Trend;
  /** Open ones by id. */
  readonly incidents: ReadonlyMap<string, Incident>;
  /** The last `ENDED_KEPT` that ended while this page looked, the newest last. */
  readonly endedIncidents: readonly Incident[];
  /** Those that hold or are to come. */
  readonly silences: readonly LiveSilence[];
}

export const nothingKnown: LiveState = {
  seq: -1,
  build: null,
  serverTimeMs: 0,
  dataAgeMs: null,
  overview: null,
  columns: [],
  workstations: [],
  sites: new Map(),
  registry: new Map(),
  municipalities: [],
  trend: noTrend,
  incidents: new Map(),
  endedIncidents: [],
  silences: [],
};

/** The next state, or the wish to be told everything again. */
export type Reduced = { readonly state: LiveState; readonly resync: boolean };

/** Takes one frame in. Pure. A frame that does not follow changes nothing and asks for a resync. */
export function reduceLive(state: LiveState, frame: ToBoard): Reduced {
  switch (frame.type) {
    case 'hello':
      return keep({ ...state, build: frame.build, serverTimeMs: frame.serverTimeMs });
    case 'snapshot':
      return keep(fromSnapshot(state, frame));
    case 'delta':
      return fromDelta(state, frame);
    case 'beat':
      return fromBeat(state, frame);
    case 'error':
      return keep(state);
  }
}

function fromSnapshot(state: LiveState, frame: Snapshot): LiveState {
  const workstations: (LiveWorkstation | undefined)[] = [];
  for (const row of frame.workstations) {
    const each = readWorkstation(row, frame.serverTimeMs);
    workstations[each.index] = each;
  }
  const sites = frame.sites.map(readSite);
  return {
    seq: frame.seq,
    build: state.build,
    serverTimeMs: frame.serverTimeMs,
    dataAgeMs: frame.dataAgeMs,
    overview: frame.overview,
    columns: frame.columns,
    workstations,
    sites: withEmpty(groupBySite(workstations), sites),
    registry: new Map(sites.map((site) => [site.code, site])),
    municipalities: frame.municipalities,
    trend: readTrend(frame.trend),
    incidents: new Map(frame.incidents.map((incident) => [incident.id, incident])),
    endedIncidents: state.endedIncidents.filter(
      ({ id }) => !frame.incidents.some((incident) => incident.id === id),
    ),
    silences: frame.silences,
  };
}

function fromDelta(state: LiveState, frame: Delta): Reduced {
  // A delta that is already in a snapshot is late, not lost.
  if (frame.seq <= state.seq) return keep(state);
  if (state.seq < 0 || frame.seq !== state.seq + 1) return { state, resync: true };
  const workstations = [...state.workstations];
  /** Indexes that came to each changed site. */
  const changedSites = new Map<string, number[]>();
  const put = (each: LiveWorkstation): void => {
    const before = workstations[each.index];
    const from = before?.placement.siteCode;
    const { siteCode } = each.placement;
    if (from !== undefined && from !== siteCode) touch(changedSites, from);
    const arrivals = touch(changedSites, siteCode);
    if (from !== siteCode) arrivals.push(each.index);
    workstations[each.index] = each;
  };
  for (const row of frame.added) put(readWorkstation(row, frame.serverTimeMs));
  for (const change of frame.changes) {
    const before = workstations[change[0] ?? -1];
    if (!before) return { state, resync: true };
    put(withChange(before, change, frame.serverTimeMs));
  }
  for (const flip of frame.flips) {
    const before = workstations[flip.index];
    if (!before) return { state, resync: true };
    put({ ...before, reason: flip.reason, problems: readProblems(flip.problems) });
  }
  for (const index of frame.removed) {
    const before = workstations[index];
    if (before) touch(changedSites, before.placement.siteCode);
    workstations[index] = undefined;
  }
  for (const code of frame.removedSites) touch(changedSites, code);
  const sites = frame.sites.map(readSite);
  const registry = withSites(state.registry, sites, frame.removedSites);
  return keep({
    ...state,
    seq: frame.seq,
    serverTimeMs: frame.serverTimeMs,
    dataAgeMs: frame.dataAgeMs,
    workstations,
    sites: withEmpty(regroup({ ...state, workstations, registry }, changedSites), sites),
    registry,
    municipalities: frame.municipalities ?? state.municipalities,
    incidents: withIncidents(state.incidents, frame),
    endedIncidents: withEnded(state.endedIncidents, frame),
    silences: frame.silences ?? state.silences,
  });
}

function fromBeat(state: LiveState, frame: Beat): Reduced {
  if (state.seq >= 0 && frame.seq !== state.seq) return { state, resync: true };
  const { serverTimeMs, dataAgeMs, overview } = frame;
  const { rxBytesPerSecond } = overview.throughput;
  const trend = withPoint(state.trend, { atMs: serverTimeMs, rxBytesPerSecond });
  return keep({ ...state, serverTimeMs, dataAgeMs, overview, trend });
}

function withChange(
  before: LiveWorkstation,
  change: LiveChange,
  serverTimeMs: number,
): LiveWorkstation {
  const [, seenAgoMs, verdict, ...values] = change;
  return {
    ...before,
    lastSeenMs:
      seenAgoMs === null || seenAgoMs === undefined || seenAgoMs < 0
        ? null
        : serverTimeMs - seenAgoMs,
    verdict: verdicts[verdict ?? -1] ?? 'unknown',
    values,
  };
}

function groupBySite(
  workstations: readonly (LiveWorkstation | undefined)[],
): Map<string, LiveWorkstation[]> {
  const sites = new Map<string, LiveWorkstation[]>();
  for (const each of workstations) {
    if (!each) continue;
    const site = sites.get(each.placement.siteCode);
    if (site) site.push(each);
    else sites.set(each.placement.siteCode, [each]);
  }
  return sites;
}

function touch(changed: Map<string, number[]>, code: string): number[] {
  const known = changed.get(code);
  if (known) return known;
  const arrivals: number[] = [];
  changed.set(code, arrivals);
  return arrivals;
}

/** Looks at those of changed sites alone: of a country's 66,000 a delta changes a few hundred. */
function regroup(
  { sites, workstations, registry }: Pick<LiveState, 'sites' | 'workstations' | 'registry'>,
  changed: ReadonlyMap<string, readonly number[]>,
): LiveState['sites'] {
  if (changed.size === 0) return sites;
  const next = new Map(sites);
  for (const [code, arrivals] of changed) {
    const stayed = (sites.get(code) ?? []).map(({ index }) => index);
    const indexes = arrivals.length === 0 ? stayed : sortedOnce([...stayed, ...arrivals]);
    const site = indexes.flatMap((index) => {
      const each = workstations[index];
      return each?.placement.siteCode === code ? [each] : [];
    });
    // One that is not in the registry is there only while somebody is.
    if (site.length > 0 || registry.has(code)) next.set(code, site);
    else next.delete(code);
  }
  return next;
}

/** One that left and came back in the same frame is there once. */
function sortedOnce(indexes: readonly number[]): number[] {
  return [...new Set(indexes)].sort((a, b) => a - b);
}

/** A site of the registry has a place in the picture also before anybody is heard there. */
function withEmpty(
  sites: ReadonlyMap<string, readonly LiveWorkstation[]>,
  registered: readonly LiveSite[],
): LiveState['sites'] {
  const fresh = registered.filter(({ code }) => !sites.has(code));
  if (fresh.length === 0) return sites;
  return new Map([...sites, ...fresh.map(({ code }) => [code, []] as const)]);
}

function withSites(
  registry: LiveState['registry'],
  sites: readonly LiveSite[],
  removedSites: readonly string[],
): LiveState['registry'] {
  if (sites.length === 0 && removedSites.length === 0) return registry;
  const next = new Map(registry);
  for (const site of sites) next.set(site.code, site);
  for (const code of removedSites) next.delete(code);
  return next;
}

function withIncidents(
  known: LiveState['incidents'],
  { incidents, endedIncidents }: Delta,
): LiveState['incidents'] {
  if (incidents.length === 0 && endedIncidents.length === 0) return known;
  const next = new Map(known);
  for (const incident of incidents) next.set(incident.id, incident);
  for (const { id } of endedIncidents) next.delete(id);
  return next;
}

function withEnded(
  known: LiveState['endedIncidents'],
  { endedIncidents }: Delta,
): LiveState['endedIncidents'] {
  if (endedIncidents.length === 0) return known;
  const ids = new Set(endedIncidents.map(({ id }) => id));
  return [...known.filter(({ id }) => !ids.has(id)), ...endedIncidents].slice(-ENDED_KEPT);
}

function keep(state: LiveState): Reduced {
  return { state, resync: false };
}
