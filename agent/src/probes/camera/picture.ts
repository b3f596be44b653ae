import type { CameraFacts } from '@ppe-pulse/protocol';
import type { KeyFrames } from './frame-tally.ts';
import type { StreamNumbers } from './stream-stats.ts';
import type { FrameSize } from './sps.ts';
import type { VideoCodec } from './sdp.ts';

/**
 * Key frames of a live sensor are never of one size: its noise moves them by 0.2 % and more. Those of
 * a frozen picture differ by some bits of their heads.
 */
const SAME_SHARE = 0.0005;
const SAME_BYTES = 8;
const KEYS_TO_COMPARE = 3;
/** An encoder spends next to nothing on a picture that does not change (measured: 56–101 B, 261 B of 300 kB). */
const STILL_BYTES = 200;
const STILL_SHARE = 0.03;
const SURELY_STILL_SHARE = 0.01;
/**
 * Bytes a pixel of a key frame of one colour. Measured of a black picture and of a test card: H.264
 * 0.0031–0.0033 and 0.0046–0.0075, H.265 0.0012 and 0.027, JPEG 0.007–0.016 and 0.02–0.04.
 */
const PLAIN_BYTES_PER_PIXEL: Readonly<Record<VideoCodec, number>> = {
  h264: 0.0038,
  h265: 0.002,
  jpeg: 0.018,
};
/** The suspicion must last: people sit still for a moment. */
export const STILL_MS = 10_000;
/** With `confirm` the picture is looked at so often in any case: some encoders hide a frozen one. */
const LOOK_EVERY_MS = 600_000;
/** A finding and a suspicion are looked at sooner; not all the time, where nothing can be seen. */
const LOOK_AGAIN_MS = 60_000;

/** What a look at decoded frames said. */
export type Look = 'frozen' | 'black' | 'moving';

/** What is known of a stream's frames besides their numbers. */
export interface PictureFormat {
  readonly codec?: VideoCodec;
  readonly size?: FrameSize;
}

/**
 * What the sizes of frames suggest: a still picture, or one of one colour. Nothing is decoded. An
 * empty quiet room may look still to an encoder, so this is a suspicion and no finding.
 */
export function suspicion(
  { keys, otherBytes }: StreamNumbers,
  format: PictureFormat,
): 'moving' | 'still' | 'black' {
  if (!keys || !isStill(keys, otherBytes)) return 'moving';
  const { codec, size } = format;
  if (!codec || !size) return 'still';
  const isPlain = keys.meanBytes < size.width * size.height * PLAIN_BYTES_PER_PIXEL[codec];
  return isPlain ? 'black' : 'still';
}

function isStill(keys: KeyFrames, otherBytes: number | undefined): boolean {
  if (keys.count >= KEYS_TO_COMPARE) {
    const spread = keys.maxBytes - keys.minBytes;
    return spread <= Math.max(SAME_BYTES, keys.maxBytes * SAME_SHARE);
  }
  if (otherBytes === undefined) return false;
  if (otherBytes < keys.meanBytes * SURELY_STILL_SHARE) return true;
  return otherBytes < STILL_BYTES && otherBytes < keys.meanBytes * STILL_SHARE;
}

/** Remembers a suspicion until it is old enough, and what looks at the picture said of it. */
export class PictureState {
  #suspected: { readonly of: 'still' | 'black'; readonly sinceMs: number } | undefined;
  #look: Look | undefined;
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  /** Takes the numbers of the last seconds. */
  add(numbers: StreamNumbers, format: PictureFormat, nowMs: number): void {
    const of = suspicion(numbers, format);
    if (of === 'moving') {
      // It moves again: what a look found before is over.
      if (this.#suspected) this.reset();
      return;
    }
    const sinceMs = this.#suspected?.sinceMs ?? nowMs - (numbers.spanMs ?? 0);
    // «Moving» was said of another time.
    if (!this.#suspected && this.#look === 'moving') this.#look = undefined;
    this.#suspected = { of, sinceMs };
  }

  /** The stream was away: nothing is known of its picture. */
  reset(): void {
    this.#suspected = undefined;
    this.#look = undefined;
  }

  /** A look has come to its end; undefined when it could not see anything. */
  looked(look: Look | undefined, nowMs: number): void {
    // Who could not see clears nobody, and knows nothing of a room that was quiet before.
    this.#look = look ?? (this.#look === 'moving' ? undefined : this.#look);
    this.#lookedAtMs = nowMs;
  }

  /** True when it is time for a look. */
  needsLook(nowMs: number): boolean {
    const isFinding = this.#look === 'frozen' || this.#look === 'black';
    const isUrgent = isFinding || (this.#look === undefined && this.#isSuspected(nowMs));
    return nowMs - this.#lookedAtMs >= (isUrgent ? LOOK_AGAIN_MS : LOOK_EVERY_MS);
  }

  at(nowMs: number): CameraFacts['picture'] {
    if (this.#look !== undefined) return this.#look;
    if (!this.#isSuspected(nowMs)) return 'moving';
    return this.#suspected?.of === 'black' ? 'blackSuspected' : 'frozenSuspected';
  }

  #isSuspected(nowMs: number): boolean {
    return this.#suspected !== undefined && nowMs - this.#suspected.sinceMs >= STILL_MS;
  }
}
