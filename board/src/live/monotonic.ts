/** Monotonic time that is renewed in a rhythm, as `useSyncExternalStore` reads it. */
export interface RenewedClock {
  readonly nowMs: () => number;
  readonly subscribe: (renewed: () => void) => () => void;
}

/**
 * Proof of life that stops when scripts stop. Timers of a page that nobody sees are slowed down: when it
 * is seen again the clock is renewed before the first picture is painted, so that no old one is shown as
 * live.
 */
export function renewedClock(everyMs: number): RenewedClock {
  let nowMs = performance.now();
  return {
    nowMs: () => nowMs,
    subscribe: (renewed) => {
      const renew = (): void => {
        nowMs = performance.now();
        renewed();
      };
      const timer = setInterval(renew, everyMs);
      document.addEventListener('visibilitychange', renew);
      window.addEventListener('pageshow', renew);
      return () => {
        clearInterval(timer);
        document.removeEventListener('visibilitychange', renew);
        window.removeEventListener('pageshow', renew);
      };
    },
  };
}
