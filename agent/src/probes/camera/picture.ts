import type { CameraFacts } from '@ppe-pulse/protocol';
import type { StreamNumbers } from './stream-stats.ts';

/** An encoder spends next to nothing on a picture that does not change (measured: 101 of 9,238 B). */
const STILL_SHARE = 0.03;
const STILL_BYTES = 200;
/** A black picture has small key frames as well (measured: 2.9 kB at 720p, a test card 3.6 kB). */
const BLACK_BYTES_PER_SECOND = 3_200;
/** The suspicion must last: people sit still for a moment. */
export const STILL_MS = 10_000;

/**
 * What the sizes of frames suggest: a still picture, or a black one. Nothing is decoded. Thresholds
 * are of one encoder; an empty quiet room may look still, so this is a suspicion and no finding.
 */
export function suspicion(numbers: StreamNumbers): 'moving' | 'still' | 'black' {
  const { keyBytes, otherBytes } = numbers;
  if (otherBytes === undefined || keyBytes === undefined) return 'moving';
  const isStill = otherBytes < STILL_BYTES && otherBytes < keyBytes * STILL_SHARE;
  if (!isStill) return 'moving';
  return numbers.bytesPerSecond < BLACK_BYTES_PER_SECOND ? 'black' : 'still';
}

/** Remembers a suspicion until it is old enough, and what a look at key frames said of it. */
export class PictureState {
  #suspected: 'still' | 'black' | undefined;
  #sinceMs = 0;
  #confirmed:
    | { readonly picture: 'frozen' | 'black' | 'moving'; readonly atMs: number }
    | undefined;

  /** Takes a window's numbers. */
  add(numbers: StreamNumbers, nowMs: number): void {
    const now = suspicion(numbers);
    if (now === 'moving') {
      this.#suspected = undefined;
      this.#confirmed = undefined;
    } else {
      if (this.#suspected === undefined) this.#sinceMs = nowMs;
      this.#suspected = now;
    }
  }

  /** A short decoding run has looked. */
  confirm(picture: 'frozen' | 'black' | 'moving', nowMs: number): void {
    this.#confirmed = { picture, atMs: nowMs };
  }

  /** True when a decoding run should look: suspected for long enough and not looked at yet. */
  needsLook(nowMs: number): boolean {
    return this.at(nowMs) !== 'moving' && this.#confirmed === undefined;
  }

  at(nowMs: number): CameraFacts['picture'] {
    if (this.#suspected === undefined || nowMs - this.#sinceMs < STILL_MS) return 'moving';
    if (this.#confirmed) return this.#confirmed.picture;
    return this.#suspected === 'black' ? 'blackSuspected' : 'frozenSuspected';
  }
}
