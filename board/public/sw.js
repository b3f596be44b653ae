// Keeps the shell of the board for a computer that starts while the collector does not answer. It never
// keeps anything of the API: what the wall showed last is kept by the page itself.
'use strict';

/** Both are filled in by the build. */
const BUILD = '';
const FILES = [];

const PREFIX = 'ppe-pulse-shell-';
const CACHE = PREFIX + BUILD;
const SHELL = '/';
/** A collector that is slower than this is answered for. */
const SLOW_AFTER_MS = 3_000;
const PAGES =
  /^\/(?:$|(?:access|account|agents|alerts|display|enrolment|incidents|plan|registry|rehearsal|replay|sign-in)$|(?:incidents|municipalities|ppe|workstations)\/)/;

self.addEventListener('install', (event) => {
  event.waitUntil(keepAll());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOld());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (PAGES.test(url.pathname) && (request.mode === 'navigate' || url.pathname === SHELL))
    event.respondWith(shell(request));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request));
  else if (url.pathname === '/icon.svg') event.respondWith(asset(request));
});

self.addEventListener('message', ({ data }) => {
  // The collector wants no copy any more: nothing of it stays.
  if (data === 'leave') void leave();
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await self.skipWaiting();
}

/** The newest shell before this one stays: pages that were loaded with it may still ask for its parts. */
async function forgetOld() {
  const shells = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const others = shells.filter((name) => name !== CACHE);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

async function leave() {
  const shells = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(shells.map((name) => caches.delete(name)));
  await self.registration.unregister();
}

/** The collector's own page if it answers in time, else the one that was kept. */
async function shell(request) {
  const fresh = fetch(request).then(async (response) => {
    if (response.ok && response.type === 'basic' && !response.redirected) {
      const cache = await caches.open(CACHE);
      await cache.put(SHELL, response.clone());
    }
    return response;
  });
  const slow = new Promise((resolve) => {
    setTimeout(resolve, SLOW_AFTER_MS);
  });
  try {
    const first = await Promise.race([fresh, slow]);
    if (first) return first;
  } catch {
    // The collector does not answer at all.
  }
  const kept = await caches.match(SHELL);
  return kept ?? fresh;
}

/** Names carry a hash: what is kept is what would come. */
async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) {
    const cache = await caches.open(CACHE);
    await cache.put(request, response.clone());
  }
  return response;
}
