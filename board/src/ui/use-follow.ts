import { useCallback, type MouseEvent } from 'react';
import { useLocation } from 'wouter';

/**
 * Follows the plain links of an element within the page: for a hundred of them one listener, where each
 * link of the router would look after the address itself. A link that is opened beside stays the browser's.
 */
export function useFollow(): (event: MouseEvent<HTMLElement>) => void {
  const [, navigate] = useLocation();
  return useCallback(
    (event) => {
      const { target, button, defaultPrevented, altKey, ctrlKey, metaKey, shiftKey } = event;
      if (defaultPrevented || button !== 0 || altKey || ctrlKey || metaKey || shiftKey) return;
      const href = (target as Element).closest('a')?.getAttribute('href');
      if (!href?.startsWith('/')) return;
      event.preventDefault();
      navigate(href);
    },
    [navigate],
  );
}
