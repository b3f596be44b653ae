import {
  nothingKnown,
  reduceLive,
  type LiveState,
  type RecordedFrame,
  type ReplayFrames,
  type ReplayGap,
  type ReplayMoment,
  type ReplaySpan,
} from '@ppe-pulse/protocol';
import type { ApiAnswer } from '../api/client.ts';
import { gapAt } from './timeline.ts';
import type { LineState, LiveSource } from '../live/live-source.ts';

/** Frames are applied at most so often, whatever the speed. */
export const TICK_MS = 250;
/** A gap is shown so long before the film goes on behind it. */
export const GAP_SHOWN_MS = 1_500;
/** So much of the watcher's time is fetched at once, and is there ahead. */
const CHUNK_MS = 8_000;
const AHEAD_MS = 6_000;
/** In time of the film. */
const CHUNK_LEAST_MS = 20_000;
const CHUNK_MOST_MS = 480_000;
/** A tab that slept does not leap: it goes on where it was. */
const LEAP_MS = 2_000;
/** At the end of a film that is still made it is asked so often whether it goes on. */
const END_ASK_MS = 2_000;

export const speeds = [1, 2, 5, 10, 30, 60] as const;
export type Speed = (typeof speeds)[number];

/** What the film shows now. */
export interface ReplayStatus {
  /** By the collector's clock. */
  readonly atMs: number;
  readonly speed: Speed;
  readonly isPlaying: boolean;
  readonly phase: 'loading' | 'shown' | 'gap' | 'end' | 'failed';
  /** That is shown instead of a picture. */
  readonly gap: ReplayGap | null;
  /** Why there is no picture: the token of the collector's refusal, empty for no answer at all. */
  readonly reason: string;
}

/** What the film uses of the page. */
export interface ReplayEnvironment {
  moment(atMs: number): Promise<ApiAnswer<ReplayMoment>>;
  frames(fromMs: number, toMs: number): Promise<ApiAnswer<ReplayFrames>>;
  /** Monotonic. */
  nowMs(): number;
}

