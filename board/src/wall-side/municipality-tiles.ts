import {
  verdictWeight,
  type LiveMunicipality,
  type LiveState,
  type Verdict,
} from '@ppe-pulse/protocol';
import { onceFor } from '../live/once-for.ts';
import { isTrouble, siteVerdict } from '../wall/tiles.ts';
import { abbreviationsOf } from './abbreviations.ts';
import { municipalityLabels } from './municipality-names.ts';

/** One municipality on the schematic map. */
export interface MunicipalityTile {
  readonly slug: string;
  readonly short: string;
  readonly label: string;
  /** Sites of it; `bad` of these are red, amber or silent. */
  readonly total: number;
  readonly bad: number;
  /** The worst of its sites; `notInvolved` where it has none that takes part. */
  readonly verdict: Verdict;
  /** Place on the map, from 1; null where nobody gave it one. */
  readonly place: { readonly column: number; readonly row: number } | null;
}

/** The map: tiles with places, those without below with the worst first, and how large it is. */
export interface TileMap {
  readonly placed: readonly MunicipalityTile[];
  readonly loose: readonly MunicipalityTile[];
  readonly columns: number;
  readonly rows: number;
}

/** How the municipalities stand, by the sites in them. Pure. */
export function tileMapOf(
  state: Pick<LiveState, 'municipalities' | 'sites' | 'registry'>,
): TileMap {
  const { municipalities } = state;
  const { shorts, labels } = namesOf(municipalities);
  const standings = standingsOf(state);
  const { left, top, columns, rows } = frameOf(municipalities);
  const taken = new Set<string>();
  const tiles = municipalities.map(({ slug, tile }): MunicipalityTile => {
    const key = tile ? `${tile.col} ${tile.row}` : '';
    // Two in one place would hide each other: the second stands below the map.
    const isFree = tile !== null && !taken.has(key);
    if (isFree) taken.add(key);
    const { total, bad, verdict } = standings.get(slug) ?? nobody;
    return {
      slug,
      short: shorts.get(slug) ?? slug,
      label: labels.get(slug) ?? slug,
      total,
      bad,
      verdict,
      place: isFree ? { column: tile.col - left + 1, row: tile.row - top + 1 } : null,
    };
  });
  return {
    placed: tiles.filter(({ place }) => place !== null),
    loose: tiles
      .filter(({ place }) => place === null)
      .sort((a, b) => verdictWeight(b.verdict) - verdictWeight(a.verdict)),
    columns,
    rows,
  };
}

interface Names {
  readonly shorts: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
}

/** The registry seldom changes, the picture four times a second. */
const namesOf = onceFor((municipalities: readonly LiveMunicipality[]): Names => ({
  shorts: abbreviationsOf(municipalities),
  labels: municipalityLabels(municipalities),
}));

/** True for two maps that look alike: the picture changes four times a second, the map seldom. */
export function isSameMap(a: TileMap, b: TileMap): boolean {
  const all = [...a.placed, ...a.loose];
  const others = [...b.placed, ...b.loose];
  return (
    a.columns === b.columns &&
    a.rows === b.rows &&
    a.placed.length === b.placed.length &&
    all.length === others.length &&
    all.every((tile, at) => isSameTile(tile, others[at]))
  );
}

interface Standing {
  readonly total: number;
  readonly bad: number;
  readonly verdict: Verdict;
}

const nobody: Standing = { total: 0, bad: 0, verdict: 'notInvolved' };
/** A map larger than this is a mistake of a file, and would be shown as nothing but gaps. */
const MAX_SIDE = 24;

function standingsOf({
  sites,
  registry,
}: Pick<LiveState, 'sites' | 'registry'>): ReadonlyMap<string, Standing> {
  const standings = new Map<string, Standing>();
  for (const [code, site] of registry) {
    const own = siteVerdict(sites.get(code) ?? [], site);
    if (own === 'notInvolved') continue;
    const { total, bad, verdict } = standings.get(site.municipalitySlug) ?? nobody;
    standings.set(site.municipalitySlug, {
      total: total + 1,
      bad: bad + (isTrouble(own) ? 1 : 0),
      verdict: verdictWeight(own) > verdictWeight(verdict) ? own : verdict,
    });
  }
  return standings;
}

function frameOf(municipalities: readonly LiveMunicipality[]): {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
} {
  const tiles = municipalities.flatMap(({ tile }) => tile ?? []);
  if (tiles.length === 0) return { left: 0, top: 0, columns: 0, rows: 0 };
  const left = Math.min(...tiles.map(({ col }) => col));
  const top = Math.min(...tiles.map(({ row }) => row));
  const columns = Math.max(...tiles.map(({ col }) => col)) - left + 1;
  const rows = Math.max(...tiles.map(({ row }) => row)) - top + 1;
  return { left, top, columns: Math.min(columns, MAX_SIDE), rows: Math.min(rows, MAX_SIDE) };
}

function isSameTile(a: MunicipalityTile, b: MunicipalityTile | undefined): boolean {
  if (!b) return false;
  const isSamePlace = a.place?.column === b.place?.column && a.place?.row === b.place?.row;
  return (
    isSamePlace &&
    a.slug === b.slug &&
    a.label === b.label &&
    a.short === b.short &&
    a.total === b.total &&
    a.bad === b.bad &&
    a.verdict === b.verdict
  );
}
