import { HQ_PATH, HQ_SUBPROTOCOL } from '@ppe-pulse/protocol';
import type { LineFacts } from '../live/freshness.ts';
import { nothingSeen, takeFrame, type HqState } from './hq-state.ts';
import { readFrame } from './read-frame.ts';

const RECONNECT_BASE_MS = 500;
/** The relay is on this very PC: asking it often costs nobody anything. */
const RECONNECT_CAP_MS = 5_000;
/** A socket that is open and says nothing for this long is taken for dead. */
const SILENT_MS = 15_000;

/** What the client uses of the browser. */
export interface HqEnvironment {
  open(url: string, subprotocol: string): WebSocket;
  nowMs(): number;
  random(): number;
}

/** The Штаб page's end of the relay's socket: keeps the newest picture and tells who listens. */
export class HqClient {
  readonly #environment: HqEnvironment;
  readonly #url: string;
  readonly #listeners = new Set<() => void>();
  #state: HqState = nothingSeen;
  #line: LineFacts = { lastFrameMs: null, closedSinceMs: null };
  #socket: WebSocket | undefined;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  /** `origin` is the page's own, `http(s)://host:port`. */
  constructor(origin: string, environment: HqEnvironment) {
    this.#url = origin.replace(/^http/, 'ws') + HQ_PATH;
    this.#environment = environment;
  }

  get state(): HqState {
    return this.#state;
  }

  get line(): LineFacts {
    return this.#line;
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    this.#isStopped = false;
    this.#open();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#deadline);
    this.#socket?.close();
  }

  #open(): void {
    const socket = this.#environment.open(this.#url, HQ_SUBPROTOCOL);
    this.#socket = socket;
    this.#expect(socket);
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (socket === this.#socket) this.#take(event.data, socket);
    });
    socket.addEventListener('close', () => {
      if (socket === this.#socket) this.#closed();
    });
  }

  /** A half-open socket says nothing of its own: its time is over when nothing comes. */
  #expect(socket: WebSocket): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      if (socket !== this.#socket) return;
      socket.close();
      this.#closed();
    }, SILENT_MS);
  }

  #take(data: unknown, socket: WebSocket): void {
    const frame = readFrame(data);
    if (!frame) return;
    this.#attempt = 0;
    this.#expect(socket);
    this.#line = { lastFrameMs: this.#environment.nowMs(), closedSinceMs: null };
    this.#state = takeFrame(this.#state, frame);
    this.#tell();
  }

  #closed(): void {
    if (this.#isStopped) return;
    clearTimeout(this.#deadline);
    this.#socket = undefined;
    const closedSinceMs = this.#line.closedSinceMs ?? this.#environment.nowMs();
    this.#line = { ...this.#line, closedSinceMs };
    this.#tell();
    const ceilingMs = Math.min(
      RECONNECT_CAP_MS,
      RECONNECT_BASE_MS * 2 ** Math.min(this.#attempt, 8),
    );
    this.#attempt += 1;
    this.#retry = setTimeout(() => this.#open(), ceilingMs * this.#environment.random());
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
