/** Randomness without state: a number is a function of its seed and its name, whoever asks and when. */

/** A 32-bit hash of a text (FNV-1a with a final mix). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return mix(hash);
}

/** Uniform in [0, 1), the same for the same seed and name. */
export function unit(seed: number, name: string): number {
  return mix(seed ^ hashOf(name)) / 4_294_967_296;
}

/** Uniform between two numbers. */
export function between(seed: number, name: string, [from, to]: readonly [number, number]): number {
  return from + (to - from) * unit(seed, name);
}

/** One of several, each as likely. */
export function pick<T>(seed: number, name: string, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(unit(seed, name) * choices.length)] ?? choices[0];
}

/** What a walk is of: its seed, its name and how long it takes to turn around. */
export interface Walk {
  readonly seed: number;
  readonly name: string;
  readonly periodMs: number;
}

/**
 * A slow random walk in [0, 1) as a function of time: smooth noise of two scales. Asked twice for
 * one moment it answers the same, so a heartbeat can be made again instead of being kept.
 */
export function walk({ seed, name, periodMs }: Walk, atMs: number): number {
  const salt = mix(seed ^ hashOf(name));
  return 0.7 * noise(salt, atMs / periodMs) + 0.3 * noise(salt ^ 0x5bd1e995, (4 * atMs) / periodMs);
}

/** A walk between two numbers. */
export function walkBetween(
  walked: Walk,
  atMs: number,
  [from, to]: readonly [number, number],
): number {
  return from + (to - from) * walk(walked, atMs);
}

/** Uniform numbers in [0, 1) one after the other, for what happens in real time (jitter). */
export function createRandom(seed: number): () => number {
  let state = mix(seed);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    return mix(state) / 4_294_967_296;
  };
}

function noise(salt: number, x: number): number {
  const cell = Math.floor(x);
  const part = x - cell;
  const smooth = part * part * (3 - 2 * part);
  const left = mix(salt ^ Math.imul(cell, 0x9e3779b1));
  const right = mix(salt ^ Math.imul(cell + 1, 0x9e3779b1));
  return (left + (right - left) * smooth) / 4_294_967_296;
}

/** The finalizer of MurmurHash3: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
