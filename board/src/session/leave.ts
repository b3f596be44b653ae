import { pictureStore } from '../life/picture-store.ts';
import type { SessionSource } from './session-source.ts';

/**
 * Loads another page for somebody else: what the one before saw is not kept in this browser. Resolves
 * when the way is taken.
 */
export async function leaveTo(path: string, source: SessionSource | undefined): Promise<void> {
  source?.forget();
  await pictureStore().write({});
  window.location.assign(path);
}
