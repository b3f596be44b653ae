import { verdictWeight, type Verdict } from '../truth.ts';
import { isJudgedBy } from '../workstation.ts';
import { HEARTBEAT_CHECK } from '../checks/heartbeat.ts';
import type { Moment } from '../session/clock-mapping.ts';
import {
  FLIP_WINDOW_MS,
  causeOf,
  failingStages,
  flip,
  isUnstable,
  newFault,
  resolveAfterMs,
  type Fault,
} from './fault.ts';
import type { Resolution } from './incident.ts';
import { upsetsOf, type SeenStation, type Upset } from './upset.ts';
import type { Phase } from './phase.ts';

/** What the owner is told. */
export interface FaultsListener {
  /** Verdict, reason or hearing of a fault that an incident covers is other than before. */
  readonly changed: (fault: Fault) => void;
  /** The reason became one of another cause: `before` is the old cause. */
  readonly recaused: (fault: Fault, before: string) => void;
  /** Nothing is left of it. */
  readonly gone: (fault: Fault, resolution: Resolution) => void;
}

/** The life of each fault, from the first bad verdict to the end of its memory. No tree, no incidents. */
export class Faults {
  readonly #listener: FaultsListener;
  readonly #bySource = new Map<string, Map<string, Fault>>();
  readonly #byCause = new Map<string, Set<Fault>>();
  /** Those whose stage ends by the clock. */
  readonly #moving = new Set<Fault>();
  readonly #ripe = new Set<string>();

  constructor(listener: FaultsListener) {
    this.#listener = listener;
  }

  /** Takes in a workstation; `phase` is asked only where something is wrong. */
  see(station: SeenStation, phase: () => Phase, now: Moment): void {
    const known = this.#bySource.get(station.id);
    if (station.problems.length === 0 && !known) return;
    if (station.heartbeat.verdict === 'notInvolved') {
      this.drop(station.id, 'notInvolved');
      return;
    }
    if (station.heartbeat.verdict === 'silentByRule') this.#excuse(station.id);
    const upsets = station.problems.length === 0 ? [] : upsetsOf(station, phase());
    this.take(station.id, upsets, { now, isHeard: isJudgedBy(station.heartbeat) });
  }

  /** All that is wrong with one source. Of one that is not heard only its silence can be told. */
  take(
    sourceId: string,
    upsets: readonly Upset[],
    { now, isHeard }: { readonly now: Moment; readonly isHeard: boolean },
  ): void {
    const wrong = new Map(upsets.map((upset) => [upset.checkId, upset]));
    for (const fault of this.#bySource.get(sourceId)?.values() ?? []) {
      const isKnowable = isHeard || fault.checkId === HEARTBEAT_CHECK;
      this.#hear(fault, isKnowable);
      const upset = wrong.get(fault.checkId);
      wrong.delete(fault.checkId);
      if (upset) this.#again(fault, upset, now);
      else if (isKnowable) this.#fine(fault, now.monotonicMs);
    }
    for (const upset of wrong.values())
      this.#add(newFault(sourceId, upset, { ms: now.monotonicMs, atMs: now.wallMs }));
  }

  /** One that was known before a restart; its incident covers it still. */
  restore(fault: Fault): void {
    this.#add(fault);
  }

