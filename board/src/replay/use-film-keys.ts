import { useEffect } from 'react';
import type { ReplayClient } from './replay-client.ts';
import { clampTo, lastMark, nextMark, type Reel } from './timeline.ts';

const STEP_MS = 10_000;
const LONG_STEP_MS = 60_000;
/** A jump back goes to the mark before the one that was just reached. */
const REACHED_MS = 1_000;

/** What these take, they keep. */
const TYPED = 'textarea, select, input:not([type="range"]), [contenteditable="true"]';
/** What these do at a press of the space bar is theirs. */
const PRESSED = 'button, summary, a, label';

/** Space plays and pauses, arrows go 10 seconds, with Shift a minute, N and P go to marks. */
export function useFilmKeys(
  client: ReplayClient,
  reel: Reel,
  marks: readonly { readonly atMs: number }[],
): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { target, key, shiftKey, ctrlKey, altKey, metaKey } = event;
      if (event.defaultPrevented || ctrlKey || altKey || metaKey) return;
      if (!(target instanceof Element) || target.matches(TYPED)) return;
      if (key === ' ' && target.matches(PRESSED)) return;
      const action = actionOf(key, shiftKey);
      if (!action) return;
      event.preventDefault();
      act(client, action, { reel, marks });
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [client, reel, marks]);
}

/** What a person wants of the film. */
export type FilmAction =
  | { readonly kind: 'toggle' }
  | { readonly kind: 'step'; readonly ms: number }
  | { readonly kind: 'mark'; readonly isNext: boolean };

/** Does it. */
export function act(
  client: ReplayClient,
  action: FilmAction,
  { reel, marks }: { readonly reel: Reel; readonly marks: readonly { readonly atMs: number }[] },
): void {
  const { atMs, isPlaying } = client.status;
  switch (action.kind) {
    case 'toggle':
      if (isPlaying) client.pause();
      else client.play();
      return;
    case 'step':
      void client.seek(clampTo(reel, atMs + action.ms));
      return;
    case 'mark': {
      const mark = action.isNext ? nextMark(marks, atMs) : lastMark(marks, atMs - REACHED_MS);
      if (mark) void client.seek(clampTo(reel, mark.atMs));
    }
  }
}

function actionOf(key: string, isLong: boolean): FilmAction | undefined {
  const ms = isLong ? LONG_STEP_MS : STEP_MS;
  switch (key) {
    case ' ':
      return { kind: 'toggle' };
    case 'ArrowLeft':
      return { kind: 'step', ms: -ms };
    case 'ArrowRight':
      return { kind: 'step', ms };
    case 'n':
    case 'N':
    case 'т':
    case 'Т':
      return { kind: 'mark', isNext: true };
    case 'p':
    case 'P':
    case 'з':
    case 'З':
      return { kind: 'mark', isNext: false };
    default:
      return undefined;
  }
}
