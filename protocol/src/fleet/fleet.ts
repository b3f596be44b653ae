import type { Goodbye } from '../messages/agent.ts';
import type { Placement } from '../placement.ts';
import type { Moment } from '../session/clock-mapping.ts';
import { isJudgedBy } from '../workstation.ts';
import { Attention } from './attention.ts';
import { addClone } from './clone.ts';
import type { Flip } from './flip.ts';
import { flipsBetween } from './flips-between.ts';
import type { PlanRule } from './plan-rule.ts';
import type { TakenHeartbeat } from './taken-heartbeat.ts';
import {
  foldClone,
  foldGoodbye,
  foldHeartbeat,
  foldRule,
  foldSilence,
  rememberedOf,
  replaced,
  restored,
  unheard,
  type Remembered,
  type WorkstationState,
} from './workstation-state.ts';

/** Whose silence is judged, and by whom: a fleet that listens from `now` on. */
export interface FleetStart {
  readonly now: Moment;
  /** It listened before and was away: agents are coming back. */
  readonly hasRestarted: boolean;
  /** Heartbeat period that it asks for. */
  readonly intervalMs: number;
}

/**
 * The state of every workstation that belongs to a listener, folded from what it hears. No timers and
 * no sockets: whoever owns it brings heartbeats and calls `sweep` twice a second. The same code
 * judges in the collector and in a relay.
 */
export class Fleet {
  readonly #states = new Map<string, WorkstationState>();
  readonly #listeners = new Set<(state: WorkstationState) => void>();
  readonly #removalListeners = new Set<(state: WorkstationState) => void>();
  readonly #attention: Attention;
  #newestTakenMs: number | null = null;
  #isDoubtful = false;

  constructor({ now, hasRestarted, intervalMs }: FleetStart) {
    this.#attention = new Attention(now.monotonicMs, hasRestarted, intervalMs);
  }

  get size(): number {
    return this.#states.size;
  }

  /** Listener's monotonic clock at the newest live heartbeat of this run, null before the first. */
  get newestTakenMs(): number | null {
    return this.#newestTakenMs;
  }

  /** True while agents may still be coming back after the listener was away. */
  get isRecovering(): boolean {
    return this.#attention.isRecovering;
  }

  get(id: string): WorkstationState | undefined {
    return this.#states.get(id);
  }

  all(): IterableIterator<WorkstationState> {
    return this.#states.values();
  }

  /** Calls `handle` with each workstation whose state was replaced. Answers the way to stop. */
  onChange(handle: (state: WorkstationState) => void): () => void {
    this.#listeners.add(handle);
    return () => this.#listeners.delete(handle);
  }

  /** Calls `handle` with the last state of each workstation that was removed. Answers the way to stop. */
  onRemove(handle: (state: WorkstationState) => void): () => void {
    this.#removalListeners.add(handle);
    return () => this.#removalListeners.delete(handle);
  }

  /** A workstation that is enrolled no more: nothing is said of it, and what it sends changes nothing. */
  remove(id: string): void {
    const last = this.#states.get(id);
    if (!last) return;
    this.#states.delete(id);
    for (const listener of this.#removalListeners) listener(last);
  }

  /** Adds a workstation, with what was remembered of it, or moves one. */
  place(id: string, placement: Placement, remembered: Remembered | null, now: Moment): void {
    const known = this.#states.get(id);
    const attentionMs = this.#attention.at(now.monotonicMs);
    const fresh = (): WorkstationState =>
      remembered ? restored(id, placement, remembered, attentionMs) : unheard(id, placement);
    this.#set(known ? replaced(known, placement) : fresh());
  }

  /** Folds a heartbeat; one of a workstation that does not belong here changes nothing. */
  take(beat: TakenHeartbeat, now: Moment): readonly Flip[] {
    const before = this.#states.get(beat.workstationId);
    if (!before) return [];
    if (beat.delivery === 'live') this.#newestTakenMs = now.monotonicMs;
    const producedMs = beat.takenMonotonicMs - (beat.takenAtMs - beat.atMs);
    const heardMs = this.#attention.heardAt(producedMs, now.monotonicMs);
    return this.#replace(before, foldHeartbeat(before, beat, heardMs), now);
  }

  /** A workstation said goodbye. */
  leave(id: string, goodbye: Goodbye, now: Moment): readonly Flip[] {
    const before = this.#states.get(id);
    if (!before) return [];
    const attentionMs = this.#attention.at(now.monotonicMs);
    return this.#replace(before, foldGoodbye(before, goodbye, attentionMs), now);
  }

  /** The same id is alive with another boot. */
  cloned(id: string, bootId: string, now: Moment): readonly Flip[] {
    const before = this.#states.get(id);
    if (!before) return [];
    const attentionMs = this.#attention.at(now.monotonicMs);
    const clone = addClone(before.clone, bootId, { wallMs: now.wallMs, attentionMs });
    return this.#replace(before, foldClone(before, clone), now);
  }

  /** The plan's word on a workstation, null for none. */
  rule(id: string, rule: PlanRule | null, now: Moment): readonly Flip[] {
    const before = this.#states.get(id);
    if (!before) return [];
    return this.#replace(before, foldRule(before, rule, this.#attention.at(now.monotonicMs)), now);
  }

  /** The listener's own line is cut, or no longer: nobody is silent meanwhile. */
  deaf(isDeaf: boolean, now: Moment): void {
    this.#attention.deaf(isDeaf, now.monotonicMs);
  }

  /** The listener is looking at its own line: silence is judged when it knows. */
  doubt(isDoubtful: boolean): void {
    this.#isDoubtful = isDoubtful;
  }

  /** Judges silence. */
  sweep(now: Moment): readonly Flip[] {
    const attentionMs = this.#attention.at(now.monotonicMs);
    const flips: Flip[] = [];
    if (this.#isDoubtful) return flips;
    for (const state of this.#states.values()) {
      if (attentionMs < state.silenceDueMs) continue;
      const { lastSeenMs } = state;
      if (lastSeenMs !== null && this.#attention.isForgiven(lastSeenMs)) continue;
      for (const flip of this.#replace(state, foldSilence(state, attentionMs), now))
        flips.push(flip);
    }
    return flips;
  }

  /** What must be kept of a workstation over a restart of the listener. */
  remembered(state: WorkstationState, now: Moment): ReturnType<typeof rememberedOf> {
    return rememberedOf(state, this.#attention.at(now.monotonicMs));
  }

  /** False for one that was called silent, never heard, or that may still be coming back. */
  isJudged({ lastSeenMs, heartbeat }: WorkstationState): boolean {
    if (lastSeenMs === null || !isJudgedBy(heartbeat)) return false;
    return !this.#attention.isForgiven(lastSeenMs);
  }

  /** Milliseconds of attention since a workstation was last heard, null for never. */
  silentForMs(state: WorkstationState, now: Moment): number | null {
    return state.lastSeenMs === null
      ? null
      : this.#attention.at(now.monotonicMs) - state.lastSeenMs;
  }

  #replace(before: WorkstationState, after: WorkstationState, now: Moment): readonly Flip[] {
    if (before === after) return [];
    this.#set(after);
    return flipsBetween(before, after, now.wallMs);
  }

  #set(state: WorkstationState): void {
    this.#states.set(state.id, state);
    for (const listener of this.#listeners) listener(state);
  }
}
