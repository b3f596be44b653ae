import type { Heartbeat } from '@ppe-pulse/protocol';
import { producedAt, type Boot } from '../journal/produced-at.ts';

/** Longer than any boot: asks where the next one starts. */
const END_OF_BOOT_MS = 1e12;

/** Where a boot lies on the collector's clock. */
interface Place {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * When the journal's heartbeats were produced on the collector's clock. Undefined when no boot of the
 * table ever met the collector: the PC's wall clock is all that is known then, and the importer has a
 * better one to hold against it. Boots that did not meet it go by the wall clock's error in the newest
 * one that did.
 */
export function journalTimes(boots: readonly Boot[]): (heartbeat: Heartbeat) => number | undefined {
  const measured = boots.findLast(({ offsetMs }) => offsetMs !== undefined);
  if (measured?.offsetMs === undefined) return () => undefined;
  const wallOffsetMs = measured.offsetMs - measured.startedWallMs;
  const places = new Map<string, Place>();
  const known = new Set(boots.map(({ bootId }) => bootId));
  return (heartbeat) => {
    const { bootId, monotonicMs } = heartbeat;
    if (!known.has(bootId)) return producedAt(boots, heartbeat, wallOffsetMs).atMs;
    let place = places.get(bootId);
    if (!place) {
      // Asked twice a boot, not with each heartbeat: the whole table is weighed for an answer.
      const at = (ms: number): number =>
        producedAt(boots, { ...heartbeat, monotonicMs: ms }, wallOffsetMs).atMs;
      places.set(bootId, (place = { startMs: at(0), endMs: at(END_OF_BOOT_MS) }));
    }
    return Math.min(place.endMs, place.startMs + monotonicMs);
  };
}
