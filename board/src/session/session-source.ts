import { getJson } from '../api/client.ts';
import { sessionOf, type Session } from './session.ts';

/** What is known of this browser's session: undefined before the collector said it, null for none. */
export type KnownSession = Session | null | undefined;

/** Who this browser is, asked when the page begins and whenever the line breaks. */
export class SessionSource {
  #session: KnownSession;
  readonly #listeners = new Set<() => void>();
  #hasLanded = false;

  get session(): KnownSession {
    return this.#session;
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Asks the collector; true when it answers and does not know this browser. Never rejects. */
  readonly isSignedOut = async (): Promise<boolean> => {
    const answer = await getJson('/api/v1/session');
    // Where nobody answers, what was known stays: that is another trouble.
    if (answer.kind === 'signedOut') this.#know(null);
    else if (answer.kind === 'done') this.#know(sessionOf(answer.value));
    return answer.kind === 'signedOut';
  };

  /** True once a page: the first address may lead on to one's own place, later ones are meant. */
  land(): boolean {
    const isFirst = !this.#hasLanded;
    this.#hasLanded = true;
    return isFirst;
  }

  /** Nobody is here any more: the page goes, and keeps nothing of what it showed. */
  forget(): void {
    this.#know(null);
  }

  #know(session: KnownSession): void {
    if (JSON.stringify(session) === JSON.stringify(this.#session)) return;
    this.#session = session;
    for (const listener of this.#listeners) listener();
  }
}
