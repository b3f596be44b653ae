import {
  IncidentEngine,
  type CollectorProblem,
  type Fleet,
  type Moment,
  type Region,
  type Site,
  type SitePlace,
} from '@ppe-pulse/protocol';
import type { AlertDesk } from '../alerts/alerts.ts';
import type { Log } from '../log.ts';
import type { PlanStore } from '../plan/plan-store.ts';
import type { RegionStore } from '../region/region-store.ts';
import type { Audit } from '../state/audit.ts';
import type { StateDatabase } from '../state/database.ts';
import { Incidents } from './book.ts';
import type { NamedNode } from './node-grammar.ts';
import { paced } from './paced.ts';
import { createSitePhases } from './site-phases.ts';

/** Rooms of the collector that the incidents work with. */
export interface IncidentRooms {
  readonly database: StateDatabase;
  readonly audit: Audit;
  readonly plans: Pick<PlanStore, 'current'>;
  readonly region: Pick<RegionStore, 'current'>;
  readonly fleet: Fleet;
  /** Rehearsal time per real time; 1 on a real day. */
  readonly speed: number;
  /** The rehearsal's clock, ms since 1970 UTC. */
  readonly rehearsalMs: () => number;
  readonly collectorProblems: () => readonly CollectorProblem[];
  readonly alerts: AlertDesk;
  readonly now: () => Moment;
  readonly log: Log;
}

/** The incidents of this collector, by its region and its plan. */
export function createIncidents(rooms: IncidentRooms): Incidents {
  const { plans, region, fleet, rehearsalMs } = rooms;
  const sites = sitesOf(() => region.current().region);
  return new Incidents({
    ...rooms,
    engineOf: (parts) => paced(new IncidentEngine(parts), rooms.speed),
    placeOf: (siteCode) => {
      const site = sites().get(siteCode);
      return site && placeOf(site);
    },
    phaseOf: createSitePhases({
      plan: () => plans.current()?.plan ?? null,
      region: () => region.current().region,
      nowMs: rehearsalMs,
    }),
    knows: (node) => isKnown(node, region.current().region, fleet),
  });
}

/** Sites by code, of the region that holds. */
function sitesOf(current: () => Region): () => ReadonlyMap<string, Site> {
  let region: Region | undefined;
  let sites: ReadonlyMap<string, Site> = new Map();
  return () => {
    if (current() !== region) {
      region = current();
      sites = new Map(region.sites.map((site) => [site.code, site]));
    }
    return sites;
  };
}

function placeOf({ municipality, provider }: Site): SitePlace {
  return { municipality, provider };
}

/** Agents may speak from places that no registry has: these can be silenced, too. */
function isKnown(node: NamedNode, region: Region, fleet: Fleet): boolean {
  switch (node.kind) {
    case 'root':
      return true;
    case 'municipality':
      return region.municipalities.some(({ slug }) => slug === node.slug);
    case 'provider':
      return region.sites.some(({ provider }) => provider === node.name);
    case 'site':
      return (
        region.sites.some(({ code }) => code === node.siteCode) ||
        [...fleet.all()].some(({ placement }) => placement.siteCode === node.siteCode)
      );
    case 'station':
      return fleet.get(node.workstationId) !== undefined;
  }
}
