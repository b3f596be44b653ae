import { Link } from 'wouter';
import { Glyph } from '../ui/Glyph.tsx';
import { fitted } from './fit.ts';
import { isSameMap, tileMapOf, type MunicipalityTile } from './municipality-tiles.ts';
import { useKept } from './use-kept.ts';
import { useWallSideWords } from './use-wall-side-words.ts';

/** Of those without a place so many are shown below the map, and so many where there is no map. */
const LOOSE_BELOW = 6;
const LOOSE_ALONE = 22;

/** The schematic map: a tile a municipality; a list where the region has given no places. */
export function MunicipalityMap() {
  const { side } = useWallSideWords();
  const { placed, loose, columns, rows } = useKept(tileMapOf, isSameMap);
  return (
    <section className="panel map-panel" aria-label={side.map}>
      <h2>{side.map}</h2>
      {placed.length + loose.length === 0 && <p className="quiet">{side.noMunicipalities}</p>}
      {placed.length > 0 && (
        <ul
          className="tile-map"
          data-testid="tile-map"
          style={{
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))`,
          }}
        >
          {placed.map((tile) => (
            <Tile key={tile.slug} tile={tile} />
          ))}
        </ul>
      )}
      {loose.length > 0 && <Loose tiles={loose} isAlone={placed.length === 0} />}
    </section>
  );
}

/** Those without a place on the map, the worst first; by their names where there is no map at all. */
function Loose({
  tiles,
  isAlone,
}: {
  readonly tiles: readonly MunicipalityTile[];
  readonly isAlone: boolean;
}) {
  const { side, number } = useWallSideWords();
  const { shown, hidden } = fitted(tiles, isAlone ? LOOSE_ALONE : LOOSE_BELOW);
  return (
    <ul className={`loose-tiles ${isAlone ? 'is-alone' : ''}`} data-testid="loose-tiles">
      {shown.map((tile) => (
        <Tile key={tile.slug} tile={tile} isNamed={isAlone} />
      ))}
      {hidden.length > 0 && (
        <li className="quiet">{side.moreMunicipalities(number(hidden.length))}</li>
      )}
    </ul>
  );
}

function Tile({
  tile,
  isNamed = false,
}: {
  readonly tile: MunicipalityTile;
  readonly isNamed?: boolean;
}) {
  const { side, domain, count, number } = useWallSideWords();
  const { slug, short, label, total, bad, verdict, place } = tile;
  const sites = count(total, side.sites);
  const told = bad > 0 ? side.tileBad(number(bad), sites) : sites;
  const name = side.tileName(label, told, domain.verdicts[verdict]);
  return (
    <li style={place ? { gridColumn: place.column, gridRow: place.row } : undefined}>
      <Link
        href={`/municipalities/${slug}`}
        className={`map-tile map-tile-${verdict}`}
        aria-label={name}
        title={name}
      >
        <span aria-hidden="true">
          {isNamed && bad > 0 && <Glyph verdict={verdict} />}
          {isNamed ? label : short}
          {!isNamed && bad > 0 && <Glyph verdict={verdict} />}
        </span>
        <strong aria-hidden="true">
          {bad > 0 ? `${number(bad)}/${number(total)}` : number(total)}
        </strong>
      </Link>
    </li>
  );
}
