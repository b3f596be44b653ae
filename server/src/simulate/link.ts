import type { Agent } from 'node:https';
import {
  AGENT_PATH,
  AGENT_SUBPROTOCOL,
  answerChallenge,
  closeCodes,
  encode,
  helloOf,
  limits,
  linkAtStart,
  ProtocolError,
  stepLink,
  type AgentHello,
  type Goodbye,
  type Introduction,
  type LinkEffect,
  type LinkEvent,
  type LinkState,
  type PinnedCollector,
  type Timers,
  type ToAgent,
  type Welcome,
} from '@ppe-pulse/protocol';
import type { Decode } from '@ppe-pulse/protocol/codec';
import { channelOf } from '../access/channel.ts';
import { SocketClient } from '../sockets.ts';
import { freshNonce } from './identity.ts';

/** What a link tells its owner. */
export interface LinkListener {
  /** The collector's socket is open: one connect from its point of view. */
  opened(): void;
  welcomed(welcome: Welcome): void;
  /** Frames after the welcome. */
  received(message: Exclude<ToAgent, Welcome | { type: 'challenge' }>): void;
  /** It was live and is not any more; `byUs` when the simulator itself ended or cut it. */
  lost(byUs: boolean): void;
}

/** What links share. */
export interface LinkParts {
  /** ws(s)://host:port */
  readonly url: string;
  /** With wss: how the collector is known, and sessions that are taken up again. */
  readonly secureAgent: Agent | undefined;
  readonly pinned: Omit<PinnedCollector, 'channel'>;
  readonly timers: Timers;
  readonly monotonicMs: () => number;
  readonly random: () => number;
  readonly decode: Decode<ToAgent>;
  /** Why a socket did not open or ended, for counters. */
  readonly closed: (code: number) => void;
}

/** Frames of each direction that a cut line holds; more are lost and sent again by the journal. */
const HELD_FRAMES = 1_000;

/**
 * The connection of one simulated agent or relay: the machine that real agents run, on a real
 * socket that can also be cut, hang and be killed.
 */
export class SimulatedLink {
  readonly #parts: LinkParts;
  readonly #introduction: () => Introduction;
  readonly #listener: LinkListener;
  #state: LinkState = { name: 'stopped' };
  #channel = '';
  #socket: SocketClient | undefined;
  #hello: AgentHello | undefined;
  #isCut = false;
  /** What a cut line holds back, as TCP does: it arrives when the line heals while it is still live. */
  #heldOut: string[] = [];
  #heldIn: string[] = [];
  #heldClose: number | undefined;
  /** When the machine wants to be asked; the timer may be set to something earlier. */
  #wakeAtMs = Number.POSITIVE_INFINITY;
  #timer: { readonly id: unknown; readonly atMs: number } | undefined;

  constructor(parts: LinkParts, introduction: () => Introduction, listener: LinkListener) {
    this.#parts = parts;
    this.#introduction = introduction;
    this.#listener = listener;
  }

  get isLive(): boolean {
    return this.#state.name === 'live';
  }

  get isStopped(): boolean {
    return this.#state.name === 'stopped';
  }

  get bufferedBytes(): number {
    return this.#isCut ? 0 : (this.#socket?.bufferedAmount ?? 0);
  }

  start(): void {
    if (!this.isStopped) return;
    // What hung since a power cut ends now, as the collector's own keep-alive would end it.
    this.#drop();
    this.#state = linkAtStart;
    this.#event({ name: 'start' });
  }

