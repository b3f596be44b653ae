import type { Mode, Timers } from '@ppe-pulse/protocol';
import type { Clock } from '../platform/clock.ts';
import { DeadlineError, withDeadline } from '../platform/deadline.ts';
import { QuarantineError } from '../child/probe-host.ts';
import type { Log } from '../platform/log.ts';
import { jittered } from '../platform/timers.ts';
import { slowedPeriodMs } from '../service/budget.ts';
import type { Probe, ProbeOutcome } from './probe.ts';
import type { Readings } from './readings.ts';

/** What the harness works with. */
export interface HarnessParts {
  readonly readings: Readings;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly random: () => number;
  /** What the agent may do now. */
  readonly mode: () => Mode;
  /** Times that periods are longer now, because the agent takes too much of the PC; missing: never. */
  readonly slowdown?: () => number;
  /** Hears of every outcome once the readings have it. */
  readonly onTaken?: (probe: Probe) => void;
}

/** How often a probe that may not run now is looked at again. */
const WAITING_MS = 10_000;
/** What the mode allows again begins within this, each at its own moment. */
const AWAKE_WITHIN_MS = 2_000;
/** Between a look that is not enough and the second one, from start to start. */
const SOON_MS = 2_000;
/**
 * A probe that is due within this share of its period runs with one that is due now: a PC that was
 * woken once does both for less than one that is woken twice.
 */
const TOGETHER_SHARE = 0.2;
const TOGETHER_MS = 2_000;

/** When a probe runs next. */
interface Turn {
  readonly timer: unknown;
  readonly dueMs: number;
  /** How much earlier it may be. */
  readonly slackMs: number;
}

/** Runs probes, each in its own rhythm and none at the cost of another. */
export class ProbeHarness {
  readonly #parts: HarnessParts;
  readonly #turns = new Map<string, Turn>();
  readonly #probes = new Map<string, Probe>();
  /** Those that the mode forbids now. */
  readonly #resting = new Set<Probe>();
  readonly #running = new Map<string, AbortController>();
  #stopped = false;

  constructor(parts: HarnessParts) {
    this.#parts = parts;
  }

  /** Measures once, now or after the probe's own wait, and from then on in its period. */
  start(probe: Probe): void {
    const { startAfterMs = 0 } = probe;
    this.#probes.set(probe.name, probe);
    if (!this.mayRun(probe)) this.#resting.add(probe);
    if (startAfterMs > 0) {
      this.#plan(probe, startAfterMs);
      return;
    }
    if (this.#periodOf(probe) !== undefined) void this.measure(probe);
    this.#plan(probe);
  }

  /** Measures once. A probe that still runs is not started a second time. */
  async measure(probe: Probe): Promise<ProbeOutcome | undefined> {
    if (this.#running.has(probe.name)) return undefined;
    const forbidden = new AbortController();
    this.#running.set(probe.name, forbidden);
    const startMs = this.#parts.clock.monotonicMs();
    const outcome = await this.#outcomeOf(probe, forbidden.signal);
    this.#running.delete(probe.name);
    // A look that was broken off says nothing of what it looked at.
    if (this.#stopped || forbidden.signal.aborted) return outcome;
    const nowMs = this.#parts.clock.monotonicMs();
    this.#parts.readings.take(probe, outcome, nowMs);
    this.#parts.onTaken?.(probe);
    if ('isDoubtful' in outcome && this.#turns.has(probe.name))
      this.#plan(probe, Math.max(0, startMs + SOON_MS - nowMs));
    return outcome;
  }

  /** The mode is another one: breaks off what it forbids and soon begins what it allows again. */
  modeChanged(): void {
    for (const probe of this.#probes.values()) {
      const mayRun = this.mayRun(probe);
      if (mayRun === !this.#resting.has(probe)) continue;
      if (mayRun) {
        this.#resting.delete(probe);
        this.#plan(probe, (probe.startAfterMs ?? 0) + AWAKE_WITHIN_MS * this.#parts.random());
      } else {
        this.#resting.add(probe);
        this.#running.get(probe.name)?.abort();
        probe.rest?.();
      }
    }
  }

  /** False for a probe that the mode forbids now. */
  mayRun(probe: Probe): boolean {
    return this.#periodOf(probe) !== undefined;
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#turns.values()) this.#parts.timers.clear(timer);
  }

  /** Plans the next turn: at `soonMs` and no earlier, else in the probe's period. */
  #plan(probe: Probe, soonMs?: number, random = this.#parts.random()): void {
    if (this.#stopped) return;
    const { timers, clock } = this.#parts;
    const periodMs = this.#periodOf(probe) ?? WAITING_MS;
    const afterMs = soonMs ?? jittered(periodMs, random);
    timers.clear(this.#turns.get(probe.name)?.timer);
    this.#turns.set(probe.name, {
      timer: timers.set(() => this.#take(probe), afterMs),
      dueMs: clock.monotonicMs() + afterMs,
      slackMs: soonMs === undefined ? Math.min(periodMs * TOGETHER_SHARE, TOGETHER_MS) : 0,
    });
  }

  /** It is this probe's turn, and that of all that may as well run now: they keep together from then on. */
  #take(first: Probe): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const random = this.#parts.random();
    for (const probe of this.#probes.values()) {
      const turn = this.#turns.get(probe.name);
      if (probe !== first && (!turn || turn.dueMs - nowMs > turn.slackMs)) continue;
      // The mode may have changed since: what was passive work then may be forbidden now.
      if (this.#periodOf(probe) !== undefined) void this.measure(probe);
      this.#plan(probe, undefined, random);
    }
  }

  /** Undefined when the probe may not run in this mode. */
  #periodOf(probe: Probe): number | undefined {
    const mode = this.#parts.mode();
    if (mode === 'off') return undefined;
    const periodMs = mode === 'quiet' ? (probe.quietPeriodMs ?? probe.periodMs) : probe.periodMs;
    if (periodMs === 'never') return undefined;
    const factor = probe.keepsPace ? 1 : (this.#parts.slowdown?.() ?? 1);
    return slowedPeriodMs(periodMs, factor);
  }

  async #outcomeOf(probe: Probe, forbidden: AbortSignal): Promise<ProbeOutcome> {
    try {
      return await withDeadline(`probe ${probe.name}`, probe.deadlineMs, (signal) =>
        probe.measure(AbortSignal.any([signal, forbidden])),
      );
    } catch (error) {
      if (forbidden.aborted) return { kind: 'nothing' };
      this.#parts.log.warn({ probe: probe.name, error: String(error) }, 'a probe failed');
      return { kind: 'failed', reason: reasonOf(error) };
    }
  }
}

function reasonOf(error: unknown): 'probeDeadline' | 'probeQuarantined' | 'probeFailed' {
  if (error instanceof QuarantineError) return 'probeQuarantined';
  return error instanceof DeadlineError ? 'probeDeadline' : 'probeFailed';
}
