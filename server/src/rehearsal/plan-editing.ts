/** One window in which somebody edits the plan. */
export interface Editor {
  readonly account: string;
  /** Of the page, so that two windows of one account differ. */
  readonly window: string;
}

/** Who has edited since when, ms since 1970 UTC. */
export interface Editing {
  readonly by: string;
  readonly sinceMs: number;
}

/** A window that was closed without a word is forgotten after this. */
export const EDITING_EXPIRES_MS = 60_000;
/** More windows than people; the one that was renewed longest ago makes room. */
const MAX_WINDOWS = 100;

interface Presence extends Editing {
  readonly untilMs: number;
}

/** Who edits the plan now: every window says so again and again. In memory: a restart asks anew. */
export class PlanEditing {
  /** By window, the one that was renewed last at the end. */
  readonly #windows = new Map<string, Presence>();

  /** A window edits, or says again that it does. */
  begin({ account, window }: Editor, nowMs: number): void {
    this.#expire(nowMs);
    const key = keyOf({ account, window });
    const sinceMs = this.#windows.get(key)?.sinceMs ?? nowMs;
    this.#windows.delete(key);
    this.#windows.set(key, { by: account, sinceMs, untilMs: nowMs + EDITING_EXPIRES_MS });
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= MAX_WINDOWS) break;
      this.#windows.delete(oldest);
    }
  }

  /** A window is done. */
  end(editor: Editor): void {
    this.#windows.delete(keyOf(editor));
  }

  /** An account has applied its edit: none of its windows edits any more. */
  applied(account: string): void {
    for (const [key, { by }] of this.#windows) if (by === account) this.#windows.delete(key);
  }

  /** Who began first of those that still edit; null for nobody. */
  now(nowMs: number): Editing | null {
    this.#expire(nowMs);
    let first: Editing | null = null;
    for (const each of this.#windows.values())
      if (first === null || each.sinceMs < first.sinceMs) first = each;
    return first && { by: first.by, sinceMs: first.sinceMs };
  }

  #expire(nowMs: number): void {
    for (const [key, { untilMs }] of this.#windows) {
      // The clock was set back: whoever still edits says so again soon.
      const isAhead = untilMs - nowMs > 2 * EDITING_EXPIRES_MS;
      if (nowMs >= untilMs || isAhead) this.#windows.delete(key);
    }
  }
}

/** No account has a line break in its name, and no window. */
function keyOf({ account, window }: Editor): string {
  return `${account}\n${window}`;
}
