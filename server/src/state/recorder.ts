import type { Fleet, Flip } from '@ppe-pulse/protocol';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { FlipLog } from './flips.ts';
import type { Changed, Memory } from './memory.ts';

/** Flips, what changed, and that the collector lives are written this often. */
const FLUSH_MS = 1_000;
/** «Last seen» of a workstation that did not change may be this old after a restart. */
const SEEN_EVERY_MS = 10_000;
/** Flips that wait for the disk; beyond it the oldest are dropped, counted and logged. */
const MAX_WAITING_FLIPS = 100_000;

/** Where the recorder writes. */
export interface RecorderParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly flips: FlipLog;
  readonly fleet: Fleet;
  readonly memory: Memory;
  readonly log: Log;
}

/** Writes flips and what must be known after a restart to the state store. */
export interface Recorder {
  flush(): void;
  close(): void;
}

/** Collects from the bus and writes in batches: a transaction a flip would stall the loop. */
export function createRecorder(parts: RecorderParts): Recorder {
  let waiting: Flip[] = [];
  const changed = new Set<string>();
  const seen = new Map<string, number>();
  let seenWrittenAtMs = parts.clock.monotonicMs();
  const unsubscribe = [
    parts.bus.subscribe('flips', (flips) => {
      waiting.push(...flips);
      for (const { workstationId } of flips) changed.add(workstationId);
      const over = waiting.length - MAX_WAITING_FLIPS;
      if (over <= 0) return;
      waiting = waiting.slice(over);
      parts.log.error({ dropped: over }, 'flips dropped: the state store does not take them');
    }),
    parts.bus.subscribe('heartbeat', (beat) => {
      if (beat.delivery === 'live') seen.set(beat.workstationId, beat.takenAtMs);
    }),
  ];
  const flush = (writeSeen: boolean): void => {
    try {
      parts.flips.append(waiting);
      waiting = [];
      parts.memory.write({
        aliveAtMs: parts.clock.wallMs(),
        changed: changedOf(parts, changed),
        seen: writeSeen ? seen : new Map(),
      });
      changed.clear();
      if (!writeSeen) return;
      seen.clear();
      seenWrittenAtMs = parts.clock.monotonicMs();
    } catch (error) {
      parts.log.error(
        { error: String(error) },
        'the state store refused a write; it is tried again',
      );
    }
  };
  const timer = setInterval(
    () => flush(parts.clock.monotonicMs() - seenWrittenAtMs >= SEEN_EVERY_MS),
    FLUSH_MS,
  );
  return {
    flush: () => flush(true),
    close: () => {
      clearInterval(timer);
      for (const stop of unsubscribe) stop();
      flush(true);
    },
  };
}

function changedOf({ fleet, clock }: RecorderParts, ids: Iterable<string>): Changed[] {
  const now = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  return [...ids].flatMap((id) => {
    const state = fleet.get(id);
    if (!state) return [];
    return [{ id, lastSeenAtMs: state.lastSeenAtMs, kept: fleet.remembered(state, now) }];
  });
}
