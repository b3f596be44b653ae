import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Probe, ProbeOutcome } from '../probes/probe.ts';
import { nextBudget, withinBudget, type BudgetLimits, type BudgetState } from './budget.ts';
import type { OwnUse, ReadOwnUse } from './own-use.ts';

/** How the agent spares the PC now, for `ppe-agent status`. */
export type Slowdown = Pick<BudgetState, 'factor' | 'over'>;

/** What the probe works with. */
export interface BudgetParts {
  readonly limits: BudgetLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly read: ReadOwnUse;
  readonly childPid: () => number | undefined;
}

const PERIOD_MS = 60_000;
/** The PC slept or was stopped in between: such a minute says nothing. */
const LONGEST_MS = 3 * PERIOD_MS;
const HOUR_SECONDS = 3_600;

/**
 * Watches what the agent itself takes and says how much slower the other probes have to go. It keeps its
 * own rhythm, or an agent that was slowed down would take longer to see that it may go faster.
 */
export class BudgetProbe implements Probe {
  readonly name = 'budget';
  readonly family = 'host';
  readonly periodMs = PERIOD_MS;
  /** A start takes more than any minute after it. */
  readonly startAfterMs = PERIOD_MS;
  readonly keepsPace = true as const;
  readonly deadlineMs = 2_000;
  readonly #parts: BudgetParts;
  #state: BudgetState = withinBudget;
  #before: (OwnUse & { readonly atMs: number }) | undefined;

  constructor(parts: BudgetParts) {
    this.#parts = parts;
  }

  get slowdown(): Slowdown {
    const { factor, over } = this.#state;
    return { factor, over };
  }

  async measure(): Promise<ProbeOutcome> {
    const { read, childPid, clock, limits } = this.#parts;
    const found = { ...(await read(childPid())), atMs: clock.monotonicMs() };
    const before = this.#before;
    this.#before = found;
    const passedMs = found.atMs - (before?.atMs ?? found.atMs);
    if (before && passedMs > 0 && passedMs <= LONGEST_MS) {
      const cpuSecondsPerHour = (HOUR_SECONDS * (found.cpuMs - before.cpuMs)) / passedMs;
      const use = { cpuSecondsPerHour, rssBytes: found.rssBytes };
      this.#become(nextBudget(this.#state, use, limits), use);
    }
    return { kind: 'measured', metrics: { 'agent.slowdown.ratio': this.#state.factor } };
  }

  #become(next: BudgetState, use: object): void {
    const { factor } = this.#state;
    this.#state = next;
    if (next.factor === factor) return;
    const words = { factor: next.factor, over: next.over, ...use, ...this.#parts.limits };
    if (next.factor > factor)
      this.#parts.log.warn(words, 'the agent is over its budget: its probes are slowed down');
    else this.#parts.log.info(words, 'the agent is within its budget: its probes go faster again');
  }
}
