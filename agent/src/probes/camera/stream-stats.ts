import { payloadKind, rtpHead } from './rtp.ts';
import type { VideoCodec } from './sdp.ts';
import type { FrameSize } from './sps.ts';

/** Numbers of one stream over the last window. */
export interface StreamNumbers {
  /** Undefined where frames are not told apart (HLS). */
  readonly fps?: number;
  readonly bytesPerSecond: number;
  /** Share of RTP packets that did not come. */
  readonly lossRatio: number;
  /** RFC 3550 interarrival jitter. */
  readonly jitterMs: number;
  /** Longest pause between frames of the window. */
  readonly maxGapMs: number;
  /** Mean bytes of key frames and of the others; undefined where there was none. */
  readonly keyBytes?: number;
  readonly otherBytes?: number;
}

/** What is true of a stream at a moment. */
export interface StreamSnapshot {
  /** The last whole window, undefined before the first. */
  readonly numbers?: StreamNumbers;
  /** Undefined before the first frame. */
  readonly lastFrameAgeMs?: number;
  readonly keyFrameAgeMs?: number;
  readonly size?: FrameSize;
  /** An audio packet has come; undefined where the transport does not tell. */
  readonly hasAudio?: boolean;
  readonly frames: number;
  /** A pause longer than this is a stall. */
  readonly stallAfterMs: number;
}

/** A window is at least this long; the first after PLAY is dropped: it has the burst of a key frame. */
const WINDOW_MS = 5_000;
const FIRST_WINDOW_MS = 1_000;
/** Frames come 15–25 times a second: a pause of this length is no hesitation. */
const STALL_MS = 3_500;
/** A packet that comes this far out of order is a restart of the numbering. */
const MAX_DISORDER = 3_000;

/** Folds packets of one stream into numbers. Time is given; nothing of a packet is kept. */
export class StreamStats {
  readonly #clockRate: number;
  readonly #codec: VideoCodec;
  #size: FrameSize | undefined;
  #windowStartMs: number | undefined;
  #isFirst = true;
  #bytes = 0;
  #frames = 0;
  #allFrames = 0;
  #received = 0;
  #highest: number | undefined;
  #windowBase = 0;
  #jitter = 0;
  #transit: number | undefined;
  #timestamp: number | undefined;
  #frameBytes = 0;
  #isKeyFrame = false;
  #keys = { count: 0, bytes: 0 };
  #others = { count: 0, bytes: 0 };
  #lastFrameMs: number | undefined;
  #lastKeyMs: number | undefined;
  #maxGapMs = 0;
  #hasAudio = false;
  #numbers: StreamNumbers | undefined;

  constructor(track: {
    readonly codec: VideoCodec;
    readonly clockRate: number;
    readonly size?: FrameSize;
  }) {
    this.#codec = track.codec;
    this.#clockRate = track.clockRate;
    this.#size = track.size;
  }

  /** One packet of the video track. */
  video(packet: Buffer, nowMs: number): void {
    const head = rtpHead(packet);
    if (!head) return;
    this.#roll(nowMs);
    this.#bytes += packet.length;
    this.#count(head.sequence);
    if (head.timestamp !== this.#timestamp) {
      this.#endFrame();
      this.#timestamp = head.timestamp;
      this.#delay(head.timestamp, nowMs);
      this.#beginFrame(nowMs);
    }
    const kind = payloadKind(this.#codec, packet, head);
    if (kind.isKey && !this.#isKeyFrame) {
      this.#isKeyFrame = true;
      this.#lastKeyMs = nowMs;
    }
    if (kind.size) this.#size = kind.size;
    this.#frameBytes += head.payloadEnd - head.payloadAt;
  }

  /** One packet of the audio track. Nothing in it is looked at. */
  audio(): void {
    this.#hasAudio = true;
  }

  snapshot(nowMs: number): StreamSnapshot {
    // A stream that stands still rolls no window by itself.
    this.#roll(nowMs);
    return {
      hasAudio: this.#hasAudio,
      frames: this.#allFrames,
      stallAfterMs: STALL_MS,
      ...(this.#numbers ? { numbers: this.#numbers } : {}),
      ...(this.#size ? { size: this.#size } : {}),
      ...(this.#lastFrameMs === undefined ? {} : { lastFrameAgeMs: nowMs - this.#lastFrameMs }),
      ...(this.#lastKeyMs === undefined ? {} : { keyFrameAgeMs: nowMs - this.#lastKeyMs }),
    };
  }

  #beginFrame(nowMs: number): void {
    if (this.#lastFrameMs !== undefined)
      this.#maxGapMs = Math.max(this.#maxGapMs, nowMs - this.#lastFrameMs);
    this.#lastFrameMs = nowMs;
    this.#frames += 1;
    this.#allFrames += 1;
  }

  #endFrame(): void {
    if (this.#timestamp === undefined) return;
    const kind = this.#isKeyFrame ? this.#keys : this.#others;
    kind.count += 1;
    kind.bytes += this.#frameBytes;
    this.#frameBytes = 0;
    this.#isKeyFrame = false;
  }

  /** Extends 16-bit numbers: forward through the overflow, back for late packets. */
  #count(sequence: number): void {
    this.#received += 1;
    if (this.#highest === undefined) {
      this.#highest = sequence;
      this.#windowBase = sequence - 1;
      return;
    }
    // Of the extended number only its 16 low bits are comparable with a packet's.
    const step = ((sequence - (this.#highest & 0xffff) + 32_768) & 0xffff) - 32_768;
    if (Math.abs(step) > MAX_DISORDER) {
      this.#highest = sequence;
      this.#windowBase = sequence - 1;
      this.#received = 1;
    } else if (step > 0) this.#highest += step;
  }

  #delay(timestamp: number, nowMs: number): void {
    const transit = nowMs - (timestamp * 1_000) / this.#clockRate;
    if (this.#transit !== undefined) {
      const change = Math.abs(transit - this.#transit);
      // A time stamp that wrapped or jumped says nothing of the way.
      if (change < 10_000) this.#jitter += (change - this.#jitter) / 16;
    }
    this.#transit = transit;
  }

  #roll(nowMs: number): void {
    if (this.#windowStartMs === undefined) {
      this.#windowStartMs = nowMs;
      return;
    }
    const passedMs = nowMs - this.#windowStartMs;
    if (passedMs < (this.#isFirst ? FIRST_WINDOW_MS : WINDOW_MS)) return;
    if (!this.#isFirst) this.#numbers = this.#windowNumbers(passedMs);
    this.#isFirst = false;
    this.#windowStartMs = nowMs;
    this.#bytes = 0;
    this.#frames = 0;
    this.#maxGapMs = 0;
    this.#received = 0;
    this.#windowBase = this.#highest ?? 0;
    this.#keys = { count: 0, bytes: 0 };
    this.#others = { count: 0, bytes: 0 };
  }

  #windowNumbers(passedMs: number): StreamNumbers {
    const expected = (this.#highest ?? 0) - this.#windowBase;
    const { count: keys, bytes: keyBytes } = this.#keys;
    const { count: others, bytes: otherBytes } = this.#others;
    return {
      fps: (this.#frames * 1_000) / passedMs,
      bytesPerSecond: (this.#bytes * 1_000) / passedMs,
      lossRatio: expected > 0 ? Math.max(0, 1 - this.#received / expected) : 0,
      jitterMs: this.#jitter,
      maxGapMs: this.#maxGapMs,
      ...(keys > 0 ? { keyBytes: keyBytes / keys } : {}),
      ...(others > 0 ? { otherBytes: otherBytes / others } : {}),
    };
  }
}
