import type { LiveMunicipality, LiveSite, LiveWorkstation, Trend } from '../messages/live-parts.ts';
import type { WorkstationRow } from '../messages/live-rows.ts';
import type { Beat, Delta, LiveChange, Overview, Snapshot } from '../messages/live.ts';
import type { Incident, LiveSilence } from '../incidents/incident.ts';
import { verdicts } from '../truth.ts';
import type { WorkstationState } from '../fleet/workstation-state.ts';
import { metricValue } from '../fleet/latest-metrics.ts';
import { liveColumns } from './live-columns.ts';
import { problemRows, siteRow, trendRows, workstationRow } from './rows.ts';

/** The moment a frame speaks of. */
export interface FrameMoment {
  readonly seq: number;
  readonly serverTimeMs: number;
  readonly dataAgeMs: number | null;
}

/** A workstation and the number it has in deltas. */
export interface IndexedState {
  readonly index: number;
  readonly state: WorkstationState;
}

/** What a snapshot tells beside the overview and the workstations. */
export interface LiveRest {
  readonly sites: readonly LiveSite[];
  readonly municipalities: readonly LiveMunicipality[];
  readonly trend: Trend;
  readonly incidents: LiveIncidents;
}

/** Sites and municipalities that are other than shown. */
export interface RegionChanges {
  readonly changed: readonly LiveSite[];
  readonly removed: readonly string[];
  /** All of them when any changed, null for none did. */
  readonly municipalities: readonly LiveMunicipality[] | null;
}

/** Incidents and silences as boards show them. */
export interface LiveIncidents {
  readonly open: readonly Incident[];
  readonly silences: readonly LiveSilence[];
}

/** What changed of them. */
export interface IncidentChanges {
  readonly changed: readonly Incident[];
  readonly ended: readonly Incident[];
  /** All of them when any changed, null for none did. */
  readonly silences: readonly LiveSilence[] | null;
}

/** Everything, for a board that has nothing. */
export function snapshotOf(
  moment: FrameMoment,
  overview: Overview,
  workstations: readonly IndexedState[],
  { sites, municipalities, trend, incidents }: LiveRest,
): Snapshot {
  const rounded = roundedMoment(moment);
  const { serverTimeMs } = rounded;
  return {
    type: 'snapshot',
    ...rounded,
    overview,
    columns: [...liveColumns],
    workstations: workstations.map((each) => workstationRow(liveWorkstationOf(each), serverTimeMs)),
    sites: sites.map(siteRow),
    municipalities: [...municipalities],
    trend: trendRows(trend),
    incidents: [...incidents.open],
    silences: [...incidents.silences],
  };
}

/** What a delta tells beside the workstations that changed. */
export interface DeltaRest {
  /** Numbers of workstations that are enrolled no more. */
  readonly removed: readonly number[];
  readonly region: RegionChanges;
  readonly incidents: IncidentChanges;
}

/** What changed since the frame before. `shown` is what boards have of a workstation. */
export function deltaOf(
  moment: FrameMoment,
  changed: readonly (IndexedState & { readonly shown: WorkstationState | undefined })[],
  { removed, region, incidents }: DeltaRest,
): Delta {
  const rounded = roundedMoment(moment);
  const changes: LiveChange[] = [];
  const flips: Delta['flips'] = [];
  const added: WorkstationRow[] = [];
  for (const each of changed) {
    const { index, state, shown } = each;
    if (!shown || shown.placement !== state.placement || shown.carried !== state.carried) {
      added.push(workstationRow(liveWorkstationOf(each), rounded.serverTimeMs));
      continue;
    }
    changes.push(changeOf(index, state, moment.serverTimeMs));
    if (!sameProblems(shown, state)) {
      flips.push({ index, reason: state.standing.reason, problems: problemRows(state.problems) });
    }
  }
  return {
    type: 'delta',
    ...rounded,
    changes,
    flips,
    added,
    sites: region.changed.map(siteRow),
    removedSites: [...region.removed],
    municipalities: region.municipalities && [...region.municipalities],
    incidents: [...incidents.changed],
    endedIncidents: [...incidents.ended],
    silences: incidents.silences && [...incidents.silences],
    removed: [...removed],
  };
}

/** Proof of life. */
export function beatOf(moment: FrameMoment, overview: Overview): Beat {
  return { type: 'beat', ...roundedMoment(moment), overview };
}

function liveWorkstationOf({ index, state }: IndexedState): LiveWorkstation {
  return {
    index,
    id: state.id,
    placement: state.placement,
    verdict: state.standing.verdict,
    reason: state.standing.reason,
    lastSeenMs: state.lastSeenAtMs === null ? null : Math.round(state.lastSeenAtMs),
    problems: [...state.problems],
    ...(state.carried && {
      carriedAtMs: Math.round(state.carried.importedAtMs),
      carriedNewestMs: Math.round(state.carried.newestAtMs),
    }),
    values: valuesOf(state),
  };
}

function changeOf(index: number, state: WorkstationState, serverTimeMs: number): LiveChange {
  const seenAgoMs =
    state.lastSeenAtMs === null ? -1 : Math.max(0, Math.round(serverTimeMs - state.lastSeenAtMs));
  return [index, seenAgoMs, verdicts.indexOf(state.standing.verdict), ...valuesOf(state)];
}

function valuesOf(state: WorkstationState): (number | null)[] {
  return liveColumns.map((id) => metricValue(state.metrics, id)?.value ?? null);
}

function sameProblems(a: WorkstationState, b: WorkstationState): boolean {
  if (a.standing.reason !== b.standing.reason || a.problems.length !== b.problems.length)
    return false;
  return a.problems.every((problem, at) => {
    const other = b.problems[at];
    return (
      other !== undefined &&
      other.id === problem.id &&
      other.verdict === problem.verdict &&
      other.reason === problem.reason
    );
  });
}

/** On the wire all times are whole milliseconds. */
export function roundedMoment(moment: FrameMoment): FrameMoment {
  return {
    seq: moment.seq,
    serverTimeMs: Math.round(moment.serverTimeMs),
    dataAgeMs: moment.dataAgeMs === null ? null : Math.round(moment.dataAgeMs),
  };
}
