import { verdictWeight, type LiveMunicipality } from '@ppe-pulse/protocol';
import { isTrouble, type TileView } from './tiles.ts';

/** Tiles in the order of the wall. */
export interface TileOrder {
  readonly codes: readonly string[];
  /** Those that were wrong when the order was made: they want double width until the next one. */
  readonly wide: ReadonlySet<string>;
}

/** What an order looks at. */
export type OrderedTile = Pick<TileView, 'code' | 'group' | 'verdict'>;

/**
 * Municipalities with the worst first, the larger of equal ones first; in each the worst ППЭ first, then
 * by code. What takes no part comes last.
 */
export function worstFirst(tiles: readonly OrderedTile[]): TileOrder {
  const groups = new Map<string, OrderedTile[]>();
  for (const tile of tiles) groups.set(tile.group, [...(groups.get(tile.group) ?? []), tile]);
  const sorted = [...groups.values()].map((group) => group.sort(byVerdict)).sort(byWorst);
  const codes = sorted.flatMap((group) => group.map(({ code }) => code));
  const wide = tiles.flatMap(({ code, verdict }) => (isTrouble(verdict) ? [code] : []));
  return { codes, wide: new Set(wide) };
}

/** An order as it was: known ones keep their places and widths, new ones come at the end. */
export function keepOrder(order: TileOrder, codes: readonly string[]): TileOrder {
  const there = new Set(codes);
  const known = order.codes.filter((code) => there.has(code));
  const ordered = new Set(order.codes);
  const added = codes.filter((code) => !ordered.has(code));
  if (added.length === 0 && known.length === order.codes.length) return order;
  return { codes: [...known, ...added], wide: order.wide };
}

/**
 * «Только проблемы» between two orders: what healed keeps its place until the next one, what broke is
 * there at once, at the end.
 */
export function onlyTroubled(order: TileOrder, troubled: readonly string[]): TileOrder {
  const broken = troubled.filter((code) => !order.wide.has(code));
  const shown = order.codes.filter((code) => order.wide.has(code));
  return { codes: [...shown, ...broken], wide: new Set([...order.wide, ...broken]) };
}

function byVerdict(a: OrderedTile, b: OrderedTile): number {
  return verdictWeight(b.verdict) - verdictWeight(a.verdict) || (a.code < b.code ? -1 : 1);
}

/** Of groups whose tiles are sorted. */
function byWorst(a: readonly OrderedTile[], b: readonly OrderedTile[]): number {
  const [first, second] = [a[0], b[0]];
  if (!first || !second) return a.length - b.length;
  return (
    verdictWeight(second.verdict) - verdictWeight(first.verdict) ||
    b.length - a.length ||
    (first.group < second.group ? -1 : 1)
  );
}

/** A municipality's name over its first tile. */
export interface GroupCaption {
  readonly group: string;
  readonly name: string;
  readonly count: number;
}

/** Captions by the code of the tile that each stands over. */
export function captionsOf(
  tiles: readonly (TileView | undefined)[],
  municipalities: readonly LiveMunicipality[],
): ReadonlyMap<string, GroupCaption> {
  const counts = new Map<string, number>();
  for (const tile of tiles) if (tile) counts.set(tile.group, (counts.get(tile.group) ?? 0) + 1);
  const captions = new Map<string, GroupCaption>();
  let before: string | undefined;
  for (const tile of tiles) {
    if (!tile || tile.group === before) continue;
    before = tile.group;
    if (tile.municipality === '') continue;
    const name = nameOfGroup(tile, municipalities);
    captions.set(tile.code, { group: tile.group, name, count: counts.get(tile.group) ?? 0 });
  }
  return captions;
}

/** Two municipalities may have one name: then the kind tells them apart. */
function nameOfGroup(
  { group, municipality }: TileView,
  municipalities: readonly LiveMunicipality[],
): string {
  const namesakes = municipalities.filter(({ name }) => name === municipality);
  const own = namesakes.find(({ slug }) => slug === group);
  return own && namesakes.length > 1 ? `${municipality} ${own.kind}` : municipality;
}
