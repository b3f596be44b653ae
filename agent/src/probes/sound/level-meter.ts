/** How loud it was. */
export interface SoundLevel {
  /** Loudest sample, dB of full scale; 0 is the loudest that can be. */
  readonly peakDecibels: number;
  /** Mean power, dB of full scale: a full sine is −3. */
  readonly rmsDecibels: number;
}

/** Largest magnitude of a 16-bit sample. */
const FULL_SCALE = 32_768;
const BYTES_PER_SAMPLE = 2;

/**
 * Measures raw sound as it passes: signed 16-bit, little endian, one channel. Keeps two numbers and
 * half a sample, so that what was said cannot be told from it.
 */
export class LevelMeter {
  #samples = 0;
  #peak = 0;
  #sumOfSquares = 0;
  /** First byte of a sample that was cut between two chunks. */
  #half: number | undefined;

  take(chunk: Uint8Array): void {
    let at = 0;
    if (this.#half !== undefined && chunk.length > 0) {
      this.#add(this.#half, chunk[0] ?? 0);
      this.#half = undefined;
      at = 1;
    }
    for (; at + 1 < chunk.length; at += BYTES_PER_SAMPLE)
      this.#add(chunk[at] ?? 0, chunk[at + 1] ?? 0);
    if (at < chunk.length) this.#half = chunk[at];
  }

  get samples(): number {
    return this.#samples;
  }

  /** Undefined when there was nothing but zeros, or nothing at all. */
  level(): SoundLevel | undefined {
    if (this.#peak === 0) return undefined;
    return {
      peakDecibels: decibels(this.#peak / FULL_SCALE),
      rmsDecibels: decibels(Math.sqrt(this.#sumOfSquares / this.#samples) / FULL_SCALE),
    };
  }

  #add(low: number, high: number): void {
    const unsigned = high * 256 + low;
    const magnitude = Math.abs(unsigned < FULL_SCALE ? unsigned : unsigned - 2 * FULL_SCALE);
    this.#samples += 1;
    this.#sumOfSquares += magnitude * magnitude;
    if (magnitude > this.#peak) this.#peak = magnitude;
  }
}

/** To a tenth. */
function decibels(amplitude: number): number {
  // Adding zero turns −0 into 0.
  return Math.round(200 * Math.log10(amplitude)) / 10 + 0;
}
