import { useState } from 'react';

/** A long list a page at a time. */
export interface Paged<T> {
  readonly shown: readonly T[];
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  readonly turn: (by: -1 | 1) => void;
}

export function usePages<T>(items: readonly T[], size: number): Paged<T> {
  const [wanted, setWanted] = useState(1);
  const pages = Math.max(1, Math.ceil(items.length / size));
  const page = Math.min(wanted, pages);
  return {
    shown: items.slice((page - 1) * size, page * size),
    page,
    pages,
    turn: (by) => setWanted(Math.min(Math.max(page + by, 1), pages)),
  };
}
