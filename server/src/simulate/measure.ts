import {
  judgeAll,
  roundMetric,
  type CheckVerdict,
  type Family,
  type FamilyState,
  type Metrics,
  type Observation,
  type Reading,
} from '@ppe-pulse/protocol';
import type { Occurrence } from './occurrence.ts';
import { simulatedProbes } from './probes/catalogue.ts';
import { printTaskOf } from './probes/printer.ts';
import type { Look, SimulatedProbe, View } from './probes/probe.ts';
import { unit } from './random.ts';
import type { SimulatedWorkstation } from './region.ts';
import { localTimeOf } from './simulated-time.ts';

/** A moment at which a workstation makes a heartbeat, simulated. */
export interface Moment {
  readonly atMs: number;
  /** Its heartbeat before; what was read since then travels with this one. */
  readonly sinceMs: number;
  readonly bootedAtMs: number;
  readonly utcOffsetMinutes: number;
  readonly occurrences: readonly Occurrence[];
}

/** What a heartbeat carries of the world. */
export interface Measured {
  readonly metrics: Metrics;
  readonly verdicts: CheckVerdict[];
}

interface Installed {
  readonly probe: SimulatedProbe;
  /** Its turn within its period. */
  readonly phaseMs: number;
}

interface Remembered {
  readonly atMs: number;
  readonly look: Look;
}

const measured: FamilyState = { kind: 'measured' };
const nothing: FamilyState = { kind: 'nothing' };

/**
 * The probes of one workstation. Everything is a function of (workstation, moment): asked again for
 * a moment of the past it answers the same. Looks are remembered only to spare their cost: most
 * probes look more rarely than heartbeats are made.
 */
export class Probes {
  readonly #workstation: SimulatedWorkstation;
  readonly #installed: readonly Installed[];
  readonly #families: ReadonlyMap<Family, FamilyState>;
  readonly #remembered: (Remembered | undefined)[] = [];

  constructor(workstation: SimulatedWorkstation) {
    this.#workstation = workstation;
    this.#installed = simulatedProbes
      .filter((probe) => probe.isOn(workstation))
      .map((probe) => ({
        probe,
        phaseMs: unit(workstation.salt, `${probe.name} phase`) * probe.periodMs,
      }));
    const hasApp = this.#installed.some(({ probe }) => probe.name === 'app');
    this.#families = new Map<Family, FamilyState>([
      ['host', measured],
      ['net', measured],
      ['app', hasApp ? measured : nothing],
    ]);
  }

  measure(moment: Moment): Measured {
    const metrics: Metrics = {};
    const readings = new Map<string, Reading>();
    const observations: Observation[] = [];
    for (const [index, each] of this.#installed.entries()) {
      const atMs = lookedAtMs(each, moment);
      const { metrics: values, facts } = this.#look(index, each.probe, atMs, moment);
      const isFresh = atMs > moment.sinceMs;
      for (const id in values) {
        const value = values[id] ?? 0;
        readings.set(id, { value, atMs });
        if (isFresh) metrics[id] = value;
      }
      if (facts) {
        const { device } = each.probe;
        observations.push({ subject: facts.subject, device, last: { facts, atMs } });
      }
    }
    const verdicts = judgeAll({
      role: this.#workstation.placement.role,
      readings,
      families: this.#families,
      observations,
      nowMs: moment.atMs,
      print: printTaskOf(this.#viewAt(moment.atMs, moment)),
      ...(this.#workstation.thresholds ? { thresholds: this.#workstation.thresholds } : {}),
    });
    return { metrics, verdicts };
  }

  #look(index: number, probe: SimulatedProbe, atMs: number, moment: Moment): Look {
    const known = this.#remembered[index];
    if (known?.atMs === atMs) return known.look;
    const { metrics, ...rest } = probe.look(this.#viewAt(atMs, moment));
    const rounded: Metrics = {};
    for (const id in metrics) rounded[id] = roundMetric(id, metrics[id] ?? 0);
    const look = { ...rest, metrics: rounded };
    this.#remembered[index] = { atMs, look };
    return look;
  }

  #viewAt(atMs: number, { utcOffsetMinutes, bootedAtMs, occurrences }: Moment): View {
    const local = localTimeOf(atMs, utcOffsetMinutes);
    const workstation = this.#workstation;
    return { workstation, atMs, local, utcOffsetMinutes, bootedAtMs, occurrences };
  }
}

/** When the probe last looked: by its own period, and right after a start. */
function lookedAtMs({ probe, phaseMs }: Installed, { atMs, bootedAtMs }: Moment): number {
  const turns = Math.floor((atMs - phaseMs) / probe.periodMs);
  return Math.max(turns * probe.periodMs + phaseMs, bootedAtMs);
}
