import { isClosed, type ClosedHours, type SlotKind } from '@ppe-pulse/protocol';

/** Rules of throughput probes, from configuration. */
export interface SlotPolicy extends ClosedHours {
  /** One probe a ППЭ in this time; 0 means never. */
  readonly perSiteMs: number;
  readonly concurrent: number;
}

/** A workstation that could be given a slot. */
export interface SlotCandidate {
  readonly workstationId: string;
  readonly siteCode: string;
  /** Tests that its agent can do. */
  readonly kinds: readonly SlotKind[];
}

/** A slot that is out. */
export interface LeasedSlot {
  readonly workstationId: string;
  readonly siteCode: string;
  readonly slotId: string;
  readonly expiresAtMs: number;
}

/** What the scheduler remembers. Times are of one monotonic clock. */
export interface SlotState {
  readonly leased: ReadonlyMap<string, LeasedSlot>;
  /** When a ППЭ was last given a slot, and how many it has had. */
  readonly grants: ReadonlyMap<string, { readonly lastMs: number; readonly count: number }>;
}

export const noSlots: SlotState = { leased: new Map(), grants: new Map() };

/** Every second test is the one that the exam materials come by. */
const turns: readonly SlotKind[] = ['download', 'upload', 'download', 'downloadMany'];

/** The test that a candidate is due for: its ППЭ's turn, else the first that it can do. */
export function dueKind(state: SlotState, candidate: SlotCandidate): SlotKind | undefined {
  const count = state.grants.get(candidate.siteCode)?.count ?? 0;
  const due = turns[count % turns.length];
  if (due !== undefined && candidate.kinds.includes(due)) return due;
  return candidate.kinds[0];
}

/**
 * Who gets the next slots: the ППЭ that waited longest, one at a time each, `concurrent` in all,
 * none in the closed hours. Pure; `localTime` is `HH:MM` in the region's zone.
 */
export function grantable(
  state: SlotState,
  candidates: readonly SlotCandidate[],
  policy: SlotPolicy,
  at: { readonly nowMs: number; readonly localTime: string },
): readonly SlotCandidate[] {
  if (policy.perSiteMs <= 0 || isClosed(policy, at.localTime)) return [];
  const free = policy.concurrent - state.leased.size;
  if (free <= 0) return [];
  const busySites = new Set([...state.leased.values()].map((slot) => slot.siteCode));
  const waitedMs = (site: string): number =>
    at.nowMs - (state.grants.get(site)?.lastMs ?? Number.NEGATIVE_INFINITY);
  const chosen = new Map<string, SlotCandidate>();
  for (const candidate of candidates) {
    const site = candidate.siteCode;
    if (busySites.has(site) || chosen.has(site) || waitedMs(site) < policy.perSiteMs) continue;
    chosen.set(site, candidate);
  }
  return [...chosen.values()]
    .sort((a, b) => compare(waitedMs(b.siteCode), waitedMs(a.siteCode)))
    .slice(0, free);
}

/** The state after a slot went out. */
export function afterGrant(state: SlotState, slot: LeasedSlot, nowMs: number): SlotState {
  return {
    leased: new Map(state.leased).set(slot.slotId, slot),
    grants: new Map(state.grants).set(slot.siteCode, {
      lastMs: nowMs,
      count: (state.grants.get(slot.siteCode)?.count ?? 0) + 1,
    }),
  };
}

/** The state after slots came back or ran out of time. */
export function afterReturn(state: SlotState, isBack: (slot: LeasedSlot) => boolean): SlotState {
  const left = [...state.leased].filter(([, slot]) => !isBack(slot));
  return left.length === state.leased.size ? state : { ...state, leased: new Map(left) };
}

// Infinity minus Infinity is not a number, so two sites that never had a slot are compared here.
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
