import type { Clock } from '../platform/clock.ts';
import { DeadlineError, withDeadline } from '../platform/deadline.ts';
import type { Log } from '../platform/log.ts';
import { jittered, type Timers } from '../platform/timers.ts';
import type { Probe, ProbeOutcome } from './probe.ts';
import type { Readings } from './readings.ts';

/** What the harness works with. */
export interface HarnessParts {
  readonly readings: Readings;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly random: () => number;
}

/** Runs probes, each in its own rhythm and none at the cost of another. */
export class ProbeHarness {
  readonly #parts: HarnessParts;
  readonly #timers = new Map<string, unknown>();
  readonly #running = new Set<string>();
  #stopped = false;

  constructor(parts: HarnessParts) {
    this.#parts = parts;
  }

  /** Measures once now and from then on in the probe's period. */
  start(probe: Probe): void {
    void this.measure(probe);
    this.#plan(probe);
  }

  /** Measures once. A probe that still runs is not started a second time. */
  async measure(probe: Probe): Promise<ProbeOutcome | undefined> {
    if (this.#running.has(probe.name)) return undefined;
    this.#running.add(probe.name);
    const outcome = await this.#outcomeOf(probe);
    this.#running.delete(probe.name);
    if (!this.#stopped) this.#parts.readings.take(probe, outcome, this.#parts.clock.monotonicMs());
    return outcome;
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers.values()) this.#parts.timers.clear(timer);
  }

  #plan(probe: Probe): void {
    if (this.#stopped) return;
    const afterMs = jittered(probe.periodMs, this.#parts.random());
    const timer = this.#parts.timers.set(() => {
      void this.measure(probe);
      this.#plan(probe);
    }, afterMs);
    this.#timers.set(probe.name, timer);
  }

  async #outcomeOf(probe: Probe): Promise<ProbeOutcome> {
    try {
      return await withDeadline(`probe ${probe.name}`, probe.deadlineMs, (signal) =>
        probe.measure(signal),
      );
    } catch (error) {
      const late = error instanceof DeadlineError;
      this.#parts.log.warn({ probe: probe.name, error: String(error) }, 'a probe failed');
      return { kind: 'failed', reason: late ? 'probeDeadline' : 'probeFailed' };
    }
  }
}
