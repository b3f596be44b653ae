import { useLayoutEffect, useState, type RefObject } from 'react';

/** The inner size of an element and of a rem, in CSS px. */
export interface Area {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly remPx: number;
  /** False in the first rendering alone: who is expensive waits for the second, which comes before paint. */
  readonly isMeasured: boolean;
}

/** Until it was measured, and in a page that is not laid out: a wall of 1080 lines. */
const unmeasured: Area = { widthPx: 1_260, heightPx: 830, remPx: 10, isMeasured: false };

/**
 * Follows the size of an element; measured before the first paint, so that nothing jumps. Rounded down: a
 * fraction of a pixel is no reason to lay out anew.
 */
export function useArea(element: RefObject<HTMLElement | null>): Area {
  const [area, setArea] = useState(unmeasured);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    const measure = (): void => setArea((before) => areaOf(current, before));
    measure();
    if (typeof ResizeObserver !== 'function') return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return area;
}

function areaOf(element: HTMLElement, before: Area): Area {
  const { clientWidth: widthPx, clientHeight: heightPx } = element;
  // Not laid out, as in a page that is not shown.
  if (widthPx === 0 || heightPx === 0)
    return before.isMeasured ? before : { ...before, isMeasured: true };
  const remPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 10;
  const isSame =
    before.widthPx === widthPx && before.heightPx === heightPx && before.remPx === remPx;
  return isSame && before.isMeasured ? before : { widthPx, heightPx, remPx, isMeasured: true };
}