/** The board's picture of another time: to pages it is what the live client is. */
export class ReplayClient implements LiveSource {
  readonly #environment: ReplayEnvironment;
  readonly #listeners = new Set<() => void>();
  #state: LiveState = nothingKnown;
  #status: ReplayStatus = {
    atMs: 0,
    speed: 1,
    isPlaying: false,
    phase: 'loading',
    gap: null,
    reason: '',
  };
  #line: LineState = {
    lastFrameMs: null,
    closedSinceMs: null,
    frames: 0,
    resyncs: 0,
    isRefused: false,
    heldAgeMs: 0,
  };
  /** Frames to come, the oldest first, from `#next` on. */
  #frames: readonly RecordedFrame[] = [];
  #next = 0;
  #bufferedToMs = 0;
  /** The first that is to come. */
  #gap: ReplayGap | null = null;
  #endMs = Number.POSITIVE_INFINITY;
  #endAskedMs = Number.NEGATIVE_INFINITY;
  #isFetching = false;
  /** Counts jumps: an answer to what was asked before one is of no use. */
  #jump = 0;
  #tickedMs = 0;
  #gapSinceMs = 0;
  #spans: readonly ReplaySpan[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(environment: ReplayEnvironment) {
    this.#environment = environment;
  }

  get state(): LiveState {
    return this.#state;
  }

  get line(): LineState {
    return this.#line;
  }

  get status(): ReplayStatus {
    return this.#status;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    this.#tickedMs = this.#environment.nowMs();
    this.#timer = setInterval(() => this.tick(), TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#jump += 1;
  }

  play(): void {
    this.#tickedMs = this.#environment.nowMs();
    this.#endAskedMs = Number.NEGATIVE_INFINITY;
    const isAtEnd = this.#status.phase === 'end';
    this.#set({ isPlaying: true, ...(isAtEnd && { phase: 'shown' as const }) });
    this.#fetchAhead();
  }

  pause(): void {
    this.#set({ isPlaying: false });
  }

  setSpeed(speed: Speed): void {
    this.#set({ speed });
    this.#fetchAhead();
  }

  /** What is recorded as far as the page knows: where a jump falls into a gap they tell which. */
  setSpans(spans: readonly ReplaySpan[]): void {
    this.#spans = spans;
  }

  /** Shows another moment; playing goes on from there. */
  async seek(atMs: number): Promise<void> {
    const jump = (this.#jump += 1);
    this.#isFetching = false;
    this.#set({ atMs, phase: 'loading', gap: null, reason: '' });
    const answer = await this.#environment.moment(atMs);
    if (jump !== this.#jump) return;
    if (answer.kind !== 'done') this.#showNone(atMs, answer);
    else this.#show(answer.value);
  }

  /** Goes on by the time that went by since the last tick. */
  tick(): void {
    const nowMs = this.#environment.nowMs();
    const elapsedMs = Math.min(LEAP_MS, nowMs - this.#tickedMs);
    this.#tickedMs = nowMs;
    const { phase, isPlaying, atMs, speed, gap } = this.#status;
    if (!isPlaying || phase === 'loading' || phase === 'failed') {
      this.#hold(atMs);
      return;
    }
    if (phase === 'gap') {
      if (gap && nowMs - this.#gapSinceMs >= GAP_SHOWN_MS) void this.seek(gap.toMs);
      return;
    }
    const wantedMs = atMs + elapsedMs * speed;
    if (this.#gap && wantedMs >= this.#gap.fromMs) this.#enter(this.#gap);
    else this.#go(Math.min(wantedMs, this.#bufferedToMs));
  }

  #go(toMs: number): void {
    if (!this.#apply(toMs)) {
      this.#set({ phase: 'failed', reason: 'damagedRecord', isPlaying: false });
      return;
    }
    this.#hold(toMs);
    const isOver = toMs >= this.#endMs && this.#bufferedToMs >= this.#endMs;
    const hasAsked = this.#environment.nowMs() - this.#endAskedMs < END_ASK_MS;
    if (isOver && hasAsked && !this.#isFetching)
      this.#set({ atMs: toMs, phase: 'end', isPlaying: false });
    else this.#set({ atMs: toMs });
    this.#fetchAhead();
  }

  #enter(gap: ReplayGap): void {
    this.#apply(gap.fromMs);
    this.#gapSinceMs = this.#environment.nowMs();
    this.#set({ atMs: gap.fromMs, phase: 'gap', gap });
  }

  /** False when a frame does not follow the one before. */
  #apply(toMs: number): boolean {
    for (;;) {
      const item = this.#frames[this.#next];
      if (!item || item.atMs > toMs) return true;
      this.#next += 1;
      const { state, resync } = reduceLive(this.#state, item.frame);
      if (resync) return false;
      this.#state = state;
      this.#line = { ...this.#line, frames: this.#line.frames + 1 };
    }
  }

  /** Ages count from the moment that is shown. */
  #hold(atMs: number): void {
    const heldAgeMs = Math.max(0, atMs - this.#state.serverTimeMs);
    this.#line = {
      ...this.#line,
      heldAgeMs,
      lastFrameMs: this.#environment.nowMs() - heldAgeMs,
    };
  }

  #show({ atMs, snapshot, endedIncidents }: ReplayMoment): void {
    this.#state = reduceLive({ ...nothingKnown, endedIncidents }, snapshot).state;
    this.#line = { ...this.#line, frames: this.#line.frames + 1 };
    this.#frames = [];
    this.#next = 0;
    this.#bufferedToMs = atMs;
    this.#gap = null;
    this.#endMs = Number.POSITIVE_INFINITY;
    this.#tickedMs = this.#environment.nowMs();
    this.#hold(atMs);
    this.#set({ atMs, phase: 'shown' });
    this.#fetchAhead();
  }

  #showNone(atMs: number, answer: Exclude<ApiAnswer<ReplayMoment>, { kind: 'done' }>): void {
    const gap = gapAt(this.#spans, atMs);
    const reason = answer.kind === 'failed' ? (answer.reason ?? '') : 'notSignedIn';
    this.#gapSinceMs = this.#environment.nowMs();
    if (reason === 'notRecorded' && gap) this.#set({ phase: 'gap', gap });
    else this.#set({ phase: 'failed', reason, isPlaying: false });
  }

  #fetchAhead(): void {
    const { speed, atMs, phase } = this.#status;
    if (this.#isFetching || this.#gap || phase === 'loading' || phase === 'failed') return;
    const aheadMs = Math.max(CHUNK_LEAST_MS / 2, speed * AHEAD_MS);
    if (this.#bufferedToMs - atMs > aheadMs) return;
    const nowMs = this.#environment.nowMs();
    if (this.#bufferedToMs >= this.#endMs) {
      if (nowMs - this.#endAskedMs < END_ASK_MS) return;
      this.#endAskedMs = nowMs;
    }
    void this.#fetch(Math.min(CHUNK_MOST_MS, Math.max(CHUNK_LEAST_MS, speed * CHUNK_MS)));
  }

  async #fetch(chunkMs: number): Promise<void> {
    const jump = this.#jump;
    this.#isFetching = true;
    const fromMs = this.#bufferedToMs;
    const answer = await this.#environment.frames(fromMs, fromMs + chunkMs);
    if (jump !== this.#jump) return;
    this.#isFetching = false;
    if (answer.kind !== 'done') {
      const reason = answer.kind === 'failed' ? (answer.reason ?? '') : 'notSignedIn';
      // What is there can still be looked at to its end.
      if (this.#status.atMs >= this.#bufferedToMs)
        this.#set({ phase: 'failed', reason, isPlaying: false });
      return;
    }
    const { items, gaps, toMs, endMs } = answer.value;
    const [gap] = gaps;
    this.#gap = gap ?? null;
    // Behind a gap the film begins anew: that is asked for when it is there.
    const usable = gap ? items.filter(({ atMs }) => atMs <= gap.fromMs) : items;
    this.#frames = [...this.#frames.slice(this.#next), ...usable];
    this.#next = 0;
    this.#bufferedToMs = gap ? gap.fromMs : toMs;
    this.#endMs = endMs;
  }

  #set(part: Partial<ReplayStatus>): void {
    this.#status = { ...this.#status, ...part };
    for (const listener of this.#listeners) listener();
  }
}
