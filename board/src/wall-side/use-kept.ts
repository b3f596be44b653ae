import { useMemo } from 'react';
import type { LiveState } from '@ppe-pulse/protocol';
import { useLive } from '../live/use-live.ts';

/**
 * A part of the picture that is computed: what looks the same stays the same object, so that its reader
 * renders only when it changes. `select` and `isSame` must be the same functions each time.
 */
export function useKept<T>(
  select: (state: LiveState) => T,
  isSame: (a: T, b: T) => boolean,
  isDue?: IsDue<LiveState>,
): T {
  const kept = useMemo(() => keeping(select, isSame, isDue), [select, isSame, isDue]);
  return useLive(kept);
}

/** False where what was computed of the first picture may stand for the second for a while. */
type IsDue<S> = (before: S, now: S) => boolean;

/** More sites than this are not looked through four times a second. */
const MANY_SITES = 400;

/** Of a country what is counted over all sites is counted with each beat, once a second. */
export function isDueByBeat(before: LiveState, now: LiveState): boolean {
  if (now.sites.size <= MANY_SITES) return true;
  return before.overview !== now.overview || before.sites.size !== now.sites.size;
}

/** `select` that gives its last answer again for a picture that it knows, or that changes nothing. */
export function keeping<S, T>(
  select: (state: S) => T,
  isSame: (a: T, b: T) => boolean,
  isDue: IsDue<S> = () => true,
): (state: S) => T {
  let last: { readonly of: S; readonly value: T } | undefined;
  return (state) => {
    if (last && (last.of === state || !isDue(last.of, state))) return last.value;
    const next = select(state);
    const value = last && isSame(last.value, next) ? last.value : next;
    last = { of: state, value };
    return value;
  };
}
