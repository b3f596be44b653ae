/** Where time comes from at the edges; logic gets numbers. */
export interface Clock {
  /** Wall clock, ms since 1970 UTC. May step. */
  wallMs(): number;
  /** Monotonic clock, ms since an arbitrary start. Never steps; all deadlines use it. */
  monotonicMs(): number;
}

/** The machine's clocks. */
export function systemClock(): Clock {
  return {
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
  };
}
