import './life.css';
import { useEffect, useState } from 'react';
import { useSearch } from 'wouter';
import { formatDuration } from '@ppe-pulse/protocol/texts';
import { useMonotonic } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';
import { toggleFullscreen } from './fullscreen.ts';
import { progressOf, type Rotation } from './rotation.ts';
import { useKiosk } from './use-kiosk.ts';
import { useLifeWords } from './use-life-words.ts';
import { useRotation } from './use-rotation.ts';
import { useWakeLock } from './use-wake-lock.ts';

/** Said when a kiosk begins, then the wall is left to what it shows. */
const HINT_MS = 20_000;

/** The kiosk, the rotation of views and the keys of a wall; shows as little as it can. */
export function Life() {
  const search = useSearch();
  const isKiosk = useKiosk(search);
  const rotation = useRotation(search);
  const wakeLock = useWakeLock(isKiosk || rotation !== null);
  useFullscreenKey();
  return (
    <>
      {isKiosk && <KioskHint isScreenKept={wakeLock !== 'refused'} />}
      {rotation && <RotationLine rotation={rotation} />}
    </>
  );
}

function KioskHint({ isScreenKept }: { readonly isScreenKept: boolean }) {
  const own = useLifeWords();
  const [isShown, setIsShown] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(false), HINT_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isShown) return null;
  return (
    <div className="life-hint" role="status">
      <p>{own.kioskHint}</p>
      {!isScreenKept && <p>{own.noWakeLock}</p>}
    </div>
  );
}

function RotationLine({ rotation }: { readonly rotation: Rotation }) {
  const own = useLifeWords();
  const { language } = useWords();
  const nowMs = useMonotonic(500);
  const { heldUntilMs, isStopped } = rotation;
  const isHeld = heldUntilMs !== null && heldUntilMs > nowMs;
  return (
    <div className="life-rotation">
      {isStopped && <p role="status">{own.stopped}</p>}
      {!isStopped && isHeld && <p>{own.held(formatDuration(heldUntilMs - nowMs, language))}</p>}
      {!isStopped && !isHeld && (
        <progress aria-label={own.rotation} max={1} value={progressOf(rotation, nowMs)} />
      )}
    </div>
  );
}

/** `f` by its place on the keyboard, so that it is the same in the Russian layout. */
function useFullscreenKey(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { code, target, ctrlKey, metaKey, altKey } = event;
      const isField =
        target instanceof Element && target.closest('input, select, textarea') !== null;
      if (code !== 'KeyF' || isField || ctrlKey || metaKey || altKey) return;
      event.preventDefault();
      void toggleFullscreen(document);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
