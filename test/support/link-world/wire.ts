import type { PeerSocket } from '@ppe-pulse/protocol';
import type { VirtualWorld } from './virtual-world.ts';

/** A process that can be frozen: what happens to it then happens when it wakes. */
export class Host {
  readonly #world: VirtualWorld;
  #isFrozen = false;
  #lateTimers: (() => void)[] = [];
  readonly #lateInput: (() => void)[] = [];

  constructor(world: VirtualWorld) {
    this.#world = world;
  }

  timer(callback: () => void): void {
    if (this.#isFrozen) this.#lateTimers.push(callback);
    else callback();
  }

  input(callback: () => void): void {
    if (this.#isFrozen || this.#lateInput.length > 0) this.#lateInput.push(callback);
    else callback();
  }

  freeze(): void {
    this.#isFrozen = true;
  }

  /** As an event loop wakes: its timers first, then what lay in its sockets, which takes a while. */
  wake(): void {
    this.#isFrozen = false;
    const timers = this.#lateTimers;
    this.#lateTimers = [];
    for (const callback of timers) callback();
    this.#drain();
  }

  #drain(): void {
    this.#world.timers.set(() => {
      if (this.#isFrozen) return;
      this.#lateInput[0]?.();
      this.#lateInput.shift();
      if (this.#lateInput.length > 0) this.#drain();
    }, 0.5);
  }
}

/** The line of one PC: its delay, and whether anything passes. TCP keeps what a cut holds back. */
export class Line {
  isCut = false;
  readonly #world: VirtualWorld;
  readonly #delayMs: () => number;
  readonly #channels = new Set<Channel>();

  constructor(world: VirtualWorld, delayMs: () => number) {
    this.#world = world;
    this.#delayMs = delayMs;
  }

  channel(): Channel {
    const channel: Channel = new Channel(this, this.#world, this.#delayMs);
    this.#channels.add(channel);
    return channel;
  }

  heal(): void {
    this.isCut = false;
    for (const channel of this.#channels) channel.pump();
  }

  forget(channel: Channel): void {
    this.#channels.delete(channel);
  }
}

/** One direction of a connection: in order, late, held by a cut. */
export class Channel {
  readonly #line: Line;
  readonly #world: VirtualWorld;
  readonly #delayMs: () => number;
  readonly #waiting: { readonly dueMs: number; readonly deliver: () => void }[] = [];

  constructor(line: Line, world: VirtualWorld, delayMs: () => number) {
    this.#line = line;
    this.#world = world;
    this.#delayMs = delayMs;
  }

  send(deliver: () => void): void {
    const earliestMs = this.#waiting.at(-1)?.dueMs ?? 0;
    const dueMs = Math.max(earliestMs, this.#world.nowMs + this.#delayMs());
    this.#waiting.push({ dueMs, deliver });
    this.#world.at(dueMs, () => this.pump());
  }

  pump(): void {
    while (!this.#line.isCut && (this.#waiting[0]?.dueMs ?? Infinity) <= this.#world.nowMs)
      this.#waiting.shift()?.deliver();
  }

  end(): void {
    this.#line.forget(this);
  }
}

/** The accepting end of the whole net: who listens now. */
export interface Listener {
  readonly host: Host;
  accept(socket: PeerSocket): void;
}

/** What a client's socket tells its owner. */
export interface ClientHandlers {
  opened(): void;
  text(text: string): void;
  closed(code: number): void;
}

/** A client's socket and its other end at the listener. */
export class Connection {
  readonly #world: VirtualWorld;
  readonly #up: Channel;
  readonly #down: Channel;
  readonly #handlers: ClientHandlers;
  #isAbandoned = false;
  #server: ServerEnd | undefined;

  constructor(
    world: VirtualWorld,
    line: Line,
    handlers: ClientHandlers,
    listener: () => Listener | undefined,
  ) {
    this.#world = world;
    this.#up = line.channel();
    this.#down = line.channel();
    this.#handlers = handlers;
    this.#up.send(() => {
      const found = listener();
      if (!found) this.#closeClient(1006);
      else found.host.input(() => this.#accept(found));
    });
  }

  send(text: string): void {
    this.#up.send(() => this.#server?.receive(text));
  }

  /** The client ends it; the listener hears so when the line lets it through. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#up.send(() => {
      this.#server?.gone(1006);
      this.#up.end();
      this.#down.end();
    });
  }

  #accept(listener: Listener): void {
    const server = new ServerEnd(this.#world, listener.host, {
      text: (text) => this.#toClient(() => this.#handlers.text(text)),
      close: (code) => this.#closeClient(code),
    });
    this.#server = server;
    this.#toClient(() => this.#handlers.opened());
    listener.accept(server);
  }

  #toClient(deliver: () => void): void {
    this.#down.send(() => {
      if (!this.#isAbandoned) deliver();
    });
  }

  #closeClient(code: number): void {
    this.#toClient(() => {
      this.#isAbandoned = true;
      this.#handlers.closed(code);
      this.#up.send(() => this.#server?.gone(code));
    });
  }
}

/** The listener's end of a connection. */
class ServerEnd implements PeerSocket {
  readonly remote = '10.0.0.1';
  readonly channel = '';
  readonly #world: VirtualWorld;
  readonly #host: Host;
  readonly #client: { text(text: string): void; close(code: number): void };
  #onText: (text: string) => void = () => undefined;
  #onClose: (code: number) => void = () => undefined;
  #isClosing = false;
  #isClosed = false;

  constructor(
    world: VirtualWorld,
    host: Host,
    client: { text(text: string): void; close(code: number): void },
  ) {
    this.#world = world;
    this.#host = host;
    this.#client = client;
  }

  onText(handle: (text: string) => void): void {
    this.#onText = handle;
  }

  onClose(handle: (code: number) => void): void {
    this.#onClose = handle;
  }

  send(text: string): void {
    if (!this.#isClosing && !this.#isClosed) this.#client.text(text);
  }

  close(code: number): void {
    if (this.#isClosing || this.#isClosed) return;
    this.#isClosing = true;
    this.#client.close(code);
    // A peer that does not answer the close is cut.
    this.#world.at(this.#world.nowMs + 2_000, () => this.gone(code));
  }

  proven(): void {
    // Nobody counts strangers here.
  }

  receive(text: string): void {
    this.#host.input(() => {
      if (!this.#isClosed) this.#onText(text);
    });
  }

  gone(code: number): void {
    this.#host.input(() => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      this.#onClose(code);
    });
  }

  /** The process is dead: its system closes the socket. */
  die(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#client.close(1006);
  }
}
