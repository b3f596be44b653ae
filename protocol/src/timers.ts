/** Timers as a seam: tests drive virtual ones. */
export interface Timers {
  set(callback: () => void, afterMs: number): unknown;
  clear(timer: unknown): void;
}
