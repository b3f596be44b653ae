import { FrameTally, STALL_MS, type FrameNumbers } from './frame-tally.ts';
import { payloadKind, rtpHead, type RtpHead } from './rtp.ts';
import type { VideoCodec } from './sdp.ts';
import type { FrameSize } from './sps.ts';

/** Numbers of one stream over the last seconds. */
export interface StreamNumbers extends Partial<FrameNumbers> {
  readonly bytesPerSecond: number;
  /** RFC 3550 interarrival jitter, where packets have time stamps. */
  readonly jitterMs?: number;
}

/** What is true of a stream at a moment. */
export interface StreamSnapshot {
  /** The last whole window and the present one, undefined before the first. */
  readonly numbers?: StreamNumbers;
  /** Undefined before the first frame. */
  readonly lastFrameAgeMs?: number;
  readonly keyFrameAgeMs?: number;
  readonly codec?: VideoCodec;
  readonly size?: FrameSize;
  /** Sound comes now; undefined where the transport does not tell, and while it may still come. */
  readonly hasAudio?: boolean;
  /** A pause longer than this is a stall. */
  readonly stallAfterMs: number;
}

/** The video track as the camera described it. */
export interface VideoTrack {
  readonly codec?: VideoCodec;
  readonly clockRate: number;
  /** RTP payload type; packets of another are not this track's. */
  readonly payloadType: number;
  readonly size?: FrameSize;
}

/** A packet that comes this far out of order is a restart of the numbering. */
const MAX_DISORDER = 3_000;
/** Another source takes over when the one that was first has been silent for so long. */
const SOURCE_SILENT_MS = 1_000;
/** Sound comes 10–50 times a second. */
const AUDIO_MS = 5_000;

/** Folds packets of one stream into numbers. Time is given; nothing of a packet is kept. */
export class StreamStats {
  readonly #track: VideoTrack;
  readonly #tally = new FrameTally();
  #size: FrameSize | undefined;
  #source: number | undefined;
  #sourceMs = 0;
  #highest: number | undefined;
  #mediaMs = 0;
  #jitter = 0;
  #transit: number | undefined;
  #frame:
    | { readonly timestamp: number; bytes: number; isKey: boolean; isWhole: boolean }
    | undefined;
  #lastFrameMs: number | undefined;
  #lastKeyMs: number | undefined;
  #audioSinceMs: number | undefined;
  #lastAudioMs: number | undefined;

  constructor(track: VideoTrack) {
    this.#track = track;
    this.#size = track.size;
  }

  /** One packet of the video track. Packets of other types and sources are left out. */
  video(packet: Buffer, nowMs: number): void {
    const head = rtpHead(packet);
    if (!head || head.payloadType !== this.#track.payloadType) return;
    if (!this.#isOfSource(head.source, nowMs)) return;
    this.#tally.bytes(packet.length, nowMs);
    const step = this.#count(head.sequence, nowMs);
    // A packet that was overtaken belongs to a frame that is over, or has nothing new to say.
    if (step <= 0) return;
    if (step > 1 && this.#frame) this.#frame.isWhole = false;
    if (head.timestamp !== this.#frame?.timestamp) {
      this.#endFrame(nowMs);
      this.#beginFrame(head.timestamp, step === 1, nowMs);
    }
    this.#piece(packet, head, nowMs);
  }

  /** The camera was asked for sound as well. */
  expectAudio(nowMs: number): void {
    this.#audioSinceMs = nowMs;
  }

  /** One packet of the audio track. Nothing in it is looked at. */
  audio(packet: Buffer, nowMs: number): void {
    if (rtpHead(packet)) this.#lastAudioMs = nowMs;
  }

  snapshot(nowMs: number): StreamSnapshot {
    const numbers = this.#tally.numbers(nowMs);
    const hasAudio = this.#hasAudio(nowMs);
    return {
      stallAfterMs: STALL_MS,
      ...(numbers ? { numbers: { ...numbers, jitterMs: this.#jitter } } : {}),
      ...(this.#track.codec ? { codec: this.#track.codec } : {}),
      ...(this.#size ? { size: this.#size } : {}),
      ...(hasAudio === undefined ? {} : { hasAudio }),
      ...(this.#lastFrameMs === undefined ? {} : { lastFrameAgeMs: nowMs - this.#lastFrameMs }),
      ...(this.#lastKeyMs === undefined ? {} : { keyFrameAgeMs: nowMs - this.#lastKeyMs }),
    };
  }

  #hasAudio(nowMs: number): boolean | undefined {
    if (this.#audioSinceMs === undefined) return false;
    if (nowMs - (this.#lastAudioMs ?? Number.NEGATIVE_INFINITY) <= AUDIO_MS) return true;
    return nowMs - this.#audioSinceMs <= AUDIO_MS ? undefined : false;
  }

  /** The first source is the camera. A camera that was restarted is another one. */
  #isOfSource(source: number, nowMs: number): boolean {
    if (this.#source !== source) {
      if (this.#source !== undefined && nowMs - this.#sourceMs < SOURCE_SILENT_MS) return false;
      this.#source = source;
      this.#highest = undefined;
      this.#transit = undefined;
    }
    this.#sourceMs = nowMs;
    return true;
  }

  #beginFrame(timestamp: number, isWhole: boolean, nowMs: number): void {
    const before = this.#frame?.timestamp ?? timestamp;
    // Through the overflow of 32 bits, forwards and backwards.
    this.#mediaMs += (((timestamp - before) | 0) * 1_000) / this.#track.clockRate;
    this.#frame = { timestamp, bytes: 0, isKey: false, isWhole };
    this.#delay(nowMs);
    this.#tally.frame(nowMs, this.#mediaMs);
    this.#lastFrameMs = nowMs;
  }

  #endFrame(nowMs: number): void {
    const ended = this.#frame;
    if (ended?.isWhole) this.#tally.size(ended.bytes, ended.isKey, nowMs);
  }

  #piece(packet: Buffer, head: RtpHead, nowMs: number): void {
    if (!this.#frame) return;
    this.#frame.bytes += head.payloadEnd - head.payloadAt;
    if (!this.#track.codec) return;
    const kind = payloadKind(this.#track.codec, packet, head);
    if (kind.isKey) {
      this.#frame.isKey = true;
      this.#lastKeyMs = nowMs;
    }
    if (kind.size) this.#size = kind.size;
  }

  /** Counts what came and what should have; answers how far forward the numbering went. */
  #count(sequence: number, nowMs: number): number {
    const known = this.#highest;
    // Through the overflow of 16 bits the shorter way is the right one.
    const step = known === undefined ? 1 : ((sequence - known + 32_768) & 0xffff) - 32_768;
    const isRestart = Math.abs(step) > MAX_DISORDER;
    if (isRestart || step > 0) this.#highest = sequence;
    const forward = isRestart ? 1 : step;
    this.#tally.packets(1, Math.max(0, forward), nowMs);
    return forward;
  }

  #delay(nowMs: number): void {
    const transit = nowMs - this.#mediaMs;
    if (this.#transit !== undefined) {
      const change = Math.abs(transit - this.#transit);
      // A time stamp that jumped says nothing of the way.
      if (change < 10_000) this.#jitter += (change - this.#jitter) / 16;
    }
    this.#transit = transit;
  }
}
