import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useLive } from '../live/use-live.ts';
import { useEnrolmentWords } from './use-enrolment-words.ts';
import { PlaceRow } from './PlaceRow.tsx';
import { StateGlyph } from './PlaceWords.tsx';
import { placesBySite, type SitePlaces } from './site-places.ts';
import type { PlacesPage } from './use-places.ts';

/** So few sites are all unfolded. */
const UNFOLDED = 3;

interface SiteListProps {
  readonly of: PlacesPage;
  readonly onChanged: () => void;
}

/** Every ППЭ that has files, its places folded under it: a page at a time. */
export function SiteList({ of: { items, search, find, turn }, onChanged }: SiteListProps) {
  const { own } = useEnrolmentWords();
  const sites = useMemo(() => placesBySite(items ?? []), [items]);
  const { back, on } = turn;
  return (
    <section className="panel" aria-label={own.places} data-testid="enrolment-places">
      <h2>{own.places}</h2>
      <p className="fields">
        <label>
          {own.search}{' '}
          <input
            type="search"
            value={search}
            maxLength={4}
            placeholder={own.searchHint}
            onChange={({ target }) => find(target.value)}
          />
        </label>
      </p>
      {items?.length === 0 && (
        <p className="quiet">{search === '' ? own.nothing : own.nothingFound}</p>
      )}
      {sites.map((site) => (
        <Site
          key={site.siteCode}
          site={site}
          isUnfolded={sites.length <= UNFOLDED}
          onChanged={onChanged}
        />
      ))}
      {(back ?? on) && (
        <div className="fields">
          <button type="button" disabled={!back} onClick={back}>
            {own.previous}
          </button>
          <button type="button" disabled={!on} onClick={on}>
            {own.next}
          </button>
        </div>
      )}
    </section>
  );
}

interface SiteProps {
  readonly site: SitePlaces;
  readonly isUnfolded: boolean;
  readonly onChanged: () => void;
}

function Site({ site, isUnfolded, onChanged }: SiteProps) {
  const { own, page, number } = useEnrolmentWords();
  const name = useLive((state) => state.registry.get(site.siteCode)?.name ?? '');
  const [isOpen, setIsOpen] = useState(false);
  const isShown = isOpen || isUnfolded;
  return (
    <details
      className="enrolment-site"
      open={isShown}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary>
        <strong>
          {page.ppe} {site.siteCode}
        </strong>{' '}
        <span className="quiet">{name}</span>
        {[...site.counts].map(([state, count]) => (
          <span key={state} className="enrolment-count">
            <StateGlyph state={state} /> {own.counted[state](number(count))}
          </span>
        ))}
      </summary>
      {/* A region has thousands of places: those of a folded site are not drawn. */}
      {isShown && <Places site={site} onChanged={onChanged} />}
    </details>
  );
}

function Places({ site, onChanged }: Omit<SiteProps, 'isUnfolded'>) {
  const { own, page } = useEnrolmentWords();
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{own.place}</th>
            <th scope="col">{own.state}</th>
            <th scope="col">{own.workstation}</th>
            <th scope="col">{own.enrolled}</th>
            <th scope="col">{own.validUntil}</th>
            <th scope="col">{own.actions}</th>
          </tr>
        </thead>
        <tbody>
          {site.places.map((place) => (
            <PlaceRow key={place.codeId} of={place} onChanged={onChanged} />
          ))}
        </tbody>
      </table>
      <p>
        <Link href={`/ppe/${site.siteCode}`}>
          {page.ppe} {site.siteCode}
        </Link>
      </p>
    </div>
  );
}
