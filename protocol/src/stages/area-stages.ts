import { verdictWeight, verdicts } from '../truth.ts';
import { areSameStates } from './same-state.ts';
import type { StageState } from './stage.ts';
import { stageReasons } from './stage-reasons.ts';
import type { StageSlot } from './stage-schedule.ts';

/** The counts of one stage over the sites of an area. */
interface Tally {
  total: number;
  done: number;
  /** Of those that have not reached it. */
  unknown: number;
  late: number;
  mismatched: number;
  measured: number;
  claimed: number;
  /** Latest of the sites that reached it; null when it must be looked up again. */
  reachedMaxMs: number | null;
  /** Latest of the sites' deadlines. */
  dueMaxMs: number | null;
  /** Sites by verdict and reason. */
  readonly outcomes: Map<number, number>;
}

/**
 * The stages of a municipality or the region: sites that reached each, of those that take part. One
 * site's change costs as much in a region of thousands.
 */
export class AreaStages {
  readonly #slots: readonly StageSlot[];
  readonly #sites: () => Iterable<readonly StageState[]>;
  readonly #tallies = new Map<number, Tally>();
  #states: readonly StageState[] = [];
  #isDirty = true;

  /** `sites` gives the states of its sites that take part. */
  constructor(slots: readonly StageSlot[], sites: () => Iterable<readonly StageState[]>) {
    this.#slots = slots;
    this.#sites = sites;
  }

  /** A site's state came or was replaced, or left. */
  replace(index: number, before: StageState | undefined, after: StageState | undefined): void {
    this.#isDirty = true;
    const tally = this.#tallies.get(index) ?? emptyTally();
    this.#tallies.set(index, tally);
    if (before) count(tally, before, -1);
    if (after) count(tally, after, 1);
    if (before?.reachedAtMs != null && before.reachedAtMs === tally.reachedMaxMs)
      tally.reachedMaxMs = null;
    if (after?.reachedAtMs != null && tally.reachedMaxMs !== null)
      tally.reachedMaxMs = Math.max(tally.reachedMaxMs, after.reachedAtMs);
    if (after?.dueAtMs != null)
      tally.dueMaxMs = Math.max(tally.dueMaxMs ?? after.dueAtMs, after.dueAtMs);
  }

  /** Its states now; the same list while nothing changed. */
  states(): readonly StageState[] {
    if (!this.#isDirty) return this.#states;
    this.#isDirty = false;
    const next = this.#slots.flatMap((slot) => {
      const tally = this.#tallies.get(slot.index);
      return tally && tally.total > 0 ? [this.#state(slot, tally)] : [];
    });
    if (!areSameStates(next, this.#states)) this.#states = next;
    return this.#states;
  }

  #state(slot: StageSlot, tally: Tally): StageState {
    const { total, done, measured, claimed } = tally;
    const isDone = done === total;
    if (isDone) tally.reachedMaxMs ??= this.#latest(slot);
    const { verdict, reason } = worstOf(tally.outcomes);
    return {
      stage: slot.stage,
      track: slot.track,
      done,
      total,
      unknown: tally.unknown,
      late: tally.late,
      reachedAtMs: isDone ? tally.reachedMaxMs : null,
      by: !isDone ? null : measured === total ? 'measure' : claimed === total ? 'claim' : 'both',
      dueAtMs: tally.dueMaxMs,
      verdict,
      reason,
      isMismatch: tally.mismatched > 0,
    };
  }

  #latest({ stage, track }: StageSlot): number | null {
    let latest: number | null = null;
    for (const states of this.#sites()) {
      for (const state of states) {
        if (state.stage !== stage || state.track !== track || state.reachedAtMs === null) continue;
        latest = Math.max(latest ?? state.reachedAtMs, state.reachedAtMs);
      }
    }
    return latest;
  }
}

function emptyTally(): Tally {
  return {
    total: 0,
    done: 0,
    unknown: 0,
    late: 0,
    mismatched: 0,
    measured: 0,
    claimed: 0,
    reachedMaxMs: null,
    dueMaxMs: null,
    outcomes: new Map(),
  };
}

function count(tally: Tally, state: StageState, by: 1 | -1): void {
  tally.total += by;
  // Something that is known to be late says more of a site than what nobody hears there.
  if (state.reachedAtMs !== null) tally.done += by;
  else if (state.late > 0) tally.late += by;
  else if (state.unknown > 0) tally.unknown += by;
  if (state.isMismatch) tally.mismatched += by;
  if (state.by === 'measure') tally.measured += by;
  if (state.by === 'claim') tally.claimed += by;
  const outcome = verdicts.indexOf(state.verdict) * 100 + reasonIndex(state.reason);
  const left = (tally.outcomes.get(outcome) ?? 0) + by;
  if (left === 0) tally.outcomes.delete(outcome);
  else tally.outcomes.set(outcome, left);
}

function reasonIndex(reason: string): number {
  return stageReasons.findIndex((each) => each === reason);
}

function worstOf(outcomes: ReadonlyMap<number, number>): Pick<StageState, 'verdict' | 'reason'> {
  let worst: { verdict: StageState['verdict']; reason: number } | undefined;
  for (const outcome of outcomes.keys()) {
    const verdict = verdicts[Math.floor(outcome / 100)] ?? 'unknown';
    const reason = outcome % 100;
    const more = worst ? verdictWeight(verdict) - verdictWeight(worst.verdict) : 1;
    if (!worst || more > 0 || (more === 0 && reason > worst.reason)) worst = { verdict, reason };
  }
  return {
    verdict: worst?.verdict ?? 'unknown',
    reason: stageReasons[worst?.reason ?? 0] ?? 'notHeard',
  };
}
