import type { CountryGroup, CountrySite } from './country-model.ts';

/** A place in CSS pixels of the canvas. */
export interface PlacedBox {
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The picture as a cursor needs it. */
export interface CursorField {
  readonly sites: readonly CountrySite[];
  readonly groups: readonly CountryGroup[];
  readonly widthPx: number;
  boxesOf(site: number): readonly PlacedBox[];
  siteAt(xPx: number, yPx: number): number;
}

/** Where a key leads from a site, null without one; undefined for a key that leads nowhere. */
export function moved(field: CursorField, key: string, site: number | null): number | undefined {
  const last = field.sites.length - 1;
  if (last < 0) return undefined;
  switch (key) {
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'ArrowDown':
      return site === null ? 0 : Math.min(last, site + 1);
    case 'ArrowUp':
      return site === null ? 0 : Math.max(0, site - 1);
    case 'ArrowRight':
      return site === null ? 0 : beside(field, site, 1);
    case 'ArrowLeft':
      return site === null ? 0 : beside(field, site, -1);
    case 'PageDown':
      return site === null ? 0 : ofGroup(field, site, 1);
    case 'PageUp':
      return site === null ? 0 : ofGroup(field, site, -1);
    default:
      return undefined;
  }
}

/** The nearest other site to the right or left at the same height; the same where there is none. */
function beside(field: CursorField, site: number, direction: 1 | -1): number {
  const boxes = field.boxesOf(site);
  const box = direction > 0 ? boxes.at(-1) : boxes[0];
  if (!box) return site;
  const y = box.topPx + Math.min(box.heightPx, box.widthPx) / 2;
  for (
    let x = box.leftPx + box.widthPx / 2 + direction * box.widthPx;
    x > 0 && x < field.widthPx;
    x += direction * box.widthPx
  ) {
    const found = field.siteAt(x, y);
    if (found >= 0 && found !== site) return found;
  }
  return site;
}

/** The first site of the next group, or of the one before. */
function ofGroup({ sites, groups }: CursorField, site: number, step: 1 | -1): number {
  const group = (sites[site]?.group ?? 0) + step;
  return groups[group]?.sites[0] ?? site;
}
