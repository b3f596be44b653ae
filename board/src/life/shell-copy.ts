import type { ServedBoard } from './own-build.ts';

/**
 * The copy of the shell that lets a wall start while the collector does not answer. Browsers allow it on
 * https and on the collector's own computer only; elsewhere such a wall shows the browser's own error.
 */
export async function keepShellCopy(board: ServedBoard | null): Promise<void> {
  if (!('serviceWorker' in navigator) || !board) return;
  try {
    if (board.serviceWorker) await navigator.serviceWorker.register('/sw.js');
    else await dropShellCopy();
  } catch {
    // Forbidden by the browser's settings: the wall needs the collector to start.
  }
}

async function dropShellCopy(): Promise<void> {
  for (const registration of await navigator.serviceWorker.getRegistrations()) {
    registration.active?.postMessage('leave');
    await registration.unregister();
  }
}
