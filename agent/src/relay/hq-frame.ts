import {
  allChecks,
  type CheckVerdict,
  type KnownWorkstation,
  type LinkState,
  type Placement,
  type Verdict,
  type WorkstationState,
} from '@ppe-pulse/protocol';

/** The uplink as the page of the Штаб shows it. */
export interface HqUplink {
  readonly state: LinkState['name'];
  /** Collector's time, ms since 1970 UTC. */
  readonly sinceMs: number;
  /** Heartbeats of the ППЭ that the collector does not have yet. */
  readonly spooled: number;
  /** Heartbeats that were dropped unsent. */
  readonly dropped: number;
}

/** One workstation of the ППЭ. */
export interface HqWorkstation {
  readonly id: string;
  readonly placement: Placement;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly lastSeenMs: number | null;
  readonly agentVersion: string | null;
  readonly isRelay: boolean;
  readonly checks: readonly CheckVerdict[];
  readonly carried: { readonly importedAtMs: number; readonly newestAtMs: number } | null;
  /** Boots that were alive beside the one that is shown. */
  readonly clones: number;
}

/** Relay → page of the Штаб: the whole ППЭ, at most once a second and at least every five. */
export interface HqFrame {
  readonly type: 'hq';
  readonly atMs: number;
  readonly site: string | null;
  readonly uplink: HqUplink;
  readonly workstations: readonly HqWorkstation[];
}

/** What the frame is made of. */
export interface HqFacts {
  readonly nowMs: number;
  readonly ownId: string;
  readonly uplink: HqUplink;
  readonly workstations: readonly Pick<KnownWorkstation, 'id' | 'placement'>[];
  readonly stateOf: (id: string) => WorkstationState | undefined;
}

/** The ППЭ as it is now; rooms in order. Pure. */
export function hqFrame({ nowMs, ownId, uplink, workstations, stateOf }: HqFacts): HqFrame {
  const sorted = [...workstations].sort((a, b) => orderOf(a).localeCompare(orderOf(b)));
  return {
    type: 'hq',
    atMs: Math.round(nowMs),
    site: sorted[0]?.placement.siteCode ?? null,
    uplink,
    workstations: sorted.flatMap(({ id }) => {
      const state = stateOf(id);
      return state ? [workstationOf(state, id === ownId)] : [];
    }),
  };
}

function orderOf({ id, placement }: Pick<KnownWorkstation, 'id' | 'placement'>): string {
  return `${placement.roomCode} ${placement.duty} ${id}`;
}

function workstationOf(state: WorkstationState, isRelay: boolean): HqWorkstation {
  const { id, placement, standing, carried, clone } = state;
  return {
    id,
    placement,
    verdict: standing.verdict,
    reason: standing.reason,
    lastSeenMs: state.lastSeenAtMs === null ? null : Math.round(state.lastSeenAtMs),
    agentVersion: state.agentVersion,
    isRelay,
    checks: allChecks(state),
    carried: carried && {
      importedAtMs: Math.round(carried.importedAtMs),
      newestAtMs: Math.round(carried.newestAtMs),
    },
    clones: clone?.bootIds.length ?? 0,
  };
}
