import { lazy, memo, useMemo, useRef, type CSSProperties } from 'react';
import { useLive } from '../live/use-live.ts';
import { Part } from '../ui/Part.tsx';
import { fitGrid, type GridFit, type TilePlace } from './fit-grid.ts';
import { SiteTile } from './SiteTile.tsx';
import { captionsOf, type GroupCaption, type TileOrder } from './tile-order.ts';
import type { TileStore } from './tile-store.ts';
import { isTrouble } from './tiles.ts';
import { useArea } from './use-area.ts';
import { useFollow } from '../ui/use-follow.ts';
import { useIsFixed } from './use-is-fixed.ts';
import { useTileFace, useTileStore } from './use-tiles.ts';

const CellCanvas = lazy(async () => ({
  default: (await import('./CellCanvas.tsx')).CellCanvas,
}));

/** Every ППЭ in its place: as large as all of them together allow. */
export const TileGrid = memo(function TileGrid({ order }: { readonly order: TileOrder }) {
  const box = useRef<HTMLDivElement>(null);
  const area = useArea(box);
  const isFixed = useIsFixed();
  const { widthPx, heightPx, remPx } = area;
  const fit = useMemo(() => {
    const wants = order.codes.map((code) => order.wide.has(code));
    return fitGrid({ widthPx, heightPx: isFixed ? heightPx : null, remPx, wants });
  }, [order, widthPx, heightPx, isFixed, remPx]);
  return (
    <div className={`grid-box ${fit.isFitting ? '' : 'is-scrolled'}`} ref={box}>
      {/* A hundred tiles are made once, and not a second time in their true size. */}
      {area.isMeasured && <FittedTiles order={order} fit={fit} remPx={remPx} />}
    </div>
  );
});

interface FittedTilesProps {
  readonly order: TileOrder;
  readonly fit: GridFit;
  readonly remPx: number;
}

function FittedTiles({ order, fit, remPx }: FittedTilesProps) {
  const store = useTileStore();
  const follow = useFollow();
  const municipalities = useLive((state) => state.municipalities);
  const captions = useMemo(
    () =>
      captionsOf(
        order.codes.map((code) => store.view(code)),
        municipalities,
      ),
    [order, store, municipalities],
  );
  return (
    <>
      <ul className="grid" style={gridStyle(fit)} data-testid="grid" onClick={follow}>
        {order.codes.map((code, at) => {
          const place = fit.places[at];
          return (
            place && (
              <SiteTile
                key={code}
                code={code}
                place={place}
                isKnown={order.wide.has(code)}
                isFirstOfGroup={captions.has(code)}
              />
            )
          );
        })}
        <Captions order={order} store={store} fit={fit} captions={captions} />
      </ul>
      <Part>
        <CellCanvas codes={order.codes} fit={fit} remPx={remPx} />
      </Part>
    </>
  );
}

interface CaptionsProps {
  readonly order: TileOrder;
  readonly store: TileStore;
  readonly fit: GridFit;
  readonly captions: ReadonlyMap<string, GroupCaption>;
}

/**
 * Names of municipalities over their first tiles: as wide as the group is in that row, so that long
 * names have room. The first tile of a group is its worst: what is wrong keeps its name to itself.
 */
const Captions = memo(function Captions({ order, store, fit, captions }: CaptionsProps) {
  return order.codes.map((code, at) => {
    const caption = captions.get(code);
    const place = fit.places[at];
    if (!caption || !place) return null;
    let end = place.column + place.span;
    for (let next = at + 1; next < order.codes.length && !order.wide.has(code); next += 1) {
      const other = fit.places[next];
      const group = store.view(order.codes[next] ?? '')?.group;
      if (other?.row !== place.row || group !== caption.group) break;
      end = other.column + other.span;
    }
    return (
      <Caption
        key={`of ${code}`}
        code={code}
        isKnown={order.wide.has(code)}
        name={caption.name}
        count={caption.count > 1 ? ` · ${caption.count}` : ''}
        place={place}
        end={end}
      />
    );
  });
});

interface CaptionProps {
  readonly code: string;
  /** Its tile was wrong already when the wall was last put in order. */
  readonly isKnown: boolean;
  readonly name: string;
  readonly count: string;
  readonly place: TilePlace;
  /** The column after its group's last tile in this row. */
  readonly end: number;
}

/** In the colour of the tile that it stands on. Readers hear it with every tile. */
function Caption({ code, isKnown, name, count, place, end }: CaptionProps) {
  const verdict = useTileFace(code)?.verdict ?? 'unknown';
  // What breaks keeps its name to itself, from that moment on.
  const isAlone = isKnown || isTrouble(verdict);
  const column = `${place.column} / ${isAlone ? place.column + place.span : end}`;
  return (
    <li
      className={`group-name ${isAlone ? `is-over-${verdict}` : ''}`}
      style={{ gridColumn: column, gridRow: place.row }}
      title={name + count}
      aria-hidden="true"
    >
      <span>
        {/* A name that turns its direction leaves the count alone. */}
        <bdi>{name}</bdi>
        {count}
      </span>
    </li>
  );
}

function gridStyle(fit: GridFit): CSSProperties {
  return {
    gridTemplateColumns: `repeat(${fit.columns}, ${fit.tileWidthPx}px)`,
    gridAutoRows: `${fit.tileHeightPx}px`,
    fontSize: `${fit.scale}rem`,
  };
}
