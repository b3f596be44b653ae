import {
  LIVE_PATH,
  LIVE_SUBPROTOCOL,
  PROTOCOL_VERSION,
  SnapshotJoiner,
  nothingKnown,
  reduceLive,
  type LiveState,
  type ToBoard,
} from '@ppe-pulse/protocol';
import type { LineState, LiveSource } from './live-source.ts';
import { parseFrame } from './parse-frame.ts';

const RECONNECT_BASE_MS = 1_000;
const RECONNECT_CAP_MS = 15_000;
/** A resync that is not answered is asked for again after this. */
const RESYNC_EVERY_MS = 2_000;
/** The line is looked at in this rhythm. */
const WATCH_EVERY_MS = 5_000;
/**
 * A socket that said nothing for so long is given up, and so is one that does not open. A board only
 * listens: nothing else would ever tell it that the other end is gone.
 */
const SILENT_AFTER_MS = 20_000;

/** What the client uses of the browser. */
export interface LiveEnvironment {
  open(url: string, subprotocol: string): WebSocket;
  /** True when the collector refuses this browser's session. */
  isSignedOut(): Promise<boolean>;
  nowMs(): number;
  random(): number;
}

/** The board's end of the live socket: keeps the picture and tells who listens. */
export class LiveClient implements LiveSource {
  readonly #environment: LiveEnvironment;
  readonly #url: string;
  readonly #listeners = new Set<() => void>();
  #state: LiveState = nothingKnown;
  #line: LineState = {
    lastFrameMs: null,
    closedSinceMs: null,
    isRestored: false,
    frames: 0,
    resyncs: 0,
    isRefused: false,
  };
  #socket: WebSocket | undefined;
  #joiner = new SnapshotJoiner();
  /** When the socket was opened or last said something. */
  #heardMs = 0;
  #attempt = 0;
  #resyncAskedMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
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
    this.#watch = setInterval(() => this.#giveUpSilent(), WATCH_EVERY_MS);
    this.#open();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    this.#socket?.close();
  }

  /** Shows what an earlier page kept, `ageMs` old, unless the collector has already spoken. */
  restore(state: LiveState, ageMs: number): void {
    if (this.#state.seq >= 0) return;
    this.#state = { ...state, build: this.#state.build };
    const lastFrameMs = this.#environment.nowMs() - ageMs;
    this.#line = { ...this.#line, lastFrameMs, isRestored: true };
    this.#tell();
  }

  /** The computer slept, or its clock jumped: the picture is older than the monotonic clock says. */
  slept(ms: number): void {
    const { lastFrameMs } = this.#line;
    if (lastFrameMs === null) return;
    this.#line = { ...this.#line, lastFrameMs: lastFrameMs - ms };
    this.#tell();
  }

  /** The network is back, or somebody looks again: a wait between two attempts is over. */
  hurry(): void {
    if (this.#socket || this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#attempt = 0;
    this.#open();
  }

  #open(): void {
    const socket = this.#environment.open(this.#url, LIVE_SUBPROTOCOL);
    this.#socket = socket;
    this.#joiner = new SnapshotJoiner();
    this.#heardMs = this.#environment.nowMs();
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION }));
    });
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      // One that was given up may still hold frames: they belong to a line that is over.
      if (socket === this.#socket) this.#take(event.data);
    });
    socket.addEventListener('close', () => this.#closed(socket));
  }

  #take(data: unknown): void {
    const told = parseFrame(data);
    if (!told) return;
    const nowMs = this.#environment.nowMs();
    this.#attempt = 0;
    this.#heardMs = nowMs;
    const frame = this.#joiner.take(told);
    if (!frame) return;
    const { state, resync } = reduceSafely(this.#state, frame);
    const isPicture = !resync && isPictureOf(frame, state, this.#line);
    // A picture keeps its own moment until a newer one comes: its age counts from there.
    const { seq, serverTimeMs } = this.#state;
    this.#state = isPicture || seq < 0 ? state : { ...state, serverTimeMs };
    this.#line = {
      ...this.#line,
      ...(isPicture && { lastFrameMs: nowMs, isRestored: false }),
      closedSinceMs: null,
      isRefused: false,
      frames: this.#line.frames + 1,
    };
    if (resync) this.#resync();
    this.#tell();
  }

  #resync(): void {
    const nowMs = this.#environment.nowMs();
    if (nowMs - this.#resyncAskedMs < RESYNC_EVERY_MS) return;
    this.#resyncAskedMs = nowMs;
    this.#line = { ...this.#line, resyncs: this.#line.resyncs + 1 };
    this.#socket?.send(JSON.stringify({ type: 'resync', haveSeq: Math.max(0, this.#state.seq) }));
  }

  #giveUpSilent(): void {
    const socket = this.#socket;
    if (!socket || this.#environment.nowMs() - this.#heardMs <= SILENT_AFTER_MS) return;
    // On a dead line the browser waits for the other end's goodbye: nobody else does.
    socket.close();
    this.#closed(socket);
  }

  #closed(socket: WebSocket): void {
    if (this.#isStopped || socket !== this.#socket) return;
    this.#socket = undefined;
    const closedSinceMs = this.#line.closedSinceMs ?? this.#environment.nowMs();
    this.#line = { ...this.#line, closedSinceMs };
    this.#tell();
    const ceilingMs = Math.min(
      RECONNECT_CAP_MS,
      RECONNECT_BASE_MS * 2 ** Math.min(this.#attempt, 10),
    );
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.#open(), ceilingMs * this.#environment.random());
    void this.#askWhetherSignedOut();
  }

  async #askWhetherSignedOut(): Promise<void> {
    const isRefused = await this.#environment.isSignedOut();
    if (isRefused === this.#line.isRefused) return;
    this.#line = { ...this.#line, isRefused };
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/**
 * A hello or an error is no picture, nor is a frame that does not follow: what is shown stays as old as it
 * is. What was restored is believed again with a whole picture alone.
 */
function isPictureOf({ type }: ToBoard, { seq }: LiveState, { isRestored }: LineState): boolean {
  if (type === 'snapshot') return true;
  return seq >= 0 && isRestored !== true && (type === 'delta' || type === 'beat');
}

/** A frame that breaks the reducer is a collector's fault: the picture stays, and is asked for again. */
function reduceSafely(state: LiveState, frame: ToBoard): { state: LiveState; resync: boolean } {
  try {
    return reduceLive(state, frame);
  } catch {
    return { state, resync: true };
  }
}
