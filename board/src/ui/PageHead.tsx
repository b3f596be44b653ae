import type { ReactNode } from 'react';
import { Menu } from './Menu.tsx';

interface PageHeadProps {
  readonly title: ReactNode;
  /** Beside the title, at the end of the line. */
  readonly children?: ReactNode;
}

/** The head of every page but the wall: the way to all others, and what this one is. */
export function PageHead({ title, children }: PageHeadProps) {
  return (
    <>
      <div className="page-bar">
        <Menu />
      </div>
      <header className="page-head">
        <h1>{title}</h1>
        {children}
      </header>
    </>
  );
}
