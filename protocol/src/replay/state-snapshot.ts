import type { LiveState } from '../live/reduce.ts';
import type { Snapshot } from '../messages/live.ts';
import { siteRow, trendRows, workstationRow } from '../live/rows.ts';

/**
 * A picture as the snapshot that leads to it: workstations keep the numbers that deltas call them by, so
 * the deltas that followed the picture follow the snapshot. Undefined before there is a picture.
 */
export function snapshotOfState(state: LiveState): Snapshot | undefined {
  const { overview, serverTimeMs } = state;
  if (state.seq < 0 || overview === null) return undefined;
  return {
    type: 'snapshot',
    seq: state.seq,
    serverTimeMs,
    dataAgeMs: state.dataAgeMs,
    overview,
    columns: [...state.columns],
    workstations: state.workstations.flatMap((each) =>
      each ? [workstationRow(each, serverTimeMs)] : [],
    ),
    sites: [...state.registry.values()].map(siteRow),
    municipalities: [...state.municipalities],
    trend: trendRows(state.trend),
    incidents: [...state.incidents.values()],
    silences: [...state.silences],
  };
}
