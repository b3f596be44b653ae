import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useWords } from '../text/texts.ts';

interface PageHeadProps {
  readonly title: ReactNode;
  /** Beside the title, at the end of the line. */
  readonly children?: ReactNode;
}

/** The head of every page but the wall: the way back to it, and what the page is. */
export function PageHead({ title, children }: PageHeadProps) {
  const { page } = useWords();
  return (
    <header className="page-head">
      <Link href="/" className="back">
        {page.back}
      </Link>
      <h1>{title}</h1>
      {children}
    </header>
  );
}
