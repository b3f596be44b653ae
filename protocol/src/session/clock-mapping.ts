import type { Heartbeat } from '../messages/agent.ts';

/** A moment on both of the listener's clocks. */
export interface Moment {
  /** Wall clock, ms since 1970 UTC. */
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** The PC's clock moved against its wall clock by more than this: it slept, uncounted. */
const SLEPT_MS = 2_000;
/** A time further back than this is a clock that was never set. */
const HISTORY_MS = 90 * 86_400_000;
/** The smallest delay of so long counts: cheap clocks drift by 100 ppm, 60 ms in it. */
const WINDOW_MS = 600_000;
/** An offset that moved by more begins a new piece; heartbeats are ten times as far apart. */
const PIECE_MS = 100;
/**
 * The sender's word counts for this long before our own measure: what a frozen line or a stopped process
 * held up is no older. Beyond it the word is of a clock that stepped since.
 */
const HELD_UP_MS = 60_000;
/** Pieces that are remembered for a backlog; beyond it the oldest is forgotten. */
const MAX_PIECES = 32;

/** A stretch of the PC's clock that was put on ours with one offset. */
interface Piece {
  /** The newest heartbeat that was put so, by the PC's clock. */
  readonly untilMs: number;
  readonly offsetMs: number;
}

/**
 * Puts the heartbeats of one boot on the listener's clock. A frame can only be late, never early:
 * the smallest (taken − sent) of late is the offset plus the shortest one-way delay. Heartbeats of
 * this boot go by the monotonic clocks of both sides, so that a step of either wall clock moves
 * nothing, and keep their order when the offset becomes better known; those of earlier boots by what
 * their sender knows, else by their wall clock.
 */
export class ClockMapping {
  readonly bootId: string;
  /** Smallest offset of this window and of the one before, and the one that is used. */
  #windowStartMs = 0;
  #windowMs = Number.POSITIVE_INFINITY;
  #lastWindowMs = Number.POSITIVE_INFINITY;
  #offsetMs: number | null = null;
  /** The offset with which the present piece began. */
  #pieceOffsetMs = 0;
  #newestMs = 0;
  readonly #pieces: Piece[] = [];
  /** The newest heartbeat of this boot that was put, by its clock, and where on ours. */
  #put: { readonly monotonicMs: number; readonly oursMs: number } | null = null;
  #wallOffsetMs: number | null = null;
  #lastWallOffsetMs: number | null = null;
  /** The same of the last heartbeat that was not late: late ones come with ever smaller offsets. */
  #timelyWallOffsetMs: number | null = null;

  constructor(bootId: string) {
    this.bootId = bootId;
  }

  /** Learns from a live heartbeat taken at `taken`. */
  observe(frame: Heartbeat, taken: Moment): void {
    if (frame.delivery !== 'live' || frame.bootId !== this.bootId) return;
    const offsetMs = taken.monotonicMs - frame.monotonicMs;
    const wallOffsetMs = taken.wallMs - frame.wallMs;
    // A late frame is late on both clocks; a PC that slept is so on the monotonic one only.
    const hasSlept =
      this.#offsetMs !== null &&
      this.#timelyWallOffsetMs !== null &&
      offsetMs - this.#offsetMs > SLEPT_MS &&
      Math.abs(wallOffsetMs - this.#timelyWallOffsetMs) < SLEPT_MS / 2;
    if (hasSlept) this.#windowMs = this.#lastWindowMs = Number.POSITIVE_INFINITY;
    this.#learn(offsetMs, taken.monotonicMs);
    this.#newestMs = Math.max(this.#newestMs, frame.monotonicMs);
    this.#wallOffsetMs = Math.min(this.#wallOffsetMs ?? wallOffsetMs, wallOffsetMs);
    this.#lastWallOffsetMs = wallOffsetMs;
    if (this.#offsetMs === null || offsetMs - this.#offsetMs <= SLEPT_MS / 2)
      this.#timelyWallOffsetMs = wallOffsetMs;
  }

  /** When the heartbeat was produced, listener's wall clock; never after it was taken. */
  at(frame: Heartbeat, taken: Moment): number {
    return Math.max(
      taken.wallMs - HISTORY_MS,
      Math.min(taken.wallMs, this.#producedAt(frame, taken)),
    );
  }

  /** PC's wall clock minus the listener's, as of the newest live heartbeat; null before it. */
  get clockOffsetMs(): number | null {
    return this.#lastWallOffsetMs === null ? null : -this.#lastWallOffsetMs;
  }

  #learn(offsetMs: number, nowMs: number): void {
    if (nowMs - this.#windowStartMs >= WINDOW_MS) {
      this.#lastWindowMs = this.#windowMs;
      this.#windowMs = Number.POSITIVE_INFINITY;
      this.#windowStartMs = nowMs;
    }
    this.#windowMs = Math.min(this.#windowMs, offsetMs);
    const knownMs = this.#offsetMs;
    this.#offsetMs = Math.min(this.#windowMs, this.#lastWindowMs);
    if (knownMs === null) this.#pieceOffsetMs = this.#offsetMs;
    else if (Math.abs(this.#offsetMs - this.#pieceOffsetMs) > PIECE_MS) {
      this.#pieces.push({ untilMs: this.#newestMs, offsetMs: knownMs });
      if (this.#pieces.length > MAX_PIECES) this.#pieces.shift();
      this.#pieceOffsetMs = this.#offsetMs;
    }
  }

  #producedAt(frame: Heartbeat, taken: Moment): number {
    if (frame.bootId === this.bootId && this.#offsetMs !== null) {
      const ours = this.#onOurs(frame.monotonicMs, this.#offsetMs);
      const mappedMs = taken.wallMs - (taken.monotonicMs - ours);
      const saidMs = frame.producedAtMs ?? mappedMs;
      // The sender was nearer: it knows what waited in a line before the first timely frame came.
      // A relay spools for hours, and what it says is measured by its own ear.
      const isBelieved = frame.agentId !== undefined || mappedMs - saidMs <= HELD_UP_MS;
      const atMs = isBelieved ? Math.min(mappedMs, saidMs) : mappedMs;
      const aheadMs = taken.wallMs - taken.monotonicMs;
      return this.#inOrder(frame.monotonicMs, atMs - aheadMs) + aheadMs;
    }
    return frame.producedAtMs ?? frame.wallMs + (this.#wallOffsetMs ?? 0);
  }

  /** A word that comes with one heartbeat and not with its neighbour must not change their order. */
  #inOrder(monotonicMs: number, oursMs: number): number {
    const put = this.#put;
    if (put && monotonicMs <= put.monotonicMs) return Math.min(oursMs, put.oursMs);
    const inOrderMs = Math.max(oursMs, put?.oursMs ?? oursMs);
    this.#put = { monotonicMs, oursMs: inOrderMs };
    return inOrderMs;
  }

  /** A moment of the PC's monotonic clock on ours: later moments never come out earlier. */
  #onOurs(monotonicMs: number, offsetMs: number): number {
    let floorMs = Number.NEGATIVE_INFINITY;
    for (const piece of this.#pieces) {
      if (monotonicMs <= piece.untilMs) return Math.max(floorMs, monotonicMs + piece.offsetMs);
      floorMs = Math.max(floorMs, piece.untilMs + piece.offsetMs);
    }
    return Math.max(floorMs, monotonicMs + offsetMs);
  }
}
