/** Sums of frames over some seconds. */
export interface FrameNumbers {
  readonly fps: number;
  readonly bytesPerSecond: number;
  /** Share of packets that did not come; undefined where there are no numbered packets. */
  readonly lossRatio?: number;
  /** Longest pause between frames. */
  readonly maxGapMs: number;
  /** How long these seconds were. */
  readonly spanMs: number;
  /** Key frames that came whole; undefined when there was none for long. */
  readonly keys?: KeyFrames;
  /** Mean bytes of the other frames that came whole. */
  readonly otherBytes?: number;
}

export interface KeyFrames {
  /** In these seconds; 0 when only an older one is known. */
  readonly count: number;
  readonly meanBytes: number;
  readonly minBytes: number;
  readonly maxBytes: number;
}

/** A frame on the clock of this PC, and on its own where it has one. */
interface Moment {
  readonly nowMs: number;
  readonly mediaMs: number | undefined;
}

interface Sums {
  readonly sinceMs: number;
  first: Moment | undefined;
  frames: number;
  bytes: number;
  maxGapMs: number;
  received: number;
  expected: number;
  readonly keyBytes: number[];
  others: number;
  otherBytes: number;
}

/** Frames come 15–25 times a second: a pause of this length is no hesitation. */
export const STALL_MS = 3_500;
const WINDOW_MS = 5_000;
/** What comes first after PLAY is a burst: the server's buffer and a key frame. */
const FIRST_WINDOW_MS = 1_000;
/** A camera's clock that is further off than delays could make it is wrong. */
const MEDIA_CLOCK_SHARE = 0.15;
/** A window of 5 s has a dozen key frames at most; Motion-JPEG has only such, 60 a second. */
const MAX_KEYS = 400;

/**
 * Folds frames into numbers of the last 5–10 seconds: the last whole window and the present one. The
 * first second is dropped. Time is given; nothing of a frame is kept.
 */
export class FrameTally {
  #previous: Sums | undefined;
  #current: Sums | undefined;
  #isFirst = true;
  #last: Moment | undefined;
  #lastKey: KeyFrames | undefined;

  /** Bytes as they come, frames and what is around them. */
  bytes(count: number, nowMs: number): void {
    this.#now(nowMs).bytes += count;
  }

  /** Numbered packets: how many came and how many should have. */
  packets(received: number, expected: number, nowMs: number): void {
    const sums = this.#now(nowMs);
    sums.received += received;
    sums.expected += expected;
  }

  /**
   * A frame begins; `mediaMs` is its time on the camera's own clock. After a stall counting starts
   * anew: what was held back comes at once.
   */
  frame(nowMs: number, mediaMs?: number): void {
    const gapMs = nowMs - (this.#last?.nowMs ?? nowMs);
    this.#last = { nowMs, mediaMs };
    if (gapMs > STALL_MS) this.#restart();
    const sums = this.#now(nowMs);
    sums.frames += 1;
    sums.first ??= this.#last;
    sums.maxGapMs = Math.max(sums.maxGapMs, gapMs);
  }

  /** A frame has come whole. */
  size(bytes: number, isKey: boolean, nowMs: number): void {
    const sums = this.#now(nowMs);
    if (isKey) {
      if (sums.keyBytes.length < MAX_KEYS) sums.keyBytes.push(bytes);
      this.#lastKey = { count: 0, meanBytes: bytes, minBytes: bytes, maxBytes: bytes };
    } else {
      sums.others += 1;
      sums.otherBytes += bytes;
    }
  }

  /** Undefined until the first whole window. */
  numbers(nowMs: number): FrameNumbers | undefined {
    // A stream that stands still begins no window by itself.
    if (this.#current) this.#now(nowMs);
    const [before, now] = [this.#previous, this.#current];
    if (!before || !now) return undefined;
    const spanMs = nowMs - before.sinceMs;
    const expected = before.expected + now.expected;
    const others = before.others + now.others;
    const keys = keysOf([...before.keyBytes, ...now.keyBytes]) ?? this.#lastKey;
    return {
      fps: this.#fps(before, now, spanMs),
      bytesPerSecond: ((before.bytes + now.bytes) * 1_000) / spanMs,
      maxGapMs: Math.max(before.maxGapMs, now.maxGapMs),
      spanMs,
      ...(expected > 0
        ? { lossRatio: Math.max(0, 1 - (before.received + now.received) / expected) }
        : {}),
      ...(keys ? { keys } : {}),
      ...(others > 0 ? { otherBytes: (before.otherBytes + now.otherBytes) / others } : {}),
    };
  }

  /** From frame to frame; a pause at the end counts in full. */
  #fps(before: Sums, now: Sums, spanMs: number): number {
    const frames = before.frames + now.frames;
    const overSpan = (frames * 1_000) / spanMs;
    const [first, last] = [before.first ?? now.first, this.#last];
    if (!first || !last || frames < 2) return overSpan;
    const between = ((frames - 1) * 1_000) / betweenMs(first, last);
    return Number.isFinite(between) ? Math.min(overSpan, between) : overSpan;
  }

  #restart(): void {
    this.#previous = undefined;
    this.#current = undefined;
    this.#isFirst = true;
  }

  /** The window of this moment. */
  #now(nowMs: number): Sums {
    const current = (this.#current ??= emptySums(nowMs));
    const lengthMs = this.#isFirst ? FIRST_WINDOW_MS : WINDOW_MS;
    if (nowMs - current.sinceMs < lengthMs) return current;
    if (!this.#isFirst) this.#previous = current;
    this.#isFirst = false;
    this.#current = emptySums(nowMs);
    return this.#current;
  }
}

/** The camera's clock knows nothing of delays on the way; where it is wrong, the PC's must do. */
function betweenMs(first: Moment, last: Moment): number {
  const passedMs = last.nowMs - first.nowMs;
  const mediaMs = (last.mediaMs ?? Number.NaN) - (first.mediaMs ?? Number.NaN);
  return Math.abs(mediaMs / passedMs - 1) < MEDIA_CLOCK_SHARE ? mediaMs : passedMs;
}

function emptySums(sinceMs: number): Sums {
  return {
    sinceMs,
    first: undefined,
    frames: 0,
    bytes: 0,
    maxGapMs: 0,
    received: 0,
    expected: 0,
    keyBytes: [],
    others: 0,
    otherBytes: 0,
  };
}

function keysOf(sizes: readonly number[]): KeyFrames | undefined {
  if (sizes.length === 0) return undefined;
  return {
    count: sizes.length,
    meanBytes: sizes.reduce((sum, each) => sum + each, 0) / sizes.length,
    minBytes: Math.min(...sizes),
    maxBytes: Math.max(...sizes),
  };
}
