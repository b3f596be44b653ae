import { useRef, type ReactNode } from 'react';
import { ScopeNote } from '../session/ScopeNote.tsx';
import { Menu } from './Menu.tsx';
import { usePageTitle } from './use-page-title.ts';

interface PageHeadProps {
  readonly title: ReactNode;
  /** Beside the title, at the end of the line. */
  readonly children?: ReactNode;
}

/** The head of every page but the wall: the way to all others, and what this one is. */
export function PageHead({ title, children }: PageHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(heading);
  return (
    <>
      <div className="page-bar">
        <Menu />
      </div>
      <header className="page-head">
        <h1 ref={heading}>{title}</h1>
        <ScopeNote />
        {children}
      </header>
    </>
  );
}
