import { randomBytes } from 'node:crypto';
import {
  ProtocolError,
  answerChallenge,
  closeCodes,
  closeNameOf,
  encode,
  helloOf,
  linkAtStart,
  retryPolicyOf,
  stepLink,
  type AgentHello,
  type CloseCodeName,
  type Challenge,
  type FromAgent,
  type Introduction,
  type LinkEffect,
  type LinkEvent,
  type LinkState,
  type Timers,
  type ToAgent,
  type Welcome,
} from '@ppe-pulse/protocol';
import { createCollectorDecoder } from '@ppe-pulse/protocol/codec';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { collectorIdOf, isSignedBy } from '../platform/identity.ts';
import { Dialer, type AgentSocket } from './socket.ts';
import type { Channel, Trust } from './trust.ts';

/** What the link tells its owner. */
export interface LinkListener {
  welcomed(welcome: Welcome): void;
  /** Frames after the welcome. */
  received(message: Exclude<ToAgent, Welcome | { type: 'challenge' }>): void;
  lost(): void;
}

/** What the link works with. */
export interface LinkParts {
  readonly trust: Trust;
  readonly introduction: () => Introduction;
  readonly listener: LinkListener;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly random: () => number;
}

/** The connection to the collector: the machine of `link-machine.ts` with a real socket. */
export class Link {
  readonly #parts: LinkParts;
  readonly #dialer: Dialer;
  readonly #decode = createCollectorDecoder();
  #state: LinkState = linkAtStart;
  #socket: AgentSocket | undefined;
  #hello: AgentHello | undefined;
  #channel: Channel | undefined;
  #timer: unknown;
  #refusal: CloseCodeName | null = null;
  /** Names the next socket, so that what an earlier one says late is not heard. */
  #generation = 0;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#dialer = new Dialer(parts.trust);
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Why the listener does not want this PC, as it said last; null while it does. */
  get refusal(): CloseCodeName | null {
    return this.#refusal;
  }

  get isLive(): boolean {
    return this.#state.name === 'live';
  }

  start(): void {
    this.#event({ name: 'start' });
  }

  stop(): void {
    this.#event({ name: 'stop' });
    this.#parts.timers.clear(this.#timer);
  }

  /** Closes in order and comes back after `forMs`: the PC sleeps, or has no network for a stage. */
  pause(forMs: number): void {
    this.#event({ name: 'pause', forMs });
  }

  /** The PC slept: a line that is dead is left soon. */
  woke(): void {
    this.#event({ name: 'woke' });
  }

  /** Sends a frame when the link is live; answers whether it was handed to the socket. */
  send(message: FromAgent): boolean {
    if (!this.isLive || !this.#socket) return false;
    this.#socket.send(encode(message));
    return true;
  }

  /** Bytes that the line has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket?.bufferedBytes ?? 0;
  }

  #event(event: LinkEvent): void {
    const wasLive = this.isLive;
    const step = stepLink(
      this.#state,
      event,
      this.#parts.clock.monotonicMs(),
      this.#parts.random(),
    );
    this.#state = step.state;
    for (const effect of step.effects) this.#do(effect);
    if (wasLive && !this.isLive) this.#parts.listener.lost();
  }

  #do(effect: LinkEffect): void {
    switch (effect.do) {
      case 'open':
        this.#open();
        return;
      case 'close': {
        const { code, reason } = closeCodes[effect.why];
        if (effect.why === 'normal') this.#socket?.close(code, reason);
        else this.#socket?.abandon();
        return;
      }
      case 'wakeAt': {
        this.#parts.timers.clear(this.#timer);
        const afterMs = Math.max(0, effect.atMs - this.#parts.clock.monotonicMs());
        this.#timer = this.#parts.timers.set(() => this.#event({ name: 'timer' }), afterMs);
        return;
      }
    }
  }

  #open(): void {
    this.#generation += 1;
    const generation = this.#generation;
    const isCurrent = (): boolean => generation === this.#generation;
    this.#socket = this.#dialer.open({
      opened: (channel) => {
        if (!isCurrent()) return;
        this.#channel = channel;
        this.#hello = helloOf(this.#parts.introduction(), randomBytes(32).toString('base64url'));
        this.#socket?.send(encode(this.#hello));
      },
      text: (text) => {
        if (isCurrent()) this.#take(text);
      },
      closed: (code, detail, retryAfterMs) => {
        if (!isCurrent()) return;
        this.#parts.log.info({ code, detail }, 'link closed');
        if (retryPolicyOf(code) !== 'backoff') this.#refusal = closeNameOf(code) ?? null;
        this.#event({
          name: 'closed',
          code,
          ...(retryAfterMs !== undefined && { retryAfterMs }),
        });
      },
    });
  }

  #take(text: string): void {
    try {
      this.#handle(this.#decode(text));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#parts.log.warn({ detail: error.message }, 'the collector broke the protocol');
      this.#socket?.close(error.close.code, error.close.reason);
    }
  }

  #prove(hello: AgentHello, challenge: Challenge): void {
    const { trust } = this.#parts;
    const { identity } = this.#parts.introduction();
    // Of a relay that was enrolled after the file was written: the authority vouches for its key.
    const key =
      trust.publicKey ?? (trust.relayOf === undefined ? undefined : this.#channel?.peerKey);
    if (key === undefined)
      throw new ProtocolError('wrongCollector', 'the listener shows no key that is vouched for');
    const proof = answerChallenge(hello, challenge, identity, {
      id: collectorIdOf(key),
      channel: this.#channel?.binding ?? '',
      hasSigned: (text, signature) => isSignedBy(key, text, signature),
    });
    this.#socket?.send(encode(proof));
  }

  #handle(message: ToAgent): void {
    if (message.type === 'challenge') {
      if (!this.#hello || this.isLive)
        throw new ProtocolError('badFrame', 'a challenge out of turn');
      this.#prove(this.#hello, message);
      return;
    }
    if (message.type === 'welcome') {
      if (this.isLive) throw new ProtocolError('badFrame', 'a second welcome');
      this.#refusal = null;
      this.#event({ name: 'welcome', intervalMs: message.intervalMs });
      this.#parts.listener.welcomed(message);
      return;
    }
    this.#event({ name: 'frame' });
    if (message.type === 'goodbye' && message.expectedReturnMs !== undefined) {
      this.#event({ name: 'comeBack', afterMs: message.expectedReturnMs });
    }
    this.#parts.listener.received(message);
  }
}