  /** Sends a frame; true when the agent may believe it sent. */
  send(frame: string): boolean {
    if (!this.isLive || !this.#socket) return false;
    if (this.#isCut) hold(this.#heldOut, frame);
    else if (this.#socket.readyState === SocketClient.OPEN) this.#socket.send(frame);
    return true;
  }

  /** Cuts or heals the line: no frame passes, and nobody is told. */
  cut(isCut: boolean): void {
    if (this.#isCut === isCut) return;
    this.#isCut = isCut;
    if (isCut) return;
    const [out, received, code] = [this.#heldOut, this.#heldIn, this.#heldClose];
    this.#forgetHeld();
    for (const frame of out) this.send(frame);
    for (const text of received) if (this.#socket) this.#take(text);
    if (code !== undefined) this.#closed(code);
  }

  /** Leaves with a word. */
  leave(goodbye: Pick<Goodbye, 'reason' | 'expectedReturnMs'>): void {
    this.send(encode({ type: 'goodbye', ...goodbye }));
    this.#end(() => this.#event({ name: 'stop' }));
  }

  /** The process is gone: the system closes its socket. */
  kill(): void {
    this.#end(() => this.#drop());
  }

  /** The power is gone: the socket hangs, the collector is told nothing. */
  hang(): void {
    this.#end(() => this.#socket?.removeAllListeners('message'));
  }

  #end(how: () => void): void {
    const wasLive = this.isLive;
    how();
    this.#state = { name: 'stopped' };
    this.#parts.timers.clear(this.#timer?.id);
    this.#timer = undefined;
    if (wasLive) this.#listener.lost(true);
  }

  #event(event: LinkEvent): void {
    const wasLive = this.isLive;
    const step = stepLink(this.#state, event, this.#parts.monotonicMs(), this.#parts.random());
    this.#state = step.state;
    for (const effect of step.effects) this.#do(effect);
    if (wasLive && !this.isLive && event.name !== 'stop') this.#listener.lost(this.#isCut);
  }

  #do(effect: LinkEffect): void {
    switch (effect.do) {
      case 'open':
        // A cut line answers nothing: the handshake's deadline ends the try.
        if (!this.#isCut) this.#open();
        return;
      case 'close': {
        const { code, reason } = closeCodes[effect.why];
        if (effect.why === 'normal' && !this.#isCut) this.#socket?.close(code, reason);
        else this.#drop();
        return;
      }
      case 'wakeAt':
        this.#wakeAt(effect.atMs);
        return;
    }
  }

  /** Each frame moves the deadline on; the timer is set anew only when it fires too early. */
  #wakeAt(atMs: number): void {
    this.#wakeAtMs = atMs;
    if (this.#timer && this.#timer.atMs <= atMs) return;
    this.#parts.timers.clear(this.#timer?.id);
    const id = this.#parts.timers.set(() => {
      this.#timer = undefined;
      if (this.#parts.monotonicMs() < this.#wakeAtMs) this.#wakeAt(this.#wakeAtMs);
      else this.#event({ name: 'timer' });
    }, atMs - this.#parts.monotonicMs());
    this.#timer = { id, atMs };
  }

  #open(): void {
    const socket = new SocketClient(new URL(AGENT_PATH, this.#parts.url), AGENT_SUBPROTOCOL, {
      perMessageDeflate: false,
      maxPayload: limits.collectorFrameBytes,
      handshakeTimeout: limits.handshakeMs,
      followRedirects: false,
      ...(this.#parts.secureAgent && { agent: this.#parts.secureAgent }),
    });
    this.#socket = socket;
    this.#channel = '';
    socket.on('upgrade', (response) => {
      if (isOurs()) this.#channel = channelOf(response.socket);
    });
    socket.binaryType = 'nodebuffer';
    // What an earlier socket says late is not heard.
    const isOurs = (): boolean => socket === this.#socket;
    socket.on('open', () => {
      if (!isOurs() || this.#isCut || this.isStopped) return;
      this.#listener.opened();
      this.#hello = helloOf(this.#introduction(), freshNonce());
      socket.send(encode(this.#hello));
    });
    socket.on('message', (data, isBinary) => {
      if (!isOurs() || isBinary || !Buffer.isBuffer(data)) return;
      const text = data.toString('utf8');
      if (this.#isCut) hold(this.#heldIn, text);
      else this.#take(text);
    });
    // The close event follows every error and counts it.
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      if (!isOurs()) return;
      if (this.#isCut) this.#heldClose = code;
      else this.#closed(code);
    });
  }

  #closed(code: number): void {
    this.#parts.closed(code);
    this.#event({ name: 'closed', code });
  }

  #forgetHeld(): void {
    this.#heldOut = [];
    this.#heldIn = [];
    this.#heldClose = undefined;
  }

  #take(text: string): void {
    try {
      this.#handle(this.#parts.decode(text));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#socket?.close(error.close.code, error.close.reason);
    }
  }

  #handle(message: ToAgent): void {
    if (message.type === 'challenge') {
      if (!this.#hello || this.isLive)
        throw new ProtocolError('badFrame', 'a challenge out of turn');
      const { identity } = this.#introduction();
      const pinned = { ...this.#parts.pinned, channel: this.#channel };
      const proof = answerChallenge(this.#hello, message, identity, pinned);
      this.#socket?.send(encode(proof));
      return;
    }
    if (message.type === 'welcome') {
      if (this.isLive) throw new ProtocolError('badFrame', 'a second welcome');
      this.#event({ name: 'welcome', intervalMs: message.intervalMs });
      this.#listener.welcomed(message);
      return;
    }
    this.#event({ name: 'frame' });
    if (message.type === 'goodbye' && message.expectedReturnMs !== undefined)
      this.#event({ name: 'comeBack', afterMs: message.expectedReturnMs });
    this.#listener.received(message);
  }

  /** Ends the socket without a word, whatever it was doing. */
  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#forgetHeld();
    socket?.terminate();
  }
}

function hold(held: string[], frame: string): void {
  if (held.length < HELD_FRAMES) held.push(frame);
}
