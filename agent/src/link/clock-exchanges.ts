import type { ClockReply, FromAgent } from '@ppe-pulse/protocol';
import type { Clock } from '../platform/clock.ts';
import type { ClockExchange } from '../probes/link/clock-estimate.ts';

/** Questions that wait at once; an answer to a forgotten one is passed over. */
const MAX_WAITING = 8;

/** Asks the collector for its clock and matches the answers. */
export class ClockExchanges {
  readonly #clock: Clock;
  readonly #waiting = new Map<
    number,
    { sentMs: number; resolve: (exchange: ClockExchange) => void }
  >();
  #nextId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined when `send` has no line. The probe's deadline ends a wait that nobody answers. */
  ask(send: (message: FromAgent) => boolean): Promise<ClockExchange> | undefined {
    const id = this.#nextId;
    this.#nextId += 1;
    const sentMs = this.#clock.monotonicMs();
    if (!send({ type: 'clockRequest', id })) return undefined;
    return new Promise((resolve) => {
      this.#waiting.set(id, { sentMs, resolve });
      const oldest = this.#waiting.keys().next().value;
      if (this.#waiting.size > MAX_WAITING && oldest !== undefined) this.#waiting.delete(oldest);
    });
  }

  answered(reply: ClockReply): void {
    const asked = this.#waiting.get(reply.id);
    if (!asked) return;
    this.#waiting.delete(reply.id);
    asked.resolve({
      sentMs: asked.sentMs,
      receivedMs: this.#clock.monotonicMs(),
      collectorReceivedMs: reply.receivedAtMs,
      collectorSentMs: reply.sentAtMs,
    });
  }

  clear(): void {
    this.#waiting.clear();
  }
}
