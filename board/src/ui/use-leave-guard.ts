import { useEffect } from 'react';

/** Asks before a page with unapplied work is left: by its links, by closing and by loading it anew. */
export function useLeaveGuard(isDirty: boolean, question: string): void {
  useEffect(() => {
    if (!isDirty) return undefined;
    const onUnload = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
      // Chrome before 119 asks by this alone.
      event.returnValue = true;
    };
    const onClick = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
      if (!(link instanceof HTMLAnchorElement) || link.target === '_blank') return;
      // A file to save, a mark on this page and its other views keep the page.
      const isStaying = link.hasAttribute('download') || link.pathname === location.pathname;
      if (isStaying || window.confirm(question)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('beforeunload', onUnload);
    // Before the link's own handler.
    document.addEventListener('click', onClick, true);
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, true);
    };
  }, [isDirty, question]);
}
