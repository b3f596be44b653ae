import { useLive } from '../live/use-live.ts';
import type { CountryPainter } from './country-painter.ts';
import { useCountryWords } from './use-country-words.ts';
import { useLayout } from './use-painter.ts';

/** How many there are, and what a cell is. How they stand the wall's counts say, over it. */
export function CountryHead({ painter }: { readonly painter: CountryPainter | null }) {
  const { own, count } = useCountryWords();
  const layout = useLayout(painter);
  const sites = useLive((state) => state.sites.size);
  const rooms = painter?.model.roomStates.length ?? 0;
  return (
    <header className="country-head">
      <strong>{count(sites, own.sites)}</strong>
      {rooms > 0 && <span className="quiet">{count(rooms, own.rooms)}</span>}
      {layout && (
        <span className="quiet">{painter?.isOfRooms ? own.cellIsRoom : own.cellIsSite}</span>
      )}
    </header>
  );
}
