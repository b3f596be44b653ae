import { limits } from '../limits.ts';

/** A look at the silence comes at least twice in this time; what is longer was not listened to. */
const STEP_MS = 1_000;
/** After so long without listening agents may have left: they call a line half-open from 15 s on. */
const LONG_MS = 10_000;
/** What lay in buffers is read by then: a minute of 3,000 workstations takes some seconds. */
const DRAINED_MS = 10_000;

/**
 * The clock of silence: it counts only while the listener really listened. A stopped, frozen or cut
 * off listener hears nobody, and that is not the agents' fault: its own downtime is in no deadline.
 * After a long one agents need time to come back; until then nobody is called silent. Pure.
 */
export class Attention {
  readonly #recoveryMs: number;
  #lastMs: number;
  #attentionMs = 0;
  /** Time that was not listened to of late: every attentive moment pays back as much. */
  #missedMs = 0;
  #deafSinceMs: number | undefined;
  #recoversAtMs = Number.NEGATIVE_INFINITY;
  /** When the listener was back, in attention time and on the clock. */
  #recoverySinceMs = Number.NEGATIVE_INFINITY;
  #backAtMs = Number.NEGATIVE_INFINITY;

  /** Starts at `nowMs` (monotonic). With `hasRestarted` agents are coming back already. */
  constructor(nowMs: number, hasRestarted: boolean, intervalMs: number) {
    this.#lastMs = nowMs;
    this.#recoveryMs = recoveryMs(intervalMs);
    if (hasRestarted) this.#recover();
  }

  /** Attention time, ms. Ask at every look and with every heartbeat. */
  at(nowMs: number): number {
    const passedMs = Math.max(0, nowMs - this.#lastMs);
    if (passedMs === 0) return this.#attentionMs;
    this.#lastMs = nowMs;
    if (this.#deafSinceMs !== undefined) return this.#attentionMs;
    if (passedMs <= STEP_MS) {
      this.#attentionMs += passedMs;
      this.#missedMs = Math.max(0, this.#missedMs - passedMs);
      return this.#attentionMs;
    }
    this.#attentionMs += STEP_MS;
    this.#missedMs += passedMs - STEP_MS;
    if (this.#missedMs >= LONG_MS - STEP_MS) this.#recover();
    return this.#attentionMs;
  }

  /**
   * The moment at which a live heartbeat counts as heard, in attention time. One that was produced
   * while nobody listened lay in a buffer: its sender may have left since. The first one of a
   * connection does not show its age, so that none counts before the buffers are empty.
   */
  heardAt(producedMs: number, nowMs: number): number {
    const attentionMs = this.at(nowMs);
    const isFromBuffer = producedMs < this.#backAtMs || nowMs - this.#backAtMs < DRAINED_MS;
    return this.isRecovering && isFromBuffer
      ? Math.min(attentionMs, this.#recoverySinceMs)
      : attentionMs;
  }

  /** The listener knows that it hears nobody: its own line is cut. */
  deaf(isDeaf: boolean, nowMs: number): void {
    if (isDeaf === (this.#deafSinceMs !== undefined)) return;
    this.at(nowMs);
    this.#deafSinceMs = isDeaf ? nowMs : undefined;
    if (!isDeaf) this.#recover();
  }

  /** Those that were last heard before a downtime, in attention time, are not judged yet. */
  isForgiven(lastHeardMs: number): boolean {
    if (this.#deafSinceMs !== undefined) return true;
    return this.isRecovering && lastHeardMs <= this.#recoverySinceMs;
  }

  /** True while agents may still be coming back. */
  get isRecovering(): boolean {
    return this.#attentionMs < this.#recoversAtMs;
  }

  #recover(): void {
    this.#missedMs = 0;
    this.#backAtMs = this.#lastMs;
    this.#recoverySinceMs = this.#attentionMs;
    this.#recoversAtMs = this.#attentionMs + this.#recoveryMs;
  }
}

/** All are back after this: a handshake that failed, the longest back-off, another, a heartbeat. */
export function recoveryMs(intervalMs: number): number {
  return limits.handshakeMs + limits.reconnectCapMs + limits.handshakeMs + intervalMs;
}
