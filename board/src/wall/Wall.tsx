import './wall.css';
import './tiles.css';
import './hall.css';
import { lazy, useState } from 'react';
import { useSearchParams } from 'wouter';
import { useLive } from '../live/use-live.ts';
import { Part } from '../ui/Part.tsx';
import { useSettings } from '../ui/settings.ts';
import { Counts } from './Counts.tsx';
import { Header } from './Header.tsx';
import { TileGrid } from './TileGrid.tsx';
import { useTileOrder, type OrderChoice } from './use-tile-order.ts';
import { TileLifeContext, useTileLife, useTroubled, useTileStore } from './use-tiles.ts';
import { useWallWords } from './use-wall-words.ts';
import { WallFooter } from './WallFooter.tsx';

/** Columns of the funnel that are read across a hall. */
const HALL_COLUMNS = 3;
/** More tiles than this nobody tells apart: the grid gives way to the country's picture. */
const MAX_TILES = 400;

const Funnel = lazy(async () => ({ default: (await import('./stages-of-day.ts')).Funnel }));
const DayState = lazy(async () => ({
  default: (await import('../day-state/DayState.tsx')).DayState,
}));
const WallSide = lazy(async () => ({
  default: (await import('../wall-side/WallSide.tsx')).WallSide,
}));
const IncidentBar = lazy(async () => ({
  default: (await import('../incidents/IncidentBar.tsx')).IncidentBar,
}));
const CountryView = lazy(async () => ({
  default: (await import('../country/CountryView.tsx')).CountryView,
}));

/** The wall: the day, counts, stages, every ППЭ as a tile, and what is wrong beside it. */
export function Wall() {
  const { density } = useSettings();
  const isEarly = useLive(({ overview }) => overview?.rehearsal?.phase === 'preparation');
  const [choice, setChoice] = useState<OrderChoice>({ onlyProblems: false, isPinned: false });
  return (
    <div className={`wall wall-${density} ${isEarly ? 'is-early' : ''}`}>
      <Header />
      <main id="main" className="wall-body">
        <Notices />
        <div className="wall-top">
          <Counts />
          <Part fallback={<div className="stages" aria-busy="true" />}>
            <Funnel {...(density === 'hall' && { maxColumns: HALL_COLUMNS })} />
          </Part>
        </div>
        <Places choice={choice} />
      </main>
      <WallFooter choice={choice} onChoice={setChoice} />
    </div>
  );
}

/** What kind of day it is, and what the collector says of itself; nothing on an ordinary one. */
function Notices() {
  return (
    <div className="wall-notices">
      <Part>
        <DayState />
      </Part>
    </div>
  );
}

/** What stands where: the tiles and the column beside them, or what takes their place. */
function Places({ choice }: { readonly choice: OrderChoice }) {
  const { page } = useWallWords();
  const { density } = useSettings();
  const [search] = useSearchParams();
  const isReady = useLive((state) => state.seq >= 0);
  const size = useLive((state) => state.sites.size);
  if (size > MAX_TILES || search.get('view') === 'country') {
    return (
      <>
        {/* There is no column of problems here: what nobody took is still said. */}
        <Part fallback={<div className="bar-place" />}>
          <IncidentBar hasSound={false} />
        </Part>
        <div className="wall-main is-country">
          <Part fallback={<section aria-busy="true" />}>
            <CountryView />
          </Part>
        </div>
      </>
    );
  }
  // A view of a rotation, or a link: the switch adds to it.
  const asksProblems = search.get('view') === 'problems';
  // Across a hall nobody tells tiles apart: what is wrong takes their place.
  const hasGrid = density !== 'hall' || size === 0;
  return (
    <div className={`wall-main ${hasGrid ? '' : 'is-hall'}`}>
      {hasGrid && (
        <section className="grid-area" aria-label={page.board}>
          {!isReady && <p className="message">{page.waiting}</p>}
          {isReady && size === 0 && <Nobody />}
          {size > 0 && (
            <Tiles choice={{ ...choice, onlyProblems: choice.onlyProblems || asksProblems }} />
          )}
        </section>
      )}
      <div className="side-area">
        <Part fallback={<section className="panel" aria-busy="true" />}>
          <WallSide density={density} />
        </Part>
      </div>
    </div>
  );
}

/** Store and clock of the tiles run while there are tiles: not under a hall's view or the country's. */
function Tiles({ choice }: { readonly choice: OrderChoice }) {
  const life = useTileLife();
  return (
    <TileLifeContext.Provider value={life}>
      <OrderedTiles choice={choice} />
    </TileLifeContext.Provider>
  );
}

function OrderedTiles({ choice }: { readonly choice: OrderChoice }) {
  const { page } = useWallWords();
  const store = useTileStore();
  const order = useTileOrder(store, choice);
  const troubled = useTroubled(store, choice.onlyProblems);
  if (choice.onlyProblems && troubled.length === 0 && order.codes.length === 0)
    return <p className="message">{page.noProblems}</p>;
  return <TileGrid order={order} />;
}

function Nobody() {
  const { page } = useWallWords();
  return (
    <div className="message">
      <p>{page.nobody}</p>
      <p className="quiet">{page.nobodyHint}</p>
    </div>
  );
}
