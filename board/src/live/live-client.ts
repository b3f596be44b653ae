import {
  LIVE_PATH,
  LIVE_SUBPROTOCOL,
  PROTOCOL_VERSION,
  closeCodes,
  nothingKnown,
  reduceLive,
  type LiveState,
  type ToBoard,
} from '@ppe-pulse/protocol';
import type { LineFacts } from './freshness.ts';

const RECONNECT_BASE_MS = 1_000;
const RECONNECT_CAP_MS = 15_000;
/** A resync that is not answered is asked for again after this. */
const RESYNC_EVERY_MS = 2_000;
/** Frames of these types are ours; a newer collector may send others. */
const KNOWN = new Set(['hello', 'snapshot', 'delta', 'beat', 'error']);

/** Facts about the connection beside the picture. */
export interface LineState extends LineFacts {
  readonly frames: number;
  readonly resyncs: number;
  /** The collector does not know this browser any more. */
  readonly isRefused: boolean;
}

/** What the client uses of the browser. */
export interface LiveEnvironment {
  open(url: string, subprotocol: string): WebSocket;
  /** True when the collector refuses this browser's session. */
  isSignedOut(): Promise<boolean>;
  nowMs(): number;
  random(): number;
  /** A new board is served: the page is loaded again. */
  reload(): void;
}

/** The board's end of the live socket: keeps the picture and tells who listens. */
export class LiveClient {
  readonly #environment: LiveEnvironment;
  readonly #url: string;
  readonly #listeners = new Set<() => void>();
  #state: LiveState = nothingKnown;
  #line: LineState = {
    lastFrameMs: null,
    closedSinceMs: null,
    frames: 0,
    resyncs: 0,
    isRefused: false,
  };
  #socket: WebSocket | undefined;
  #attempt = 0;
  #resyncAskedMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  /** `origin` is the page's own, `http(s)://host:port`. */
  constructor(origin: string, environment: LiveEnvironment) {
    this.#url = origin.replace(/^http/, 'ws') + LIVE_PATH;
    this.#environment = environment;
  }

  get state(): LiveState {
    return this.#state;
  }

  get line(): LineState {
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
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #open(): void {
    const socket = this.#environment.open(this.#url, LIVE_SUBPROTOCOL);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION }));
    });
    socket.addEventListener('message', (event: MessageEvent<unknown>) => this.#take(event.data));
    socket.addEventListener('close', (event) => this.#closed(event.code));
  }

  #take(data: unknown): void {
    const frame = parse(data);
    if (!frame) return;
    this.#attempt = 0;
    this.#line = {
      ...this.#line,
      lastFrameMs: this.#environment.nowMs(),
      closedSinceMs: null,
      isRefused: false,
      frames: this.#line.frames + 1,
    };
    const knownBuild = this.#state.build;
    const { state, resync } = reduceSafely(this.#state, frame);
    this.#state = state;
    if (resync) this.#resync();
    if (frame.type === 'hello' && knownBuild !== null && knownBuild !== frame.build)
      this.#environment.reload();
    this.#tell();
  }

  #resync(): void {
    const nowMs = this.#environment.nowMs();
    if (nowMs - this.#resyncAskedMs < RESYNC_EVERY_MS) return;
    this.#resyncAskedMs = nowMs;
    this.#line = { ...this.#line, resyncs: this.#line.resyncs + 1 };
    this.#socket?.send(JSON.stringify({ type: 'resync', haveSeq: Math.max(0, this.#state.seq) }));
  }

  #closed(code: number): void {
    if (this.#isStopped) return;
    const closedSinceMs = this.#line.closedSinceMs ?? this.#environment.nowMs();
    this.#line = { ...this.#line, closedSinceMs };
    this.#tell();
    const ceilingMs = Math.min(
      RECONNECT_CAP_MS,
      RECONNECT_BASE_MS * 2 ** Math.min(this.#attempt, 10),
    );
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.#open(), ceilingMs * this.#environment.random());
    void this.#askWhetherSignedOut(code);
  }

  async #askWhetherSignedOut(code: number): Promise<void> {
    const isRefused =
      code === closeCodes.notAuthenticated.code || (await this.#environment.isSignedOut());
    if (isRefused === this.#line.isRefused) return;
    this.#line = { ...this.#line, isRefused };
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A frame that breaks the reducer is a collector's fault: the picture stays, and is asked for again. */
function reduceSafely(state: LiveState, frame: ToBoard): { state: LiveState; resync: boolean } {
  try {
    return reduceLive(state, frame);
  } catch {
    return { state, resync: true };
  }
}

function parse(data: unknown): ToBoard | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(data);
    const isOurs =
      typeof value === 'object' &&
      value !== null &&
      'type' in value &&
      KNOWN.has(String(value.type));
    // Our own collector's frames are trusted: a validator would need what the page's policy forbids.
    return isOurs ? (value as ToBoard) : undefined;
  } catch {
    return undefined;
  }
}
