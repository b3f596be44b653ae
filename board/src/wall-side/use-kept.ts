import { useMemo } from 'react';
import type { LiveState } from '@ppe-pulse/protocol';
import { useLive } from '../live/use-live.ts';

/**
 * A part of the picture that is computed: what looks the same stays the same object, so that its reader
 * renders only when it changes. `select` and `isSame` must be the same functions each time.
 */
export function useKept<T>(select: (state: LiveState) => T, isSame: (a: T, b: T) => boolean): T {
  const kept = useMemo(() => keeping(select, isSame), [select, isSame]);
  return useLive(kept);
}

/** `select` that gives its last answer again for a picture that it knows, or that changes nothing. */
export function keeping<S, T>(
  select: (state: S) => T,
  isSame: (a: T, b: T) => boolean,
): (state: S) => T {
  let last: { readonly of: S; readonly value: T } | undefined;
  return (state) => {
    if (last?.of === state) return last.value;
    const next = select(state);
    const value = last && isSame(last.value, next) ? last.value : next;
    last = { of: state, value };
    return value;
  };
}
