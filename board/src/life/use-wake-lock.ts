import { useEffect, useState } from 'react';

/** Whether the browser promised to keep the screen on. */
export type WakeLockState = 'notWanted' | 'held' | 'refused';

/** Keeps the screen on while it is wanted. The browser drops its promise with every hidden page. */
export function useWakeLock(isWanted: boolean): WakeLockState {
  const [isHeld, setIsHeld] = useState<boolean | null>(null);
  useEffect(() => {
    if (!isWanted) return undefined;
    let lock: WakeLockSentinel | undefined;
    let isOver = false;
    const take = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      try {
        // Missing where the page is not secure: then this throws as well.
        lock = await navigator.wakeLock.request('screen');
        if (isOver) await lock.release();
        else setIsHeld(true);
      } catch {
        if (!isOver) setIsHeld(false);
      }
    };
    const again = (): void => void take();
    again();
    document.addEventListener('visibilitychange', again);
    return () => {
      isOver = true;
      document.removeEventListener('visibilitychange', again);
      setIsHeld(null);
      void lock?.release();
    };
  }, [isWanted]);
  return isHeld === null ? 'notWanted' : isHeld ? 'held' : 'refused';
}
