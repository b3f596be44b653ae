import { useEffect } from 'react';
import { postJson } from '../api/client.ts';
import { newRequestId } from '../incidents/request-id.ts';

const PATH = '/api/v1/plan/editing';
/** The collector forgets who edits when it hears nothing for a while. */
const EVERY_MS = 20_000;

/** Tells the other boards that somebody edits the plan, for as long as the editor is open. */
export function useEditingMark(): void {
  useEffect(() => {
    // Two windows of one account differ: one that closes does not speak for the other.
    const own = newRequestId();
    // What becomes of it does not matter: the next one comes, and silence says the same as `false`.
    const tell = (isEditing: boolean): void => void postJson(PATH, { isEditing, window: own });
    tell(true);
    const timer = setInterval(() => tell(true), EVERY_MS);
    const onHide = (): void => {
      const body = new Blob([JSON.stringify({ isEditing: false, window: own })], {
        type: 'application/json',
      });
      navigator.sendBeacon(PATH, body);
    };
    window.addEventListener('pagehide', onHide);
    return () => {
      clearInterval(timer);
      window.removeEventListener('pagehide', onHide);
      tell(false);
    };
  }, []);
}
