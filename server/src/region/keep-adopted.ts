import type { Region, RegionWarning, Room, Site } from '@ppe-pulse/protocol';
import type { Remarks } from './remarks.ts';
import { spotOfFile } from './remarks.ts';

/**
 * The sites of an import with what operators took in before. An adopted workstation stays until the
 * files name as many of its place: then it is a planned one under the same id. Sites that differ in
 * nothing are the very objects of before.
 */
export function keepAdopted(
  sites: readonly Site[],
  before: Region,
  warnings: Remarks<RegionWarning['code']>,
): readonly Site[] {
  // Nobody adopts into an invented region what a real one should keep.
  if (before.isSample) return sites;
  const known = new Map(before.sites.map((site) => [site.code, site]));
  const named = new Set(sites.map(({ code }) => code));
  for (const site of before.sites) {
    if (named.has(site.code)) continue;
    for (const { workstations } of site.rooms)
      for (const { id, origin } of workstations)
        if (origin === 'adopted') warnings.add(spotOfFile(''), 'adoptedLost', id);
  }
  return sites.map((site) => {
    const old = known.get(site.code);
    if (!old) return site;
    const kept = withAdopted(site, old);
    return JSON.stringify(kept) === JSON.stringify(old) ? old : kept;
  });
}

function withAdopted(site: Site, before: Site): Site {
  if (!before.rooms.some(hasAdopted)) return site;
  const rooms = new Map(site.rooms.map((room) => [room.code, room]));
  for (const old of before.rooms) {
    if (!hasAdopted(old)) continue;
    const room = rooms.get(old.code) ?? { ...old, workstations: [] };
    const planned = new Set(room.workstations.map(({ id }) => id));
    const adopted = old.workstations.filter(
      ({ id, origin }) => origin === 'adopted' && !planned.has(id),
    );
    rooms.set(old.code, { ...room, workstations: [...room.workstations, ...adopted] });
  }
  return { ...site, rooms: [...rooms.values()].sort((a, b) => (a.code < b.code ? -1 : 1)) };
}

function hasAdopted({ workstations }: Room): boolean {
  return workstations.some(({ origin }) => origin === 'adopted');
}
