import { Fragment, useState } from 'react';
import type { Site } from '@ppe-pulse/protocol';
import { getJson } from '../api/client.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { Pages } from './Pages.tsx';
import type { RegistryAnswer, SitesAnswer } from './registry-shapes.ts';
import { SiteCells } from './SiteCells.tsx';
import { SiteDetails } from './SiteDetails.tsx';
import { useLater } from './use-later.ts';
import { useRegistryWords } from './use-registry-words.ts';

const PAGE = 50;
const COLUMNS = 9;
const TYPING_MS = 300;

interface SiteListProps {
  readonly registry: RegistryAnswer;
  /** Code to open with, of the address. */
  readonly first: string;
  readonly onChanged: () => void;
}

/** The sites of the registry: searched, a page at a time, each with its details. */
export function SiteList({ registry, first, onChanged }: SiteListProps) {
  const words = useRegistryWords();
  const { own } = words;
  const [search, setSearch] = useState(first);
  const [open, setOpen] = useState(first);
  const { answer, page, pages, turn } = useSitePages(search, registry.version);
  return (
    <section className="panel is-wide" aria-label={own.sites} data-testid="registry-sites">
      <h2>{own.sites}</h2>
      <div className="fields" role="search">
        <label>
          {own.search}
          <input
            type="search"
            value={search}
            maxLength={100}
            placeholder={own.searchHint}
            onChange={({ target }) => setSearch(target.value)}
          />
        </label>
        <span role="status" data-testid="sites-found">
          {answer === undefined ? own.loading : words.count(answer.total, own.found)}
        </span>
      </div>
      {answer?.total === 0 && <p>{own.nothingFound}</p>}
      {answer !== undefined && answer.total > 0 && (
        <div className="scroll">
          <table className="site-table">
            <SiteHeads />
            <tbody>
              {answer.items.map((site) => (
                <SiteRows
                  key={site.code}
                  site={site}
                  version={answer.version}
                  registry={registry}
                  isOpen={site.code === open}
                  onToggle={() => setOpen(site.code === open ? '' : site.code)}
                  onChanged={onChanged}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Pages of={{ page, pages, turn }} />
    </section>
  );
}

/** Pages by the cursors that lead to them; another search begins at the first. */
function useSitePages(search: string, version: number) {
  const wanted = useLater(search.trim(), TYPING_MS);
  const [at, setAt] = useState({ search: '', cursors: [''] });
  const cursors = at.search === wanted ? at.cursors : [''];
  const query = new URLSearchParams({ limit: String(PAGE), search: wanted });
  const cursor = cursors.at(-1) ?? '';
  if (cursor !== '') query.set('cursor', cursor);
  const got = useAnswer(getJson<SitesAnswer>, `/api/v1/registry/sites?${query}`, version);
  const answer = got?.kind === 'done' ? got.value : undefined;
  const [total, setTotal] = useState(0);
  if (answer !== undefined && answer.total !== total) setTotal(answer.total);
  const turn = (by: -1 | 1): void => {
    if (by === -1) setAt({ search: wanted, cursors: cursors.slice(0, -1) });
    else if (answer?.nextCursor !== undefined)
      setAt({ search: wanted, cursors: [...cursors, answer.nextCursor] });
  };
  return { answer, page: cursors.length, pages: Math.max(1, Math.ceil(total / PAGE)), turn };
}

function SiteHeads() {
  const { own } = useRegistryWords();
  const { siteName, municipality, kind, provider, contractMbit, dutyPhone } = own.fields;
  const names = [
    own.code,
    siteName,
    municipality,
    kind,
    own.rooms,
    own.workstations,
    provider,
    contractMbit,
    dutyPhone,
  ];
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface SiteRowsProps {
  readonly site: Site;
  readonly version: number;
  readonly registry: RegistryAnswer;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly onChanged: () => void;
}

function SiteRows({ site, version, registry, isOpen, onToggle, onChanged }: SiteRowsProps) {
  return (
    <Fragment>
      <SiteCells
        site={site}
        municipalities={registry.municipalities}
        isOpen={isOpen}
        onToggle={onToggle}
      />
      {isOpen && (
        <tr className="site-open">
          <td colSpan={COLUMNS}>
            <SiteDetails
              site={site}
              version={version}
              municipalities={registry.municipalities}
              onChanged={onChanged}
            />
          </td>
        </tr>
      )}
    </Fragment>
  );
}
