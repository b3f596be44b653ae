import type { Incident } from '@ppe-pulse/protocol';
import { isUntaken } from './order.ts';

/** While any critical incident is untaken, the alarm sounds again after this. */
export const REPEAT_MS = 30_000;
/** A flood of new ones does not make one long howl. */
export const PAUSE_MS = 2_000;

/** What sounds now: two tones, one soft tone of a drill, or nothing. */
export type Ring = 'alarm' | 'drill' | 'none';

/** What the alarm remembers between two looks. */
export interface AlarmMemory {
  /** Ids of the untaken critical incidents of the last look. */
  readonly heard: ReadonlySet<string>;
  /** When it last sounded, monotonic; null for never. */
  readonly rangAtMs: number | null;
}

export const silentSoFar: AlarmMemory = { heard: new Set(), rangAtMs: null };

/**
 * One look at the open incidents. An untaken critical one that was not there at the last look sounds
 * at once: it opened, was raised, or its snooze or silence ended. A drill sounds once, softly, and a
 * real one beside it drowns it out. Taken, silenced and snoozed ones never sound. Pure.
 */
export function ringOf(
  memory: AlarmMemory,
  incidents: Iterable<Incident>,
  nowMs: number,
): { readonly ring: Ring; readonly memory: AlarmMemory } {
  const untaken = [...incidents].filter(isUntaken);
  const fresh = untaken.filter(({ id }) => !memory.heard.has(id));
  const sinceRangMs = nowMs - (memory.rangAtMs ?? Number.NEGATIVE_INFINITY);
  // Too soon after the last one: what is new stays new until the next look.
  if (fresh.length > 0 && sinceRangMs < PAUSE_MS) return { ring: 'none', memory };
  const isAnyReal = untaken.some(({ isDrill }) => !isDrill);
  const isFreshReal = fresh.some(({ isDrill }) => !isDrill);
  const isAlarm = isFreshReal || (isAnyReal && sinceRangMs >= REPEAT_MS);
  return {
    ring: isAlarm ? 'alarm' : fresh.length > 0 ? 'drill' : 'none',
    memory: {
      heard: new Set(untaken.map(({ id }) => id)),
      // A drill puts nothing off.
      rangAtMs: isAlarm ? nowMs : memory.rangAtMs,
    },
  };
}
