import { splitDeviceId } from '../checks/devices.ts';
import { HEARTBEAT_CHECK } from '../checks/heartbeat.ts';
import type { StationPlace } from './tree.ts';
import type { SeenStation } from './upset.ts';

/** A workstation that may fail, as it was last seen. */
interface Resident {
  readonly station: SeenStation;
  readonly place: StationPlace;
}

/**
 * Who could have a fault: the whole that a share is of. Workstations that the plan isolates, that take
 * no part or were never heard could not; a check counts where it is judged at all.
 */
export class Census {
  readonly #sites = new Map<string, Map<string, Resident>>();
  readonly #siteOf = new Map<string, string>();

  put(station: SeenStation, place: StationPlace): void {
    const before = this.#siteOf.get(station.id);
    if (before !== undefined && before !== place.siteCode) this.remove(station.id);
    const site = this.#sites.get(place.siteCode) ?? new Map<string, Resident>();
    this.#sites.set(place.siteCode, site);
    site.set(station.id, { station, place });
    this.#siteOf.set(station.id, place.siteCode);
  }

  remove(stationId: string): void {
    const site = this.#siteOf.get(stationId);
    if (site === undefined) return;
    this.#siteOf.delete(stationId);
    this.#sites.get(site)?.delete(stationId);
  }

  find(stationId: string): Resident | undefined {
    return this.#sites.get(this.#siteOf.get(stationId) ?? '')?.get(stationId);
  }

  /** Workstations of a site that could have a fault of this kind. */
  atSite(siteCode: string, kind: string): number {
    return count(this.#sites.get(siteCode)?.values() ?? [], kind);
  }

  atRoom(siteCode: string, roomCode: string, kind: string): number {
    const here = [...(this.#sites.get(siteCode)?.values() ?? [])];
    return count(
      here.filter(({ place }) => place.roomCode === roomCode),
      kind,
    );
  }

  /** Sites of a part of the region that could have it. */
  sitesWhere(isIn: (place: StationPlace) => boolean, kind: string): number {
    let sites = 0;
    for (const site of this.#sites.values()) {
      const first = site.values().next().value;
      if (first && isIn(first.place) && someCould(site.values(), kind)) sites += 1;
    }
    return sites;
  }
}

function count(residents: Iterable<Resident>, kind: string): number {
  let could = 0;
  for (const { station } of residents) if (couldHave(station, kind)) could += 1;
  return could;
}

function someCould(residents: Iterable<Resident>, kind: string): boolean {
  for (const { station } of residents) if (couldHave(station, kind)) return true;
  return false;
}

function couldHave({ heartbeat, checks }: SeenStation, kind: string): boolean {
  const { verdict, reason } = heartbeat;
  if (verdict === 'notInvolved' || verdict === 'silentByRule' || reason === 'notYetHeard')
    return false;
  if (kind === HEARTBEAT_CHECK) return true;
  return checks.some(({ id, reason: own }) => own !== 'notConfigured' && baseOf(id) === kind);
}

function baseOf(checkId: string): string {
  return splitDeviceId(checkId)?.base ?? checkId;
}
