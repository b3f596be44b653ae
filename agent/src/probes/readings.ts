import {
  families,
  roundMetric,
  type Family,
  type FamilyState,
  type Metrics,
  type Reading,
  type Reason,
} from '@ppe-pulse/protocol';
import type { ProbeOutcome } from './probe.ts';

/** What all probes have found out. Ages are on the agent's monotonic clock. */
export class Readings {
  readonly #values = new Map<string, Reading>();
  #fresh: Metrics = {};
  readonly #outcomes = new Map<
    string,
    { readonly family: Family; readonly outcome: ProbeOutcome }
  >();

  /** Takes a probe's outcome. A failure leaves old values in place: they grow stale by themselves. */
  take(
    probe: { readonly name: string; readonly family: Family },
    outcome: ProbeOutcome,
    atMs: number,
  ): void {
    this.#outcomes.set(probe.name, { family: probe.family, outcome });
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
