import { useRegistryWords } from './use-registry-words.ts';

interface PagesProps {
  readonly of: {
    readonly page: number;
    readonly pages: number;
    readonly turn: (by: -1 | 1) => void;
  };
}

/** Turns the pages of a list that has several. */
export function Pages({ of: { page, pages, turn } }: PagesProps) {
  const { own } = useRegistryWords();
  if (pages <= 1) return null;
  return (
    <div className="fields pages">
      <button type="button" disabled={page <= 1} onClick={() => turn(-1)}>
        {own.previous}
      </button>
      <span role="status">{own.page(page, pages)}</span>
      <button type="button" disabled={page >= pages} onClick={() => turn(1)}>
        {own.next}
      </button>
    </div>
  );
}
