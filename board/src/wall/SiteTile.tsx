import { memo } from 'react';
import { noVerdicts, type Verdict } from '@ppe-pulse/protocol';
import { nameOf } from '@ppe-pulse/protocol/texts';
import { reasonText } from '../text/texts.ts';
import { CarriedNote } from '../ui/CarriedNote.tsx';
import { Glyph } from '../ui/Glyph.tsx';
import { cellColumns, cellsHeightEm } from './cell-boxes.ts';
import type { TilePlace } from './fit-grid.ts';
import { isTrouble, type TileFace, type TileReason, type TileView } from './tiles.ts';
import { useAge, useSpoken, useTileFace, useWorst } from './use-tiles.ts';
import { useWallWords, type WallWords } from './use-wall-words.ts';

/** Under the name of a municipality and above more cells than these there is no line left for words. */
const MAX_ROWS_UNDER_CAPTION = 2;

interface SiteTileProps {
  readonly code: string;
  readonly place: TilePlace;
  /** It was wrong already when the wall was last put in order. */
  readonly isKnown: boolean;
  readonly isFirstOfGroup: boolean;
}

/** One ППЭ, a link that its grid follows: its code, the worst thing in it, room for its cells. Renders when it looks different. */
export const SiteTile = memo(function SiteTile(props: SiteTileProps) {
  const { code, place, isKnown, isFirstOfGroup } = props;
  const words = useWallWords();
  const tile = useTileFace(code);
  const link = useSpoken<HTMLAnchorElement>(code, (each) => spoken(words, each));
  if (!tile) return null;
  const { verdict, carried } = tile;
  const isWide = place.span === 2;
  const rows = Math.ceil(tile.cells / cellColumns(tile.cells, isWide));
  // What breaks between two orders, or under a pinned one, stays as narrow as it was: a line below its code.
  const isTerse =
    isTrouble(verdict) && !isWide && (!isFirstOfGroup || rows <= MAX_ROWS_UNDER_CAPTION);
  const classes = [
    'tile',
    `tile-${verdict}`,
    ...(isTrouble(verdict) && !isKnown ? ['is-fresh'] : []),
    ...(isFirstOfGroup ? ['is-first'] : []),
    ...(isWide ? ['is-wide'] : []),
    ...(isTerse ? ['is-terse'] : []),
    ...(tile.isSimulated ? ['tile-simulated'] : []),
  ];
  return (
    <li
      className={classes.join(' ')}
      style={{ gridColumn: `${place.column} / span ${place.span}`, gridRow: place.row }}
      data-code={code}
      data-testid={`tile-${code}`}
    >
      <a href={`/ppe/${code}`} ref={link}>
        <strong>{code}</strong>
        <span className="tile-what">
          {(isWide || isTerse) && <Reason code={code} />}
          {carried && <CarriedNote carried={carried} />}
        </span>
        <Notes tile={tile} />
        <span className="tile-marks">{verdict !== 'ok' && <Glyph verdict={verdict} />}</span>
        {/* The place of its cells, which are drawn upon the canvas over all tiles. */}
        <span
          className="cells"
          style={{ height: `${cellsHeightEm(rows)}em` }}
          data-cells={tile.cells}
        />
      </a>
    </li>
  );
});

/** The short reason, and where there is room since when. */
function Reason({ code }: { readonly code: string }) {
  const words = useWallWords();
  const worst = useWorst(code);
  if (!worst) return null;
  // A silent ППЭ is silent as a whole.
  const isCounted = worst.rooms > 1 && worst.verdict !== 'unknown';
  return (
    <>
      <span className="tile-reason">{shortReason(words, worst)}</span>
      <span className="tile-age">
        {worst.sinceMs !== null && <TileAge sinceMs={worst.sinceMs} />}
        {worst.sinceMs !== null && isCounted && ' · '}
        {isCounted && words.own.inRooms(words.number(worst.rooms))}
      </span>
    </>
  );
}

function TileAge({ sinceMs }: { readonly sinceMs: number }) {
  return useAge(useWallWords(), sinceMs);
}

/** Signs of what must not be overlooked; their words are in the tile's name. */
function Notes({ tile }: { readonly tile: TileFace }) {
  if (!tile.isDrill && !tile.isSilenced) return null;
  return (
    <span className="tile-notes">
      {tile.isDrill && (
        <svg className="glyph mark-drill" viewBox="0 0 20 20" aria-hidden="true">
          <path className="glyph-outline" d="M3 3h14v14H3z" />
          <path className="glyph-mark" d="M7.5 6v8M7.5 6h2a4 4 0 010 8h-2" />
        </svg>
      )}
      {tile.isSilenced && (
        <svg className="glyph mark-silenced" viewBox="0 0 20 20" aria-hidden="true">
          <path className="glyph-outline" d="M4 14.5h12l-1.6-2.4V8a4.4 4.4 0 00-8.8 0v4.1z" />
          <path className="glyph-mark" d="M2.5 2.5l15 15" />
        </svg>
      )}
    </span>
  );
}

/** «Принтер 2»; of one that is silent «нет сигнала». */
export function shortReason(words: WallWords, { checkId, verdict, reason }: TileReason): string {
  // The whole sentence has no room on a tile; its name says it.
  if (reason === 'notYetHeard') return words.own.notYetHeardSite;
  if (checkId === null || verdict === 'unknown') return reasonText(words, reason);
  return nameOf({ ...words.domain.checks, ...words.own.checks }, checkId);
}

type Titled = Pick<TileView, 'code' | 'kind' | 'name' | 'municipality'>;

function tileTitle({ page }: WallWords, { code, kind, name, municipality }: Titled): string {
  return [`${page.siteKinds[kind]} ${code}`, name, municipality]
    .filter((part) => part !== '')
    .join(', ');
}

/** What a reader and a pointer learn of a tile: where, how it stands, why, and its rooms by verdict. */
function spoken(words: WallWords, tile: TileView): string {
  const { own, domain, count } = words;
  const counts = noVerdicts();
  for (const { verdict } of tile.rooms) counts[verdict] += 1;
  const rooms = (Object.keys(counts) as Verdict[])
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${domain.verdicts[verdict]} ${counts[verdict]}`);
  return [
    tileTitle(words, tile),
    domain.verdicts[tile.verdict],
    ...(tile.worst
      ? [`${shortReason(words, tile.worst)}: ${reasonText(words, tile.worst.reason)}`]
      : []),
    ...(tile.isSimulated ? [words.page.simulated] : []),
    ...(tile.isDrill ? [own.drill] : []),
    ...(tile.isSilenced ? [own.silenced] : []),
    `${count(tile.rooms.length, own.rooms)}: ${rooms.join(', ')}`,
  ].join('; ');
}
