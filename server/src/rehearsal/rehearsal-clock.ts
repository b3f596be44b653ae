/** The clock that the plan goes by: the collector's own, unless a simulation plays a day. */
export interface RehearsalClock {
  /** Rehearsal time per real time; 1 on a real day. */
  readonly speed: number;
  readonly isSimulated: boolean;
  /** Rehearsal time, ms since 1970 UTC, at a moment of the collector's wall clock. */
  at(wallMs: number): number;
  /** The collector's wall clock at a moment of the rehearsal. */
  wallAt(rehearsalMs: number): number;
}

/** Where a simulated day starts and how fast it goes. */
export interface SimulatedDay {
  readonly startAtMs: number;
  readonly speed: number;
}

/** `day` undefined: the rehearsal is now. A simulated day starts with the collector, at `wallMs`. */
export function createRehearsalClock(
  day: SimulatedDay | undefined,
  wallMs: number,
): RehearsalClock {
  if (!day) return { speed: 1, isSimulated: false, at: (at) => at, wallAt: (at) => at };
  const { startAtMs, speed } = day;
  return {
    speed,
    isSimulated: true,
    at: (at) => startAtMs + (at - wallMs) * speed,
    wallAt: (at) => wallMs + (at - startAtMs) / speed,
  };
}
