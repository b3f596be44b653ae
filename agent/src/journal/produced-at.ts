import { PLAUSIBLE_WALL_MS } from './age-clock.ts';

/** One start of the agent, as far as it is known. Durations are on its `elapsedMs` clock. */
export interface Boot {
  readonly bootId: string;
  /** The PC's wall clock at the start, as its newest heartbeat tells: wall minus monotonic. */
  readonly startedWallMs: number;
  /** The same as its first heartbeat tells: another where the clock was set while it ran. */
  readonly firstWallMs?: number;
  /** Collector's clock minus this boot's monotonic clock; missing when it was never connected. */
  readonly offsetMs?: number;
  /** The offset's error is not larger than this. */
  readonly boundMs?: number;
  /** Monotonic time of its last heartbeat. */
  readonly lastMonotonicMs: number;
}

/** What a heartbeat knows of its time. */
export interface Produced {
  readonly bootId: string;
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** When a heartbeat was produced on the collector's clock, and what that rests on. */
export interface ProducedAt {
  readonly atMs: number;
  /**
   * `measured`: its boot was connected. `wallClock`: the PC's clock, put right by the error that it
   * had at the end of the boot before, as far as that is known, else by the one that it has now. `bounded`: that contradicts the order of the boots, so their limits decide.
   */
  readonly basis: 'measured' | 'wallClock' | 'bounded';
}

interface Place {
  startMs: number;
  readonly basis: ProducedAt['basis'];
}

/**
 * When a heartbeat was produced. `boots` are in their true order, which no clock can change: a boot
 * ends before the next one starts. `wallOffsetMs` is the collector's clock minus the PC's wall clock
 * now, 0 when unknown. Within a boot the order is that of its monotonic clock; boots never overlap.
 */
export function producedAt(
  boots: readonly Boot[],
  produced: Produced,
  wallOffsetMs: number,
): ProducedAt {
  const at = boots.findIndex((boot) => boot.bootId === produced.bootId);
  const places = placeBoots(boots, wallOffsetMs);
  const place = places[at];
  // A boot that the table lost is older than all that it holds.
  if (!place) return within(produced.wallMs + wallOffsetMs, 'wallClock', places[0]?.startMs);
  return within(place.startMs + produced.monotonicMs, place.basis, places[at + 1]?.startMs);
}

function within(
  atMs: number,
  basis: ProducedAt['basis'],
  nextStartMs = Number.POSITIVE_INFINITY,
): ProducedAt {
  return atMs <= nextStartMs ? { atMs, basis } : { atMs: nextStartMs, basis: 'bounded' };
}

/** Starts of all boots on the collector's clock, never falling. */
function placeBoots(boots: readonly Boot[], wallOffsetMs: number): Place[] {
  const measured = measuredStarts(boots);
  const carried = carriedStarts(boots, measured);
  const places: (Place | undefined)[] = [];
  // From the newest back: none ends after the start of one that is known to come behind it.
  let nextMs = Number.POSITIVE_INFINITY;
  for (let at = boots.length - 1; at >= 0; at -= 1) {
    const place = latestPlace({ boots, measured, carried, at, nextMs, wallOffsetMs });
    places[at] = place;
    nextMs = Math.min(nextMs, place?.startMs ?? nextMs);
  }
  return pushedForward(boots, places, measured);
}

/** Measured starts; where two contradict the order of boots, the newer measure is believed. */
function measuredStarts(boots: readonly Boot[]): (number | undefined)[] {
  let nextMs = Number.POSITIVE_INFINITY;
  const starts = boots.toReversed().map(({ offsetMs }) => {
    if (offsetMs === undefined) return undefined;
    nextMs = Math.min(nextMs, offsetMs);
    return nextMs;
  });
  return starts.toReversed();
}

/** The latest start that a boot can have; undefined when only those before it can tell. */
function latestPlace(of: {
  readonly boots: readonly Boot[];
  readonly measured: readonly (number | undefined)[];
  readonly carried: readonly (number | undefined)[];
  readonly at: number;
  readonly nextMs: number;
  readonly wallOffsetMs: number;
}): Place | undefined {
  const { boots, measured, at, nextMs } = of;
  const boot = boots[at];
  const measuredMs = measured[at];
  if (!boot) return undefined;
  if (measuredMs !== undefined) {
    return { startMs: measuredMs, basis: measuredMs === boot.offsetMs ? 'measured' : 'bounded' };
  }
  const latestMs = nextMs - boot.lastMonotonicMs;
  const wallMs = boot.startedWallMs + of.wallOffsetMs;
  const before = measured.slice(0, at).findLastIndex((each) => each !== undefined);
  const earliestMs =
    before < 0
      ? Number.NEGATIVE_INFINITY
      : (measured[before] ?? 0) + (boots[before]?.lastMonotonicMs ?? 0);
  const isPossible = (ms: number): boolean => ms >= earliestMs && ms <= latestMs;
  const carriedMs = of.carried[at];
  if (carriedMs !== undefined && isPossible(carriedMs)) {
    return { startMs: carriedMs, basis: 'wallClock' };
  }
  // A clock that says so is wrong: it must not pull those before it along.
  if (wallMs < earliestMs) return undefined;
  if (boot.startedWallMs < PLAUSIBLE_WALL_MS || wallMs > latestMs) {
    return Number.isFinite(latestMs) ? { startMs: latestMs, basis: 'bounded' } : undefined;
  }
  return { startMs: wallMs, basis: 'wallClock' };
}

/**
 * Where boots started by the error that the clock had at the end of the one before: it is set while a
 * boot runs, which its own heartbeats tell, and hardly ever between two. From the first measured one on.
 */
function carriedStarts(
  boots: readonly Boot[],
  measured: readonly (number | undefined)[],
): (number | undefined)[] {
  let offsetMs: number | undefined;
  return boots.map((boot, at) => {
    const { startedWallMs, firstWallMs = startedWallMs } = boot;
    const isPlausible = firstWallMs >= PLAUSIBLE_WALL_MS && startedWallMs >= PLAUSIBLE_WALL_MS;
    const carriedMs = offsetMs === undefined || !isPlausible ? undefined : firstWallMs + offsetMs;
    const startMs = measured[at] ?? carriedMs;
    offsetMs = startMs === undefined ? undefined : startMs - startedWallMs;
    return carriedMs;
  });
}

/** From the oldest on: none starts before the end of the one before it. Measured starts stay. */
function pushedForward(
  boots: readonly Boot[],
  places: readonly (Place | undefined)[],
  measured: readonly (number | undefined)[],
): Place[] {
  let endMs = Number.NEGATIVE_INFINITY;
  return boots.map((boot, at) => {
    const place = places[at];
    const anchorMs = measured.slice(at + 1).find((each) => each !== undefined);
    // Between two measured ones there may be less room than those in between say they took.
    const earliestMs = Math.min(endMs, anchorMs ?? Number.POSITIVE_INFINITY);
    const fallbackMs = Number.isFinite(earliestMs) ? earliestMs : boot.startedWallMs;
    const startMs = measured[at] ?? (place ? Math.max(place.startMs, earliestMs) : fallbackMs);
    endMs = Math.min(startMs + boot.lastMonotonicMs, anchorMs ?? Number.POSITIVE_INFINITY);
    endMs = Math.max(endMs, startMs);
    const basis = place && place.startMs === startMs ? place.basis : 'bounded';
    return { startMs, basis };
  });
}
