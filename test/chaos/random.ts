/** A stream of numbers in [0, 1): the same seed gives the same numbers (mulberry32). */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = Math.trunc(seed) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Uniform between two bounds. */
export function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random();
}

/** One of several. Throws for none: there is nothing to take. */
export function oneOf<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('one of nothing');
  return item;
}
