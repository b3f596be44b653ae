import { servedBoard } from './own-build.ts';

/** A collector that is slower than this is not waited for: the page loads what is missing itself. */
const DEADLINE_MS = 30_000;

/**
 * Brings the files of the board that is served now, its parts as well, so that a reload finds them in the
 * browser's cache. Never rejects: it only makes the reload shorter.
 */
export async function prefetchServed(): Promise<void> {
  const board = await servedBoard();
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const bring = async (path: string): Promise<unknown> =>
    (await fetch(path, { cache: path === '/' ? 'no-cache' : 'default', signal })).arrayBuffer();
  // One that does not come keeps none of the others.
  await Promise.allSettled(['/', ...(board?.files ?? [])].map(bring));
}
