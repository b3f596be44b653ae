import type { CheckVerdict } from '../messages/shared.ts';
import type { WorkstationState } from '../fleet/workstation-state.ts';
import { metricValue } from '../fleet/latest-metrics.ts';
import { splitDeviceId } from '../checks/devices.ts';

/** What readiness rests on, of one workstation. Times are on the rehearsal's clock. */
export interface ReadinessStation extends Pick<
  WorkstationState,
  'id' | 'placement' | 'heartbeat' | 'checks' | 'metrics' | 'agentVersion' | 'planVersion'
> {
  readonly enrolledAtMs: number;
  /** When it was last heard, null for never. */
  readonly heardAtMs: number | null;
  /** What a flash drive brought last, and when that was measured. */
  readonly carried: { readonly atMs: number; readonly checks: readonly CheckVerdict[] } | null;
}

/** What a collector knows of a workstation beside its state. */
export interface StationKeeping {
  readonly enrolledAtMs: number;
  /** The rehearsal's clock at a moment of the collector's wall clock. */
  readonly toRehearsalMs: (wallMs: number) => number;
}

/** A workstation as readiness reads it. */
export function readinessStation(
  state: WorkstationState,
  { enrolledAtMs, toRehearsalMs }: StationKeeping,
): ReadinessStation {
  const { id, placement, heartbeat, checks, metrics, agentVersion, planVersion } = state;
  const { lastSeenAtMs, carried } = state;
  return {
    id,
    placement,
    heartbeat,
    checks,
    metrics,
    agentVersion,
    planVersion,
    enrolledAtMs,
    heardAtMs: lastSeenAtMs === null ? null : toRehearsalMs(lastSeenAtMs),
    carried: carried && { atMs: toRehearsalMs(carried.newestAtMs), checks: carried.checks },
  };
}

/** Readings that came by flash drive speak for a workstation that is not heard for this long. */
export const CARRIED_FRESH_MS = 24 * 3_600_000;

/**
 * How a workstation can be read now: live, by what a flash drive brought of late, or not at all,
 * and then why.
 */
export type Sight =
  | {
      readonly kind: 'readable';
      readonly checks: readonly CheckVerdict[];
      /** When these verdicts were given. */
      readonly atMs: number;
      readonly isCarried: boolean;
    }
  | { readonly kind: 'silentByRule' | 'notInvolved' | 'unheard'; readonly reason: string };

/** What can be read of a planned workstation; undefined is one that nobody stands for yet. */
export function sightOf(station: ReadinessStation | undefined, nowMs: number): Sight {
  if (!station) return { kind: 'unheard', reason: 'notYetHeard' };
  const { verdict, reason } = station.heartbeat;
  if (verdict === 'silentByRule' || verdict === 'notInvolved') return { kind: verdict, reason };
  if (verdict !== 'unknown') {
    const atMs = station.heardAtMs ?? nowMs;
    return { kind: 'readable', checks: station.checks, atMs, isCarried: false };
  }
  const { carried } = station;
  if (carried && nowMs - carried.atMs < CARRIED_FRESH_MS) {
    return { kind: 'readable', checks: carried.checks, atMs: carried.atMs, isCarried: true };
  }
  return { kind: 'unheard', reason };
}

/** Verdicts of one definition, of all of its devices. */
export function checksOf(checks: readonly CheckVerdict[], base: string): CheckVerdict[] {
  const found: CheckVerdict[] = [];
  for (const each of checks) if (isOf(each.id, base)) found.push(each);
  return found;
}

/** `printer.2.state` is a verdict of `printer.state`. */
export function isOf(id: string, base: string): boolean {
  if (id === base) return true;
  // A device's id is the longer one, with the number inside. Most ids are told apart by this.
  const grown = id.length - base.length;
  if (grown < 2 || id.charCodeAt(1) !== base.charCodeAt(1)) return false;
  if (id.charCodeAt(id.length - 1) !== base.charCodeAt(base.length - 1)) return false;
  return splitDeviceId(id)?.base === base;
}

/** The last known number of a workstation. */
export function numberOf(station: ReadinessStation | undefined, metric: string): number | null {
  return (station && metricValue(station.metrics, metric)?.value) ?? null;
}
