import type { LiveClient } from '../live/live-client.ts';
import type { SessionSource } from '../session/session-source.ts';
import { sleptMs, type TwoClocks } from '../live/sleep-watch.ts';
import { keepPicture } from './keep-picture.ts';
import { ownBuild, servedBoard } from './own-build.ts';
import { pictureStore } from './picture-store.ts';
import { prefetchServed } from './prefetch.ts';
import { Reloader } from './reloader.ts';
import { keepShellCopy } from './shell-copy.ts';
import { tabMemory } from './tab-memory.ts';
import { isSomebodyWriting } from './unsaved.ts';

const KEEP_EVERY_MS = 30_000;
/** A page that opens has enough to do. */
const FIRST_KEEP_AFTER_MS = 3_000;
const LOOK_EVERY_MS = 1_000;
/** The wall comes first; its spare copy may wait. */
const COPY_AFTER_MS = 5_000;

/** Everything that lets a page live for a week without anybody. Once a page; never ends. */
export function lookAfter(live: LiveClient, session: SessionSource): void {
  keepPictures(live, session);
  followDeploys(live, session);
  noticeSleep(live);
  window.addEventListener('online', () => live.hurry());
  setTimeout(() => void servedBoard().then(keepShellCopy), COPY_AFTER_MS);
}

function keepPictures(live: LiveClient, session: SessionSource): void {
  const store = pictureStore();
  const keep = (): void => void keepPicture(live, store, session);
  setInterval(keep, KEEP_EVERY_MS);
  window.addEventListener('pagehide', keep);
  let wasThere = false;
  live.subscribe(() => {
    const { closedSinceMs, isRestored } = live.line;
    const isThere = live.state.seq >= 0 && isRestored !== true && closedSinceMs === null;
    // The first soon, for a computer may lose its power in the first half minute as well; and the last
    // at once, when the line goes.
    if (isThere && !wasThere) setTimeout(keep, FIRST_KEEP_AFTER_MS);
    if (!isThere && wasThere) keep();
    wasThere = isThere;
  });
}

function followDeploys(live: LiveClient, session: SessionSource): void {
  const store = pictureStore();
  const reloader = new Reloader({
    ownBuild: ownBuild(document),
    servedBuild: async () => (await servedBoard())?.build ?? null,
    isBusy: () => isSomebodyWriting(document),
    prepare: async () => {
      await prefetchServed();
      await keepPicture(live, store, session);
    },
    reload: () => window.location.reload(),
    random: Math.random,
    wait: (ms) =>
      new Promise((resolve) => {
        setTimeout(resolve, ms);
      }),
    wallMs: () => Date.now(),
    memory: tabMemory(),
  });
  const follow = (): void => reloader.told(live.state.build);
  follow();
  live.subscribe(follow);
  window.addEventListener('vite:preloadError', () => reloader.partMissing());
}

/** A computer that slept shows an old picture as an old one, before anything else. */
function noticeSleep(live: LiveClient): void {
  const clocks = (): TwoClocks => ({ monotonicMs: performance.now(), wallMs: Date.now() });
  let before = clocks();
  const look = (): void => {
    const now = clocks();
    const ms = sleptMs(before, now);
    before = now;
    if (ms > 0) live.slept(ms);
  };
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener('visibilitychange', () => {
    look();
    if (document.visibilityState === 'visible') live.hurry();
  });
}
