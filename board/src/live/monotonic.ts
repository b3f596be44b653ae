/** Monotonic time that is renewed in a rhythm, as `useSyncExternalStore` reads it. */
export interface RenewedClock {
  readonly nowMs: () => number;
  readonly subscribe: (renewed: () => void) => () => void;
}

/**
 * Proof of life that stops when scripts stop. Timers of a page that nobody sees are slowed down: when it
 * is seen again the clock is renewed before the first picture is painted, so that no old one is shown as
 * live. One timer for all who listen, none while nobody does.
 */
export function renewedClock(everyMs: number): RenewedClock {
  let nowMs = performance.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const listeners = new Set<() => void>();
  const renew = (): void => {
    nowMs = performance.now();
    for (const listener of listeners) listener();
  };
  const start = (): void => {
    nowMs = performance.now();
    timer = setInterval(renew, everyMs);
    document.addEventListener('visibilitychange', renew);
    window.addEventListener('pageshow', renew);
  };
  const stop = (): void => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', renew);
    window.removeEventListener('pageshow', renew);
  };
  return {
    nowMs: () => nowMs,
    subscribe: (renewed) => {
      if (listeners.size === 0) start();
      // A listener of its own for each: one function may listen twice.
      const listener = (): void => renewed();
      listeners.add(listener);
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) stop();
      };
    },
  };
}
