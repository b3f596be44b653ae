/** What this tab remembers over reloads; nothing where storage is forbidden. */
export interface TabMemory {
  get(key: string): string | null;
  /** Null forgets. */
  set(key: string, value: string | null): void;
}

/** `sessionStorage`, which a browser may forbid. */
export function tabMemory(): TabMemory {
  return {
    get: (key) => {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null;
      }
    },
    set: (key, value) => {
      try {
        if (value === null) sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, value);
      } catch {
        // The choice lives until the page is closed.
      }
    },
  };
}
