import { spanAround, student95, type Span } from './spread.ts';

/** What was done in a stretch of time: pages, bytes. */
export interface PaceWindow {
  readonly amount: number;
  readonly ms: number;
}

/** What is held of a pace before it is seen; a few windows outweigh it. */
export interface PacePrior {
  /** A window is at least this long; variation is told for this length. */
  readonly windowMs: number;
  /** Standard deviation of a window's amount, as a share of the mean. */
  readonly variation: number;
  /** How alike a window and the next one are: correlation, 0…1. */
  readonly likeness: number;
  /** Windows that this opinion is worth. */
  readonly weight: number;
}

/** A pace and how far it is known. */
export interface Pace {
  readonly perMs: number;
  readonly windowMs: number;
  /** Standard deviation of a window of `windowMs`, as a share of the mean. */
  readonly variation: number;
  /** Alike windows count together: a sum of n spreads as one of n / `runs` independent ones. */
  readonly runs: number;
  /** Windows of `windowMs` that the mean rests on. */
  readonly windows: number;
  /** Of the variation's own estimate. */
  readonly degrees: number;
  /** Mean length of the windows: an end is seen no finer than half of it. */
  readonly resolutionMs: number;
}

/** Correlation above this says that the past is no guide; the range would be without end. */
const LARGEST_LIKENESS = 0.9;

/** The pace of these windows, oldest first; undefined of none and of a standstill. */
export function paceOf(windows: readonly PaceWindow[], prior: PacePrior): Pace | undefined {
  const amount = windows.reduce((sum, each) => sum + each.amount, 0);
  const ms = windows.reduce((sum, each) => sum + each.ms, 0);
  if (!(amount > 0) || !(ms > 0)) return undefined;
  const perMs = amount / ms;
  // On the scale of one window's deviation, whatever its length: a longer one is smoother.
  const deviations = windows.map(
    (each) => Math.sqrt(each.ms / prior.windowMs) * (each.amount / each.ms / perMs - 1),
  );
  const likeness = likenessOf(deviations, prior);
  const runs = (1 + likeness) / (1 - likeness);
  // Alike windows lie closer to their own mean than to the true one: fewer of them are free.
  const free = Math.max(0, windows.length - Math.min(runs, windows.length / 2));
  const squares = sumOf(deviations.map((each) => each ** 2));
  const weighted = prior.weight * prior.variation ** 2 + squares;
  return {
    perMs,
    windowMs: prior.windowMs,
    variation: Math.sqrt(weighted / (prior.weight + free)),
    runs,
    windows: ms / prior.windowMs,
    degrees: prior.weight + free / runs,
    resolutionMs: ms / windows.length,
  };
}

/** A pace that nobody measured here, worth as many windows as the caller says. */
export function assumedPace(perMs: number, windows: number, prior: PacePrior): Pace {
  return {
    perMs,
    windowMs: prior.windowMs,
    variation: prior.variation,
    runs: (1 + prior.likeness) / (1 - prior.likeness),
    windows,
    degrees: prior.weight,
    resolutionMs: 0,
  };
}

/**
 * How long the rest takes: at the mean pace, and around it as much as a sum of so many windows
 * spreads, and as the mean itself may be off.
 */
export function timeLeft(pace: Pace, left: number): Span {
  const midMs = Math.max(0, left) / pace.perMs;
  const coming = midMs / pace.windowMs;
  const deviation =
    pace.variation * Math.sqrt(pace.runs * (coming + coming ** 2 / pace.windows)) * pace.windowMs;
  const spreadMs = Math.hypot(student95(pace.degrees) * deviation, pace.resolutionMs / 2);
  return spanAround(midMs, midMs === 0 ? 0 : spreadMs);
}

/** Windows of a counter that is read now and then; the newest of them. */
export class PaceHistory {
  readonly #windowMs: number;
  readonly #kept: number;
  #windows: readonly PaceWindow[] = [];
  #last: { readonly count: number; readonly atMs: number } | undefined;
  #amount = 0;
  #ms = 0;
  #isPaused = false;

  constructor(windowMs: number, kept: number) {
    this.#windowMs = windowMs;
    this.#kept = kept;
  }

  /** Oldest first; the window that is being filled is not among them. */
  get windows(): readonly PaceWindow[] {
    return this.#windows;
  }

  /** The newest reading. */
  get last(): { readonly count: number; readonly atMs: number } | undefined {
    return this.#last;
  }

  /** A reading. One that is not newer is passed over; a smaller count begins anew. */
  add(count: number, atMs: number): void {
    const before = this.#last;
    if (before && atMs <= before.atMs) return;
    this.#last = { count, atMs };
    if (!before) return;
    if (count < before.count) {
      this.#begin();
      this.#windows = [];
      return;
    }
    if (this.#isPaused) {
      // What came out around a standstill is no measure of the pace.
      this.#begin();
      return;
    }
    this.#amount += count - before.count;
    this.#ms += atMs - before.atMs;
    if (this.#ms < this.#windowMs) return;
    this.#windows = [...this.#windows, { amount: this.#amount, ms: this.#ms }].slice(-this.#kept);
    this.#begin();
  }

  /** Until the next reading the time does not count: the device stands for a reason. */
  pause(): void {
    this.#isPaused = true;
  }

  #begin(): void {
    this.#amount = 0;
    this.#ms = 0;
    this.#isPaused = false;
  }
}

/**
 * Correlation of neighbours, drawn to the prior's by ten pairs' worth. Few windows look less alike
 * than they are, because they are told from their own mean: (nρ + 1) ÷ (n − 4) takes that back
 * (Kendall 1954).
 */
function likenessOf(deviations: readonly number[], prior: PacePrior): number {
  const pairs = Math.max(0, deviations.length - 1);
  const squares = sumOf(deviations.map((each) => each ** 2));
  const products = sumOf(deviations.slice(1).map((each, at) => each * (deviations[at] ?? 0)));
  const seen = squares > 0 ? products / squares : prior.likeness;
  const corrected = pairs > 5 ? Math.min(1, (pairs * seen + 1) / (pairs - 4)) : seen;
  const worth = 10;
  const likeness = (worth * prior.likeness + pairs * corrected) / (worth + pairs);
  return Math.min(LARGEST_LIKENESS, Math.max(0, likeness));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0);
}
