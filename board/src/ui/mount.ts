import { startTransition, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

/** Shows a page in the document's root, in slices: a first picture of a hundred ППЭ keeps nobody waiting. */
export function mount(shown: ReactNode): void {
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no root');
  const page = createRoot(root);
  startTransition(() => page.render(shown));
}
