import {
  allChecks,
  type CheckVerdict,
  type HqFrame,
  type HqIncidents,
  type HqUplink,
  type HqWorkstation,
  type KnownWorkstation,
  type WorkstationState,
} from '@ppe-pulse/protocol';

/** What the frame is made of. */
export interface HqFacts {
  readonly nowMs: number;
  readonly ownId: string;
  /** Undefined without a plan. */
  readonly timeZone: string | undefined;
  readonly uplink: HqUplink;
  readonly workstations: readonly Pick<KnownWorkstation, 'id' | 'placement'>[];
  readonly stateOf: (id: string) => WorkstationState | undefined;
  readonly incidents: HqIncidents;
}

/** The ППЭ as it is now; rooms in order. Pure. */
export function hqFrame(facts: HqFacts): HqFrame {
  const { nowMs, ownId, timeZone, uplink, workstations, stateOf, incidents } = facts;
  const sorted = [...workstations].sort((a, b) => orderOf(a).localeCompare(orderOf(b)));
  return {
    type: 'hq',
    atMs: Math.round(nowMs),
    site: sorted[0]?.placement.siteCode ?? null,
    ...(timeZone !== undefined && { timeZone }),
    uplink,
    workstations: sorted.flatMap(({ id }) => {
      const state = stateOf(id);
      return state ? [workstationOf(state, { nowMs, isRelay: id === ownId })] : [];
    }),
    incidents,
  };
}

function orderOf({ id, placement }: Pick<KnownWorkstation, 'id' | 'placement'>): string {
  return `${placement.roomCode} ${placement.duty} ${id}`;
}

function workstationOf(
  state: WorkstationState,
  { nowMs, isRelay }: { nowMs: number; isRelay: boolean },
): HqWorkstation {
  const { id, placement, standing, carried, clone } = state;
  return {
    id,
    placement,
    verdict: standing.verdict,
    reason: standing.reason,
    lastSeenMs: state.lastSeenAtMs === null ? null : Math.round(state.lastSeenAtMs),
    agentVersion: state.agentVersion,
    isRelay,
    checks: checksOf(state, nowMs),
    carried: carried && {
      importedAtMs: Math.round(carried.importedAtMs),
      newestAtMs: Math.round(carried.newestAtMs),
    },
    clones: clone?.bootIds.length ?? 0,
  };
}

/** The newest that is known of each check, heard or carried, and how old its reading is by now. */
function checksOf(state: WorkstationState, nowMs: number): CheckVerdict[] {
  const { carried, lastSeenAtMs } = state;
  const isCarriedNewer = carried !== null && carried.newestAtMs > (lastSeenAtMs ?? 0);
  const newestAtMs = isCarriedNewer ? carried.newestAtMs : (lastSeenAtMs ?? nowMs);
  const checks = isCarriedNewer
    ? allChecks({ ...state, checks: carried.checks })
    : allChecks(state);
  const sinceMs = Math.max(0, nowMs - newestAtMs);
  return checks.map((check) => ({ ...check, ageMs: Math.round(check.ageMs + sinceMs) }));
}
