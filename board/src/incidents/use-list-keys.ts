import { useEffect, useRef, type RefObject } from 'react';

/** What a key press asks of a list. */
export type ListKey = 'next' | 'previous' | 'take' | 'comment';

/** Keys by their place on the board, so that they do the same in the Russian layout. */
const keys: Readonly<Record<string, ListKey>> = {
  KeyJ: 'next',
  ArrowDown: 'next',
  KeyK: 'previous',
  ArrowUp: 'previous',
  KeyA: 'take',
  KeyC: 'comment',
};

/** Moves through a list of incidents by keys; Enter is the browser's own, on the focused title. */
export function useListKeys(
  list: RefObject<HTMLElement | null>,
  onKey: (key: 'take' | 'comment', id: string) => void,
): void {
  const latest = useRef(onKey);
  useEffect(() => {
    latest.current = onKey;
  }, [onKey]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const key = keys[event.code];
      if (key === undefined || isMeantElsewhere(event) || !list.current) return;
      const lines = [...list.current.querySelectorAll<HTMLElement>('[data-incident]')];
      const at = lines.findIndex((line) => line.contains(document.activeElement));
      if (key === 'take' || key === 'comment') {
        const id = lines[at]?.dataset.incident;
        if (id !== undefined) latest.current(key, id);
      } else {
        const next = key === 'next' ? Math.min(at + 1, lines.length - 1) : Math.max(at - 1, 0);
        const title = lines[next]?.querySelector<HTMLElement>('.incident-title');
        title?.focus();
        title?.scrollIntoView({ block: 'nearest' });
      }
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [list]);
}

/** Somebody types, or means the browser. */
function isMeantElsewhere({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const isField = target instanceof Element && target.closest('input, select, textarea') !== null;
  return isField || ctrlKey || metaKey || altKey;
}
