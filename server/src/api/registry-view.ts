import type { StoredRegion } from '../region/region-store.ts';

/** The registry as scripts and pages read it. */
export function registryView({ region, version, importedAtMs, importedBy }: StoredRegion): object {
  const byKind = { ppe: 0, rcoi: 0, commission: 0 };
  const counts = { sites: region.sites.length, rooms: 0, workstations: 0, adopted: 0, cameras: 0 };
  for (const site of region.sites) {
    byKind[site.kind] += 1;
    counts.rooms += site.rooms.length;
    for (const room of site.rooms) {
      counts.workstations += room.workstations.length;
      counts.cameras += room.cameras;
      counts.adopted += room.workstations.filter(({ origin }) => origin === 'adopted').length;
    }
  }
  return {
    version,
    isSample: region.isSample,
    timeZone: region.timeZone,
    importedAt: importedAtMs === null ? null : new Date(importedAtMs).toISOString(),
    importedBy,
    counts: { ...counts, byKind },
    municipalities: region.municipalities,
  };
}
