import type { Clock } from '../../../server/src/clock.ts';

/** The stage's time: it stands still until it is told to go. */
export interface StageClock extends Clock {
  readonly isRunning: boolean;
  /** Another time of the day, at once. */
  set(wallMs: number): void;
  /** Goes on as fast as the machine's. */
  run(): void;
  stop(): void;
}

/** A clock that stands at a moment. */
export function stageClock(atMs: number): StageClock {
  let baseMs = atMs;
  let runsSinceMs: number | null = null;
  const wallMs = (): number =>
    runsSinceMs === null ? baseMs : baseMs + (performance.now() - runsSinceMs);
  return {
    get isRunning() {
      return runsSinceMs !== null;
    },
    wallMs,
    monotonicMs: () => wallMs() - atMs,
    set: (ms) => {
      baseMs = ms;
      if (runsSinceMs !== null) runsSinceMs = performance.now();
    },
    run: () => void (runsSinceMs ??= performance.now()),
    stop: () => {
      baseMs = wallMs();
      runsSinceMs = null;
    },
  };
}
