import type { Evidence } from '../messages/shared.ts';
import type { Duty, Mode, Role } from '../placement.ts';
import type { Verdict } from '../truth.ts';
import { metricValue, type MetricValue } from '../fleet/latest-metrics.ts';
import type { WorkstationState } from '../fleet/workstation-state.ts';

/** One check of a workstation, as far as stages ask. */
export interface StationCheck {
  readonly id: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly evidence: Evidence;
}

/** What stages ask of one workstation. Times are of the rehearsal's clock. */
export interface StationFacts {
  readonly id: string;
  readonly siteCode: string;
  readonly roomCode: string;
  readonly role: Role;
  readonly duty: Duty;
  /** Its heartbeat comes, at worst late. */
  readonly isHeard: boolean;
  /** As it last said itself; null before it spoke. */
  readonly mode: Mode | null;
  readonly checks: readonly StationCheck[];
  metric(id: string): MetricValue | undefined;
}

/**
 * The facts of a fleet's state. `toRehearsalMs` takes the collector's wall clock to the rehearsal's.
 * The workstation's own clock is nowhere in them, so its zone may be any.
 */
export function stationFactsOf(
  state: WorkstationState,
  toRehearsalMs: (wallMs: number) => number,
): StationFacts {
  const { verdict } = state.heartbeat;
  const { carried } = state;
  const isCarriedNewer = carried !== null && carried.newestAtMs > (state.lastSeenAtMs ?? 0);
  return {
    id: state.id,
    siteCode: state.placement.siteCode,
    roomCode: state.placement.roomCode,
    role: state.placement.role,
    duty: state.placement.duty,
    isHeard: verdict === 'ok' || verdict === 'warn',
    mode: state.mode,
    checks: isCarriedNewer ? carried.checks : state.checks,
    metric: (id) => {
      const known = metricValue(state.metrics, id);
      return known && { value: known.value, atMs: toRehearsalMs(known.atMs) };
    },
  };
}
