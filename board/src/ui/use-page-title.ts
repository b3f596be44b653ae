import { useEffect, type RefObject } from 'react';
import { useWords } from '../text/texts.ts';

/** The window is named after the heading of its page: two windows and a history of them are told apart. */
export function usePageTitle(heading: RefObject<HTMLElement | null>): void {
  const { page } = useWords();
  useEffect(() => {
    const text = heading.current?.textContent ?? '';
    document.title = text === '' ? page.title : `${text} · ${page.title}`;
  });
  useEffect(
    () => () => {
      document.title = page.title;
    },
    [page.title],
  );
}
