import type { Clock } from '../platform/clock.ts';
import type { NicProbe } from '../probes/nic/nic-probe.ts';

/** A fifth of 2 Mbit/s, the slowest line that materials come over: less is what a PC says anyway. */
const FLOOR_BYTES_PER_SECOND = 50_000;
/** Others may take this share of the line before a rehearsal is in their way… */
const SHARE = 0.2;
/** …and this much while the line's speed is not known. */
const UNKNOWN_LINE_BYTES_PER_SECOND = 1_000_000;
/** Headers, and repeats of a lossy line, come on top of the package's bytes. */
const OVERHEAD = 1.1;
/** Acknowledgements of a download are 2–5 % of it. */
const ACKNOWLEDGED = 0.1;

/** Rates of one look, bytes a second. */
export interface LineUse {
  readonly received: number;
  readonly sent: number;
  /** Of the package, in the same time. */
  readonly own: number;
  /** The fastest that the package ever came; 0 before it did. */
  readonly line: number;
}

/** True when somebody else moves so much over the line that a rehearsal would be in the way. */
export function isNeededByOthers({ received, sent, own, line }: LineUse): boolean {
  const limit =
    line === 0 ? UNKNOWN_LINE_BYTES_PER_SECOND : Math.max(FLOOR_BYTES_PER_SECOND, line * SHARE);
  return received - own * OVERHEAD > limit || sent - own * ACKNOWLEDGED > limit;
}

/** Tells the package's bytes from what else the PC's network cards carry. */
export class LineWatch {
  readonly #nic: Pick<NicProbe, 'measure' | 'rates'>;
  readonly #clock: Clock;
  #before: { readonly bytes: number; readonly atMs: number } | undefined;
  #line = 0;

  /** The probe of the cards is this watch's own: its rates span from look to look. */
  constructor(nic: Pick<NicProbe, 'measure' | 'rates'>, clock: Clock) {
    this.#nic = nic;
    this.#clock = clock;
  }

  /** Looks at the cards; `fetchedBytes` is all that the package took so far. */
  async isNeeded(fetchedBytes: number): Promise<boolean> {
    try {
      await this.#nic.measure();
    } catch {
      // On Windows the child that counts may be gone: a look that fails says nothing.
      return false;
    }
    const atMs = this.#clock.monotonicMs();
    const before = this.#before;
    this.#before = { bytes: fetchedBytes, atMs };
    const { rates } = this.#nic;
    if (!rates || !before || atMs <= before.atMs) return false;
    const own = ((fetchedBytes - before.bytes) * 1_000) / (atMs - before.atMs);
    this.#line = Math.max(this.#line, own);
    const { receivedBytesPerSecond: received, sentBytesPerSecond: sent } = rates;
    return isNeededByOthers({ received, sent, own, line: this.#line });
  }
}
