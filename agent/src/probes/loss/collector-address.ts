import type { Clock } from '../../platform/clock.ts';
import { askResolver } from '../portal/resolve-host.ts';

/** Addresses of a name; none when it has none. Never rejects, and may take as long as it likes. */
export type AskResolver = (host: string) => Promise<readonly string[]>;

/** An answer of the resolver serves this long: a look-up for each handshake would be 8,640 a day. */
const KEPT_MS = 600_000;
/** How long a look waits for the first answer. */
const WAIT_MS = 3_000;

/**
 * The collector's address, looked up apart from what is timed. One look-up at a time: the system's
 * call cannot be taken back, and four that hang would keep every other file and name of the agent
 * waiting.
 */
export class CollectorAddress {
  readonly #host: string;
  readonly #clock: Clock;
  readonly #ask: AskResolver;
  #addresses: readonly string[] = [];
  #askAtMs = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(host: string, clock: Clock, ask: AskResolver = askResolver) {
    this.#host = host;
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Undefined when the name has no address, or the resolver has not told one yet. */
  async current(): Promise<string | undefined> {
    if (this.#clock.monotonicMs() >= this.#askAtMs) this.#asking ??= this.#refresh();
    if (this.#addresses.length === 0 && this.#asking) await settledWithin(this.#asking, WAIT_MS);
    return this.#addresses[0];
  }

  /** The current one does not answer: the next is tried, and the name is looked up again. */
  failed(): void {
    this.#addresses = [...this.#addresses.slice(1), ...this.#addresses.slice(0, 1)];
    this.#askAtMs = Number.NEGATIVE_INFINITY;
  }

  async #refresh(): Promise<void> {
    const found = await this.#ask(this.#host);
    this.#asking = undefined;
    // A resolver that fails says nothing of an address that is known.
    if (found.length === 0) return;
    const current = this.#addresses[0];
    const isKept = current !== undefined && found.includes(current);
    this.#addresses = isKept ? [current, ...found.filter((each) => each !== current)] : found;
    this.#askAtMs = this.#clock.monotonicMs() + KEPT_MS;
  }
}

function settledWithin(work: Promise<void>, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, afterMs);
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
