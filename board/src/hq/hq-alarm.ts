import { isUntaken } from '../incidents/order.ts';
import type { ToneKind } from '../ui/tones.ts';
import { causesOf } from './causes.ts';
import type { HqState } from './hq-state.ts';
import { knowledgeOf } from './known-incidents.ts';
import { isUnheard } from './unheard.ts';

/** While something calls and nobody took it, it sounds again after this. */
export const REPEAT_MS = 60_000;

/** Something that a person must come for. */
export interface Call {
  /** The same over time. */
  readonly key: string;
  /** Rehearsed on purpose: told once, softly. */
  readonly isDrill: boolean;
}

/**
 * What calls for a person now: critical incidents that nobody has taken; while the situation centre
 * does not see this ППЭ, its own failures, but for those that were known to be taken. Pure.
 */
export function callsOf(state: HqState): Call[] {
  const { frame } = state;
  if (!frame) return [];
  const { incidents, uplink, atMs } = frame;
  if (!isUnheard(uplink, atMs)) {
    return incidents.items.filter(isUntaken).map(({ id, isDrill }) => ({ key: id, isDrill }));
  }
  return causesOf(state)
    .filter(({ verdict, isNote }) => verdict === 'fail' && !isNote)
    .filter((cause) => {
      const known = knowledgeOf(cause, incidents);
      return known?.standing !== 'taken' || known.covered < cause.places.length;
    })
    .flatMap(({ key, places }) =>
      places.length === 0
        ? [{ key, isDrill: false }]
        : places.map(({ workstation, number }) => ({
            key: [key, workstation.id, number].join(' '),
            isDrill: false,
          })),
    );
}

/** What the alarm remembers between two looks. */
export interface AlarmMemory {
  /** Keys that called at the last look. */
  readonly known: ReadonlySet<string>;
  /** When it last sounded, monotonic; null for never. */
  readonly rangAtMs: number | null;
}

export const silentSoFar: AlarmMemory = { known: new Set(), rangAtMs: null };

/** One look: what is new sounds at once, what still calls sounds again after a while. Pure. */
export function ringOf(
  memory: AlarmMemory,
  calls: readonly Call[],
  nowMs: number,
): { readonly ring: ToneKind | 'none'; readonly memory: AlarmMemory } {
  const fresh = calls.filter(({ key }) => !memory.known.has(key));
  const isDue = memory.rangAtMs === null || nowMs - memory.rangAtMs >= REPEAT_MS;
  const isReal = (list: readonly Call[]): boolean => list.some(({ isDrill }) => !isDrill);
  const isCritical = isReal(fresh) || (isReal(calls) && isDue);
  return {
    ring: isCritical ? 'critical' : fresh.length > 0 ? 'soft' : 'none',
    memory: {
      known: new Set(calls.map(({ key }) => key)),
      rangAtMs: isCritical ? nowMs : memory.rangAtMs,
    },
  };
}
