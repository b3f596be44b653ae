import { BootRanges } from '@ppe-pulse/protocol/carry';

/** Boots of one workstation that are remembered; the oldest is forgotten first. */
const KEPT_BOOTS = 64;
/** Gaps of a boot that are remembered: an agent that leaves more counts strangely. */
const KEPT_RANGES = 4_096;

/**
 * Which heartbeats a spool has taken already. What it forgot is taken again, and stored once by the
 * collector all the same.
 */
export class Ledger {
  readonly #boots = new Map<string, BootRanges>();

  has(bootId: string, seq: number): boolean {
    return this.#boots.get(bootId)?.has(bootId, seq) ?? false;
  }

  add(bootId: string, seq: number): void {
    const known = this.#boots.get(bootId);
    const isFull = (known?.boots().get(bootId)?.length ?? 0) >= KEPT_RANGES;
    const ranges = known && !isFull ? known : new BootRanges();
    ranges.add(bootId, seq, seq);
    this.#boots.set(bootId, ranges);
    const [oldest] = this.#boots.keys();
    if (this.#boots.size > KEPT_BOOTS && oldest !== undefined) this.#boots.delete(oldest);
  }
}
