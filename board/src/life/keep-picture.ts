import type { LiveClient } from '../live/live-client.ts';
import { freshnessOf } from '../live/freshness.ts';
import { pictureOf } from './last-picture.ts';
import { packed } from './packed-picture.ts';
import { pictureFormat } from './picture-format.ts';
import type { SessionSource } from '../session/session-source.ts';
import type { PictureStore } from './picture-store.ts';

/** Keeps what the wall shows; a picture that is itself only a kept one is not kept again. */
export async function keepPicture(
  live: LiveClient,
  store: PictureStore,
  session?: SessionSource,
): Promise<void> {
  // What somebody saw who has signed out is nobody's any more.
  if (session?.session === null) return;
  const nowMs = performance.now();
  const { lastFrameMs, isRestored } = live.line;
  if (lastFrameMs === null || isRestored === true) return;
  const ageMs = nowMs - lastFrameMs;
  // A lost line has nothing newer than what was kept when it was lost.
  if (freshnessOf(live.line, nowMs) === 'lost') return;
  const moment = { format: pictureFormat, wallMs: Date.now(), ageMs };
  const picture = pictureOf(live.state, moment);
  if (picture) await store.write(await packed(picture, nextTask));
}

/** After what the browser has to do before it. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
