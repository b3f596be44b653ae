import type { ToAgent, Welcome } from '@ppe-pulse/protocol';
import type { ClockExchanges } from './link/clock-exchanges.ts';
import type { Conduct } from './plan/conduct.ts';
import type { Clock } from './platform/clock.ts';
import type { Log } from './platform/log.ts';
import type { Watch } from './probes/watch.ts';
import type { Outbox } from './relay/relay-delivery.ts';
import type { Relay } from './relay/relay.ts';
import type { Updates } from './update/updates.ts';

/** Those who are told what the collector says. */
export interface IncomingParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly delivery: Outbox;
  readonly exchanges: ClockExchanges;
  readonly watch: Watch;
  readonly conduct: Conduct;
  readonly relay: Relay | undefined;
  /** Undefined where no launcher started this agent. */
  readonly updates: Updates | undefined;
}

/** Hands what the collector says on to whom it is for. */
export class Incoming {
  readonly #parts: IncomingParts;
  #lastAckAtMs: number | null = null;

  constructor(parts: IncomingParts) {
    this.#parts = parts;
  }

  /** PC's wall clock at the newest ack of this run, null before the first. */
  get lastAckAtMs(): number | null {
    return this.#lastAckAtMs;
  }

  take(message: Exclude<ToAgent, Welcome | { type: 'challenge' }>): void {
    const { clock, log, delivery, exchanges, watch, conduct, relay, updates } = this.#parts;
    switch (message.type) {
      case 'ack':
        this.#lastAckAtMs = clock.wallMs();
        delivery.acked(message);
        return;
      case 'clockReply':
        exchanges.answered(message);
        return;
      case 'slot':
        void watch.slots.take(message);
        return;
      case 'emDownload':
      case 'emStop':
        watch.em.take(message);
        return;
      case 'error': {
        const { code, retryAfterMs } = message;
        log.warn({ code, retryAfterMs }, 'the collector complains');
        if (retryAfterMs !== undefined) delivery.hold(retryAfterMs);
        relay?.complained(message);
        updates?.complained(code);
        return;
      }
      case 'roster':
        relay?.rostered(message);
        return;
      case 'incidents':
        relay?.informed(message);
        return;
      case 'plan':
        if (message.agentId === undefined) conduct.take(message);
        else relay?.planned(message.agentId, message);
        return;
      case 'updateOffer':
        if (message.agentId === undefined) updates?.offered(message);
        else relay?.updates?.offered(message.agentId, message);
        return;
      case 'updatePart':
        updates?.part(message);
        return;
      case 'goodbye':
        log.info({ reason: message.reason }, 'the collector says goodbye');
        return;
    }
  }
}
