import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { Verdict, VerdictCounts } from '@ppe-pulse/protocol';
import { Glyph } from '../ui/Glyph.tsx';
import { worstGroups } from './country-model.ts';
import type { CountryPainter } from './country-painter.ts';
import { useCountryWords } from './use-country-words.ts';
import { useLayout } from './use-painter.ts';

const columns: readonly Verdict[] = ['fail', 'unknown', 'warn', 'ok'];
/** Rows that stand beside the map without scrolling. */
const PAGE_ROWS = 16;
/** Numbers that change four times a second nobody reads. */
const RENEW_MS = 2_000;

/** Municipalities with their sites by verdict, worst first, page by page. */
export function CountryTable({ painter }: { readonly painter: CountryPainter }) {
  const { own, domain, number } = useCountryWords();
  const { groups } = painter.model;
  const counts = useCounts(painter);
  const [wanted, setPage] = useState(0);
  const order = worstGroups(groups, counts);
  const pages = Math.max(1, Math.ceil(order.length / PAGE_ROWS));
  const page = Math.min(wanted, pages - 1);
  return (
    <div className="panel country-side">
      <table className="country-table">
        <caption>{own.table}</caption>
        <thead>
          <tr>
            <th scope="col">{own.municipality}</th>
            {columns.map((verdict) => (
              <th key={verdict} scope="col">
                <Glyph verdict={verdict} label={domain.verdicts[verdict]} />
              </th>
            ))}
            <th scope="col">{own.total}</th>
          </tr>
        </thead>
        <tbody>
          {order.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS).map((at) => {
            const group = groups[at];
            return (
              group && (
                <tr key={group.slug}>
                  <th scope="row" title={group.name}>
                    {group.slug === '' ? (
                      own.unnamed
                    ) : (
                      <Link href={`/municipalities/${group.slug}`}>{group.name}</Link>
                    )}
                  </th>
                  {columns.map((verdict) => (
                    <td key={verdict} className={counts[at]?.[verdict] === 0 ? 'quiet' : ''}>
                      {number(counts[at]?.[verdict] ?? 0)}
                    </td>
                  ))}
                  <td>{number(group.sites.length)}</td>
                </tr>
              )
            );
          })}
        </tbody>
      </table>
      {pages > 1 && (
        <nav className="country-pages" aria-label={own.table}>
          <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)}>
            {own.previous}
          </button>
          <span>{own.page(number(page + 1), number(pages))}</span>
          <button type="button" disabled={page === pages - 1} onClick={() => setPage(page + 1)}>
            {own.next}
          </button>
        </nav>
      )}
    </div>
  );
}

/** How the sites of each group stand, renewed at a pace that people read at. */
function useCounts(painter: CountryPainter): readonly VerdictCounts[] {
  const layout = useLayout(painter);
  const [counts, setCounts] = useState<readonly VerdictCounts[]>(() => painter.model.counts());
  useEffect(() => {
    const renew = (): void => setCounts(painter.model.counts());
    renew();
    const timer = setInterval(renew, RENEW_MS);
    return () => clearInterval(timer);
  }, [painter, layout]);
  return counts;
}
