import type { MouseEvent } from 'react';
import { useWords } from '../text/texts.ts';

/** «К содержанию»: seen once it has the focus, the first that a keyboard reaches on every page. */
export function SkipLink() {
  const { page } = useWords();
  const skip = (event: MouseEvent): void => {
    event.preventDefault();
    const main = document.querySelector('main');
    if (!main) return;
    // A landmark takes the focus only when it is told that it may.
    main.tabIndex = -1;
    main.focus();
  };
  return (
    <a href="#main" className="skip" onClick={skip}>
      {page.toContent}
    </a>
  );
}
