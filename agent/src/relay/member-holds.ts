/** A member that the collector does not take from here is tried again after this. */
const HOLD_MS = 60_000;

/** Members whose heartbeats the collector refused a moment ago: they wait in their spools. */
export class MemberHolds {
  readonly #untilMs = new Map<string, number>();

  hold(id: string, nowMs: number): void {
    this.#untilMs.set(id, nowMs + HOLD_MS);
  }

  isHeld(id: string, nowMs: number): boolean {
    return nowMs < (this.#untilMs.get(id) ?? Number.NEGATIVE_INFINITY);
  }

  /** Another connection or another roster: all are tried again. */
  clear(): void {
    this.#untilMs.clear();
  }
}
