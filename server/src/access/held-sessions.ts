/** Why something that is open under a session must go: for good, or to come again with another token. */
export type EndOfSession = 'ended' | 'renewed';

/** What stays open under a session, by the session's hash: the sockets of its browser. */
export class HeldSessions {
  readonly #held = new Map<string, Set<(why: EndOfSession) => void>>();

  /** `ended` is called when the session is ended by somebody. Answers how to let go. */
  hold(hash: string, ended: (why: EndOfSession) => void): () => void {
    const those = this.#held.get(hash) ?? new Set();
    this.#held.set(hash, those.add(ended));
    return () => {
      those.delete(ended);
      if (those.size === 0 && this.#held.get(hash) === those) this.#held.delete(hash);
    };
  }

  has(hash: string): boolean {
    return this.#held.has(hash);
  }

  hashes(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** Tells all that are open under the session. */
  end(hash: string, why: EndOfSession = 'ended'): void {
    const those = this.#held.get(hash);
    this.#held.delete(hash);
    for (const ended of those ?? []) ended(why);
  }
}
