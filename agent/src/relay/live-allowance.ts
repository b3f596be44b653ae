/** Live frames of one member that may go on at once, and a second in the long run. */
const BURST = 10;
const PER_SECOND = 2;

/**
 * How many live heartbeats of each member are handed on at once. What is over goes as backlog: one
 * member that floods must not use up the frames that the collector takes of the whole ППЭ.
 */
export class LiveAllowance {
  readonly #left = new Map<string, { credit: number; atMs: number }>();

  /** Takes one of a member's; false when there is none left. `nowMs` is monotonic. */
  take(id: string, nowMs: number): boolean {
    const known = this.#left.get(id) ?? { credit: BURST, atMs: nowMs };
    const gained = ((nowMs - known.atMs) / 1_000) * PER_SECOND;
    const credit = Math.min(BURST, known.credit + gained);
    const isLeft = credit >= 1;
    this.#left.set(id, { credit: isLeft ? credit - 1 : credit, atMs: nowMs });
    return isLeft;
  }
}
