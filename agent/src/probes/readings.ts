import {
  families,
  roundMetric,
  type Family,
  type FamilyState,
  type Metrics,
  type Observation,
  type Reading,
  type Reason,
} from '@ppe-pulse/protocol';
import type { Probe, ProbeOutcome } from './probe.ts';

/** What readings need to know of the probe that took them. */
export type ReadingSource = Pick<Probe, 'name' | 'family' | 'watches'>;

/** What all probes have found out. Ages are on the agent's monotonic clock. */
export class Readings {
  readonly #values = new Map<string, Reading>();
  #fresh: Metrics = {};
  readonly #outcomes = new Map<
    string,
    { readonly family: Family; readonly outcome: ProbeOutcome }
  >();
  readonly #observations = new Map<string, Observation>();

  /** Takes a probe's outcome. A failure leaves old values in place: they grow stale by themselves. */
  take(probe: ReadingSource, outcome: ProbeOutcome, atMs: number): void {
    if (probe.watches) this.#observe(probe.name, probe.watches, { outcome, atMs });
    else this.#outcomes.set(probe.name, { family: probe.family, outcome });
    if (outcome.kind !== 'measured') return;
    for (const [id, value] of Object.entries(outcome.metrics)) {
      if (!Number.isFinite(value)) continue;
      const rounded = roundMetric(id, value);
      this.#values.set(id, { value: rounded, atMs });
      this.#fresh[id] = rounded;
    }
  }

  /** The newest value of every metric. */
  get values(): ReadonlyMap<string, Reading> {
    return this.#values;
  }

  /** What one probe of a watched thing knows. */
  observation(name: string): Observation | undefined {
    return this.#observations.get(name);
  }

  /** What the probes of devices and other watched things know. */
  observations(): readonly Observation[] {
    return [...this.#observations.values()];
  }

  /** Values read since the last call: what the next heartbeat carries. */
  takeFresh(): Metrics {
    const fresh = this.#fresh;
    this.#fresh = {};
    return fresh;
  }

  /**
   * How each family fares. A family has nothing to measure only when all of its probes say so; a
   * failure of one is the family's reason for the metrics that are missing.
   */
  families(): ReadonlyMap<Family, FamilyState> {
    return new Map(families.map((family) => [family, this.#stateOf(family)]));
  }

  #observe(
    name: string,
    watches: NonNullable<Probe['watches']>,
    { outcome, atMs }: { readonly outcome: ProbeOutcome; readonly atMs: number },
  ): void {
    const last = this.#observations.get(name)?.last;
    if (outcome.kind === 'nothing') this.#observations.delete(name);
    else if (outcome.kind === 'failed') {
      // What was seen last stays until it is stale: the failure then is the reason.
      const failed = { ...watches, failure: outcome.reason };
      this.#observations.set(name, last ? { ...failed, last } : failed);
    } else if (outcome.facts) {
      this.#observations.set(name, { ...watches, last: { facts: outcome.facts, atMs } });
    }
  }

  #stateOf(family: Family): FamilyState {
    const outcomes = [...this.#outcomes.values()].filter((each) => each.family === family);
    const failed = outcomes
      .map(({ outcome }) => failureOf(outcome))
      .find((reason) => reason !== undefined);
    if (failed !== undefined) return { kind: 'failed', reason: failed };
    const nothing =
      outcomes.length > 0 && outcomes.every(({ outcome }) => outcome.kind === 'nothing');
    return { kind: nothing ? 'nothing' : 'measured' };
  }
}

function failureOf(outcome: ProbeOutcome): Reason | undefined {
  return outcome.kind === 'failed' ? outcome.reason : undefined;
}
