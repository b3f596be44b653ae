import { useSyncExternalStore } from 'react';
import { useWords } from '../text/texts.ts';
import { toggleFullscreen } from './fullscreen.ts';

/** Full screen by a press; `f` does the same. */
export function FullscreenSwitch() {
  const { page } = useWords();
  const isFull = useSyncExternalStore(follow, () => document.fullscreenElement !== null);
  return (
    <button type="button" onClick={() => void toggleFullscreen(document)}>
      {isFull ? page.leaveFullscreen : page.fullscreen}
    </button>
  );
}

function follow(changed: () => void): () => void {
  document.addEventListener('fullscreenchange', changed);
  return () => document.removeEventListener('fullscreenchange', changed);
}
