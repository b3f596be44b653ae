import type { EnrolledWorkstation } from '@ppe-pulse/protocol';
import type { ChangedBy, RegionStore } from '../region/region-store.ts';

export type AdoptResult =
  | { readonly kind: 'adopted'; readonly plannedId: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: string };

/** Takes a workstation that nobody planned into the registry; undefined is none of those. */
export function adopted(
  unplanned: EnrolledWorkstation | undefined,
  region: Pick<RegionStore, 'adopt'>,
  by: ChangedBy,
): AdoptResult {
  if (!unplanned) {
    const detail = 'it is planned already, or not enrolled; GET /api/v1/workstations/unplanned';
    return { kind: 'refused', reason: 'notUnplanned', detail };
  }
  const { siteCode, roomCode, role, duty } = unplanned.placement;
  const outcome = region.adopt({ siteCode, roomCode, role, duty }, by);
  if (outcome.kind === 'adopted') return { kind: 'adopted', plannedId: outcome.workstation.id };
  const detail = `site ${siteCode} is not in the registry, or full: import it first`;
  return { kind: 'refused', reason: outcome.reason, detail };
}
