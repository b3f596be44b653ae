/** Where time comes from at the edges; logic gets numbers. */
export interface Clock {
  /** The PC's wall clock, ms since 1970 UTC. May be wrong and may step. */
  wallMs(): number;
  /** Milliseconds since the agent's start. Never steps. */
  monotonicMs(): number;
}

/** The machine's clocks. */
export function systemClock(): Clock {
  const startMs = performance.now();
  return { wallMs: () => Date.now(), monotonicMs: () => performance.now() - startMs };
}
