import { limits } from '../limits.ts';

/** A look at the silence comes at least twice in this time; what is longer was not listened to. */
const STEP_MS = 1_000;
/** After so long without listening agents may have left: they call a line half-open from 15 s on. */
const LONG_MS = 10_000;
/** All of them are back after this: the longest back-off, a handshake and a heartbeat. */
const RECOVERY_MS = limits.reconnectCapMs + limits.handshakeMs + limits.heartbeatIntervalMs;

/**
 * The clock of silence: it counts only while the listener really listened. A stopped, frozen or cut
 * off listener hears nobody, and that is not the agents' fault: its own downtime is in no deadline.
 * After a long one agents need time to come back; until then nobody is called silent. Pure.
 */
export class Attention {
  #lastMs: number;
  #attentionMs = 0;
  #deafSinceMs: number | undefined;
  #recoversAtMs = Number.NEGATIVE_INFINITY;
  #recoverySinceMs = Number.NEGATIVE_INFINITY;

  /** Starts at `nowMs` (monotonic). With `hasRestarted` agents are coming back already. */
  constructor(nowMs: number, hasRestarted: boolean) {
    this.#lastMs = nowMs;
    if (hasRestarted) this.#recover();
  }

  /** Attention time, ms. Ask at every look and with every heartbeat. */
  at(nowMs: number): number {
    const passedMs = Math.max(0, nowMs - this.#lastMs);
    this.#lastMs = Math.max(this.#lastMs, nowMs);
    if (this.#deafSinceMs !== undefined) return this.#attentionMs;
    this.#attentionMs += Math.min(passedMs, STEP_MS);
    if (passedMs >= LONG_MS) this.#recover();
    return this.#attentionMs;
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
    return this.#deafSinceMs !== undefined
      ? true
      : this.#attentionMs < this.#recoversAtMs && lastHeardMs <= this.#recoverySinceMs;
  }

  /** True while agents may still be coming back. */
  get isRecovering(): boolean {
    return this.#attentionMs < this.#recoversAtMs;
  }

  #recover(): void {
    this.#recoverySinceMs = this.#attentionMs;
    this.#recoversAtMs = this.#attentionMs + RECOVERY_MS;
  }
}
