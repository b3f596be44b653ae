import { useEffect, useState } from 'react';

/** From this size on the wall fits its window and never scrolls; `wall.css` asks the same. */
const FIXED = '(min-width: 1100px) and (min-height: 600px)';

/** True where the wall fills the window, false where it is a page that scrolls. */
export function useIsFixed(): boolean {
  const [isFixed, setIsFixed] = useState(() => query()?.matches ?? true);
  useEffect(() => {
    const list = query();
    if (!list) return undefined;
    const follow = (): void => setIsFixed(list.matches);
    list.addEventListener('change', follow);
    return () => list.removeEventListener('change', follow);
  }, []);
  return isFixed;
}

function query(): MediaQueryList | undefined {
  return typeof window.matchMedia === 'function' ? window.matchMedia(FIXED) : undefined;
}
