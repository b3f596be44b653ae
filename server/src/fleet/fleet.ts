import type { Placement } from '@ppe-pulse/protocol';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import type { Flip } from '../state/flips.ts';
import {
  flipsBetween,
  foldGoodbye,
  foldHeartbeat,
  foldSilence,
  unheard,
  type WorkstationState,
} from './workstation-state.ts';

/** Silence is judged this often: well under the shortest heartbeat period. */
const SWEEP_MS = 500;

/** The state of every enrolled workstation, folded from the bus. */
export interface Fleet {
  get(id: string): WorkstationState | undefined;
  all(): Iterable<WorkstationState>;
  readonly size: number;
  /** Adds an enrolled workstation, or moves one. */
  place(id: string, placement: Placement, lastSeenAtMs: number | null): void;
  /** Monotonic clock of the newest live heartbeat, null before the first. */
  readonly newestTakenMonotonicMs: number | null;
  /** Calls `handle` with each workstation whose state was replaced. Answers the way to stop. */
  onChange(handle: (state: WorkstationState) => void): () => void;
  close(): void;
}

/** The fleet. Folding is in `workstation-state.ts`; this keeps the map and the timer. */
export function createFleet(bus: Bus, clock: Clock): Fleet {
  const states = new Map<string, WorkstationState>();
  const listeners = new Set<(state: WorkstationState) => void>();
  let newestTakenMonotonicMs: number | null = null;

  const replace = (before: WorkstationState, after: WorkstationState, flips: Flip[]): void => {
    if (before === after) return;
    states.set(after.id, after);
    flips.push(...flipsBetween(before, after, clock.wallMs()));
    for (const listener of listeners) listener(after);
  };
  const publish = (flips: readonly Flip[]): void => {
    if (flips.length > 0) bus.publish('flips', flips);
  };
  const unsubscribe = [
    bus.subscribe('heartbeat', (beat) => {
      const before = states.get(beat.workstationId);
      if (!before) return;
      if (beat.live) newestTakenMonotonicMs = beat.takenMonotonicMs;
      const flips: Flip[] = [];
      replace(before, foldHeartbeat(before, beat), flips);
      publish(flips);
    }),
    bus.subscribe('departure', ({ workstationId, saidGoodbye }) => {
      const before = states.get(workstationId);
      if (!before || !saidGoodbye) return;
      const flips: Flip[] = [];
      replace(before, foldGoodbye(before, clock.monotonicMs()), flips);
      publish(flips);
    }),
  ];
  const sweep = setInterval(() => {
    const now = clock.monotonicMs();
    const flips: Flip[] = [];
    for (const state of states.values()) replace(state, foldSilence(state, now), flips);
    publish(flips);
  }, SWEEP_MS);

  return {
    get: (id) => states.get(id),
    all: () => states.values(),
    get size() {
      return states.size;
    },
    get newestTakenMonotonicMs() {
      return newestTakenMonotonicMs;
    },
    place: (id, placement, lastSeenAtMs) => {
      const known = states.get(id);
      const state = known ? { ...known, placement } : unheard(id, placement, lastSeenAtMs);
      states.set(id, state);
      bus.publish('enrolment', { workstationId: id });
      for (const listener of listeners) listener(state);
    },
    onChange: (handle) => {
      listeners.add(handle);
      return () => listeners.delete(handle);
    },
    close: () => {
      clearInterval(sweep);
      for (const stop of unsubscribe) stop();
    },
  };
}
