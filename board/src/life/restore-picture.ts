import type { LiveClient } from '../live/live-client.ts';
import { restored } from './last-picture.ts';
import { pictureFormat } from './picture-format.ts';
import { pictureStore } from './picture-store.ts';

/** A browser's storage that takes longer is not waited for: what comes first is shown. */
const WAIT_MS = 250;

/**
 * Shows what the wall showed last until the collector speaks. Ends when it is there, or when it was waited
 * for long enough.
 */
export async function restorePicture(live: LiveClient): Promise<void> {
  const kept = pictureStore()
    .read()
    .then(async (picture) => {
      const last = await restored(picture, { format: pictureFormat, wallMs: Date.now() });
      if (last) live.restore(last.state, last.ageMs);
    });
  const waited = new Promise<void>((resolve) => {
    setTimeout(resolve, WAIT_MS);
  });
  await Promise.race([kept, waited]);
}