  /** A source that is no longer there, or takes no part. */
  drop(sourceId: string, resolution: Resolution): void {
    for (const fault of this.#bySource.get(sourceId)?.values() ?? [])
      this.#remove(fault, resolution);
  }

  /** A person says that it is over: it does not open anew before it healed. */
  dismiss(fault: Fault): void {
    fault.stage = 'dismissed';
    fault.incidentId = null;
    this.#moving.delete(fault);
  }

  /** Its incident ended while it goes on: it is told anew; one that is healing already is over. */
  release(fault: Fault): void {
    fault.incidentId = null;
    if (fault.stage === 'healing') {
      this.#remove(fault, 'healed');
      return;
    }
    fault.stage = 'ready';
    this.#ripe.add(fault.cause);
  }

  /** Lets the clock go on; afterwards `takeRipe` has the causes with something to tell. */
  tick(nowMs: number): void {
    for (const fault of this.#moving) {
      if (fault.stage === 'pending') {
        if (fault.isUnheard) continue;
        if (nowMs < fault.dueMs && !isUnstable(fault, nowMs)) continue;
        fault.stage = 'ready';
        this.#moving.delete(fault);
        this.#ripe.add(fault.cause);
      } else if (nowMs >= fault.dueMs) {
        if (fault.stage === 'healing') this.#heal(fault, nowMs);
        else this.#remove(fault, 'healed');
      }
    }
  }

  /** Causes of which a fault waits to be told. */
  takeRipe(): string[] {
    const ripe = [...this.#ripe];
    this.#ripe.clear();
    return ripe;
  }

  failingOf(cause: string): Fault[] {
    return [...(this.#byCause.get(cause) ?? [])].filter(({ stage }) => failingStages.has(stage));
  }

  /** Of one source; it may be released meanwhile. */
  of(sourceId: string): Fault[] {
    return [...(this.#bySource.get(sourceId)?.values() ?? [])];
  }

  *all(): Iterable<Fault> {
    for (const faults of this.#bySource.values()) yield* faults.values();
  }

  /** Its silence is as planned from now on. */
  #excuse(stationId: string): void {
    const silence = this.#bySource.get(stationId)?.get(HEARTBEAT_CHECK);
    if (silence) this.#remove(silence, 'byRule');
  }

  #hear(fault: Fault, isKnowable: boolean): void {
    if (fault.isUnheard === !isKnowable) return;
    fault.isUnheard = !isKnowable;
    this.#listener.changed(fault);
  }

  #again(fault: Fault, upset: Upset, now: Moment): void {
    const nowMs = now.monotonicMs;
    if (fault.stage === 'quiet') {
      flip(fault, nowMs);
      this.#begin(fault, upset, now);
    } else if (fault.stage === 'healing') {
      flip(fault, nowMs);
      fault.stage = 'open';
      this.#moving.delete(fault);
      this.#listener.changed(fault);
    }
    this.#update(fault, upset, now);
  }

  #update(fault: Fault, upset: Upset, now: Moment): void {
    const { verdict, reason, evidence, outageMs, rule } = upset;
    const isSame = fault.verdict === verdict && fault.reason === reason;
    const isNews = causeOf(rule, reason) !== fault.cause || isWorse(verdict, fault.verdict);
    fault.verdict = verdict;
    fault.reason = reason;
    fault.evidence = evidence;
    fault.outageMs = outageMs;
    if (isSame) return;
    // What a person resolved was another fault than this one.
    if (fault.stage === 'dismissed' && isNews) {
      this.#listener.gone(fault, 'healed');
      this.#begin(fault, upset, now);
    }
    if (fault.stage === 'pending')
      fault.dueMs = Math.min(fault.dueMs, now.monotonicMs + upset.openAfterMs);
    const before = fault.cause;
    const cause = causeOf(rule, reason);
    if (cause !== before) {
      this.#byCause.get(before)?.delete(fault);
      fault.cause = cause;
      this.#index(fault);
      if (fault.stage === 'ready') this.#ripe.add(cause);
      this.#listener.recaused(fault, before);
    } else this.#listener.changed(fault);
  }

  #begin(fault: Fault, { openAfterMs }: Upset, now: Moment): void {
    fault.stage = 'pending';
    fault.sinceMs = now.monotonicMs;
    fault.sinceAtMs = now.wallMs;
    fault.dueMs = now.monotonicMs + openAfterMs;
    this.#moving.add(fault);
  }

  #fine(fault: Fault, nowMs: number): void {
    switch (fault.stage) {
      case 'pending':
      case 'ready':
        fault.stage = 'quiet';
        fault.dueMs = nowMs + FLIP_WINDOW_MS;
        this.#moving.add(fault);
        break;
      case 'open':
        fault.stage = 'healing';
        fault.dueMs = nowMs + resolveAfterMs(fault, nowMs);
        this.#moving.add(fault);
        this.#listener.changed(fault);
        break;
      case 'dismissed':
        this.#remove(fault, 'healed');
        break;
      case 'healing':
      case 'quiet':
        break;
    }
  }

  /** It is over, and remembered for a while: one that comes and goes is told as such. */
  #heal(fault: Fault, nowMs: number): void {
    this.#listener.gone(fault, 'healed');
    fault.incidentId = null;
    fault.stage = 'quiet';
    fault.dueMs = nowMs + FLIP_WINDOW_MS;
    this.#moving.add(fault);
  }

  #add(fault: Fault): void {
    const own = this.#bySource.get(fault.sourceId) ?? new Map<string, Fault>();
    this.#bySource.set(fault.sourceId, own);
    own.set(fault.checkId, fault);
    this.#index(fault);
    if (fault.stage === 'pending') this.#moving.add(fault);
  }

  #index(fault: Fault): void {
    const same = this.#byCause.get(fault.cause) ?? new Set<Fault>();
    this.#byCause.set(fault.cause, same);
    same.add(fault);
  }

  #remove(fault: Fault, resolution: Resolution): void {
    const own = this.#bySource.get(fault.sourceId);
    own?.delete(fault.checkId);
    if (own?.size === 0) this.#bySource.delete(fault.sourceId);
    const same = this.#byCause.get(fault.cause);
    same?.delete(fault);
    if (same?.size === 0) this.#byCause.delete(fault.cause);
    this.#moving.delete(fault);
    if (fault.stage !== 'quiet') this.#listener.gone(fault, resolution);
  }
}

function isWorse(now: Verdict, before: Verdict): boolean {
  return verdictWeight(now) > verdictWeight(before);
}
