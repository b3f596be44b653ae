import type { Facts, Metrics } from '@ppe-pulse/protocol';
import type { FaultId } from '../fault-catalogue.ts';
import type { Occurrence } from '../occurrence.ts';
import type { SimulatedWorkstation } from '../region.ts';
import type { LocalTime } from '../simulated-time.ts';

/** What a simulated probe looks at: one workstation at one simulated moment. */
export interface View {
  readonly workstation: SimulatedWorkstation;
  readonly atMs: number;
  readonly local: LocalTime;
  readonly utcOffsetMinutes: number;
  /** Since when the PC is up, simulated. */
  readonly bootedAtMs: number;
  /** Everything that happens to this workstation, also what is over. */
  readonly occurrences: readonly Occurrence[];
}

/** What a probe found. */
export interface Look {
  readonly metrics: Metrics;
  readonly facts?: Facts;
}

/** A probe of the real agent, as the simulator plays it. `look` is pure. */
export interface SimulatedProbe {
  readonly name: string;
  /** As the real one's. */
  readonly periodMs: number;
  /** 1 where there can be only one. */
  readonly device: number;
  readonly isOn: (workstation: SimulatedWorkstation) => boolean;
  readonly look: (view: View) => Look;
}

/** The fault that strikes at the moment of the view, undefined when it does not. */
export function struckBy(
  { occurrences, atMs }: Pick<View, 'occurrences' | 'atMs'>,
  fault: FaultId,
  device?: number,
): Occurrence | undefined {
  for (const each of occurrences) {
    if (each.fromMs > atMs) return undefined;
    if (each.fault !== fault || atMs >= each.toMs) continue;
    if (device === undefined || each.device === undefined || each.device === device) return each;
  }
  return undefined;
}

/** Of `[fromMs, atMs]` the time during which one of the faults struck; overlaps count once each. */
export function struckForMs(
  { occurrences, atMs }: View,
  faults: readonly Occurrence['fault'][],
  fromMs: number,
): number {
  let total = 0;
  for (const each of occurrences) {
    if (!faults.includes(each.fault)) continue;
    total += Math.max(0, Math.min(atMs, each.toMs) - Math.max(fromMs, each.fromMs));
  }
  return total;
}
