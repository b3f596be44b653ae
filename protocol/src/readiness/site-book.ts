import type { Role } from '../placement.ts';
import { matchPlanned, type PlannedMatch } from '../region/match-planned.ts';
import type { Claim } from '../stages/stage.ts';
import type { Verdict } from '../truth.ts';
import type { ConditionDefinition, Judged, SiteFacts } from './condition.ts';
import { isNewer } from './conditions/claims.ts';
import { spoilingVerdict } from './places.ts';
import type { Condition, Readiness } from './readiness.ts';
import { applicable, plannedByRole, shown, summed } from './readiness-of.ts';
import { isOf, type ReadinessStation } from './station.ts';

/** Since when a condition stands as it does. */
export interface Standing {
  readonly verdict: Verdict;
  readonly sinceMs: number;
}

/** A site's readiness without its conditions. */
export type ReadinessSummary = Pick<Readiness, 'met' | 'total' | 'verdict'>;

/** What region and plan say of a site. */
export type SiteSetting = Omit<SiteFacts, 'planned' | 'stations' | 'claims'>;

interface Slot {
  readonly definition: ConditionDefinition;
  judged: Judged;
  sinceMs: number;
  /** Its numbers may have moved since it was judged; its verdict has not. */
  isStale: boolean;
}

/** The readiness of one site, judged again only where a change can touch it. */
export class SiteBook {
  readonly #stations = new Map<string, ReadinessStation>();
  readonly #claims = new Map<string, Claim>();
  #placed = new Map<string, ReadinessStation>();
  #remembered: ReadonlyMap<string, Standing> = new Map();
  #facts: SiteFacts;
  #match: PlannedMatch | null = null;
  #plannedOf = new Map<string, string>();
  #slots: Slot[] | null = null;
  #slotsOfRole = new Map<Role, Slot[]>();
  #dueMs = Infinity;

  constructor(facts: SiteSetting) {
    const planned = plannedByRole(facts.site);
    this.#facts = { ...facts, planned, stations: this.#placed, claims: [] };
  }

  /** Since when conditions stood so in an earlier run; nothing once it is judged. */
  remember(standings: ReadonlyMap<string, Standing>): void {
    if (!this.#slots) this.#remembered = standings;
  }

  get match(): PlannedMatch {
    return this.#match ?? this.#rematch();
  }

  /** Region, plan or versions are others; stations and claims stay, and so does since when. */
  renew(facts: SiteSetting): void {
    this.#remembered = this.standings();
    const isSameSite = facts.site === this.#facts.site;
    const planned = isSameSite ? this.#facts.planned : plannedByRole(facts.site);
    this.#facts = { ...this.#facts, ...facts, planned };
    if (!isSameSite) this.#match = null;
    this.#forgetSlots();
  }

  /** A workstation of this site as it is now. True when what people see may be another. */
  station(next: ReadinessStation, nowMs: number): boolean {
    const before = this.#stations.get(next.id);
    this.#stations.set(next.id, next);
    if (!before || isMoved(before, next)) return this.#replaced(nowMs);
    if (!this.#slots) {
      this.#match = null;
      return false;
    }
    const plannedId = this.#plannedOf.get(next.id);
    if (plannedId === undefined) return false;
    this.#placed.set(plannedId, next);
    const change = changeBetween(before, next);
    let isChanged = false;
    for (const slot of this.#slotsOfRole.get(next.placement.role) ?? []) {
      if (isTouched(slot.definition, change, this.#facts)) {
        isChanged = this.#judge(slot, nowMs) || isChanged;
      } else slot.isStale = true;
    }
    return isChanged;
  }

  /** A workstation that stands here no longer. */
  remove(id: string, nowMs: number): boolean {
    return this.#stations.delete(id) && this.#replaced(nowMs);
  }

  /** A person's word. The newest of a stage, set of stages and room holds. */
  claim(claim: Claim, nowMs: number): boolean {
    const key = `${claim.track} ${claim.stage} ${claim.roomCode ?? ''}`;
    const known = this.#claims.get(key);
    if (known && isNewer(known, claim)) return false;
    this.#claims.set(key, claim);
    this.#facts = { ...this.#facts, claims: [...this.#claims.values()] };
    let isChanged = false;
    for (const slot of this.#slots ?? []) {
      if (!slot.definition.stages.includes(claim.stage)) continue;
      isChanged = this.#judge(slot, nowMs) || isChanged;
    }
    return isChanged;
  }

  /** Judges what was not judged yet and what time may have changed. */
  tick(nowMs: number): boolean {
    if (!this.#slots) return this.#judgeAll(nowMs);
    if (nowMs < this.#dueMs) return false;
    let isChanged = false;
    for (const slot of this.#slots) {
      if (nowMs >= slot.judged.dueMs) isChanged = this.#judge(slot, nowMs) || isChanged;
    }
    this.#dueMs = dueOf(this.#slots);
    return isChanged;
  }

  /** The whole, with ages as of now. */
  readiness(nowMs: number): Readiness {
    this.tick(nowMs);
    const conditions = (this.#slots ?? []).map((slot): Condition => {
      if (slot.isStale) this.#judge(slot, nowMs);
      return { ...shown(slot.definition, slot.judged, nowMs), sinceMs: slot.sinceMs };
    });
    return summed(this.#facts.site.code, conditions);
  }

  /** What an overview needs: no evidence, no ages. */
  summary(nowMs: number): ReadinessSummary {
    this.tick(nowMs);
    const slots = this.#slots ?? [];
    return {
      met: slots.filter(({ judged }) => judged.verdict === 'ok').length,
      total: slots.length,
      verdict: spoilingVerdict(slots.map(({ judged }) => judged.verdict)),
    };
  }

  /** Since when every condition stands so. */
  standings(): Map<string, Standing> {
    const kept = new Map(this.#remembered);
    for (const { definition, judged, sinceMs } of this.#slots ?? [])
      kept.set(definition.id, { verdict: judged.verdict, sinceMs });
    return kept;
  }

  /** Everything that it was told of workstations and people. */
  told(): { stations: Iterable<ReadinessStation>; claims: Iterable<Claim> } {
    return { stations: this.#stations.values(), claims: this.#claims.values() };
  }

  /** Who stands where is to be found anew. */
  #replaced(nowMs: number): boolean {
    this.#match = null;
    if (!this.#slots) return false;
    this.#rematch();
    let isChanged = false;
    for (const slot of this.#slots) isChanged = this.#judge(slot, nowMs) || isChanged;
    return isChanged;
  }

  #rematch(): PlannedMatch {
    const match = matchPlanned(this.#facts.site, [...this.#stations.values()].map(enrolled));
    this.#placed = new Map();
    this.#plannedOf = new Map();
    for (const [plannedId, agentId] of match.matched) {
      const station = this.#stations.get(agentId);
      if (!station) continue;
      this.#placed.set(plannedId, station);
      this.#plannedOf.set(agentId, plannedId);
    }
    this.#match = match;
    this.#facts = { ...this.#facts, stations: this.#placed };
    return match;
  }

  #judgeAll(nowMs: number): boolean {
    if (!this.#match) this.#rematch();
    const slots = applicable(this.#facts).map((definition): Slot => {
      const judged = definition.judge(this.#facts, nowMs);
      const before = this.#remembered.get(definition.id);
      const sinceMs = before?.verdict === judged.verdict ? before.sinceMs : nowMs;
      return { definition, judged, sinceMs, isStale: false };
    });
    this.#remembered = new Map();
    this.#slots = slots;
    for (const slot of slots) {
      for (const role of slot.definition.roles) {
        const known = this.#slotsOfRole.get(role);
        if (known) known.push(slot);
        else this.#slotsOfRole.set(role, [slot]);
      }
    }
    this.#dueMs = dueOf(slots);
    return true;
  }

  #judge(slot: Slot, nowMs: number): boolean {
    const before = slot.judged;
    slot.judged = slot.definition.judge(this.#facts, nowMs);
    slot.isStale = false;
    this.#dueMs = Math.min(this.#dueMs, slot.judged.dueMs);
    if (slot.judged.verdict !== before.verdict) slot.sinceMs = nowMs;
    return slot.judged.verdict !== before.verdict || slot.judged.reason !== before.reason;
  }

  #forgetSlots(): void {
    this.#slots = null;
    this.#slotsOfRole = new Map();
    this.#dueMs = -Infinity;
  }
}

/** How a workstation differs from what it was, readings' ages and numbers aside. */
interface StationChange {
  readonly before: ReadinessStation;
  readonly next: ReadinessStation;
  /** It fell silent or is heard again, or other checks are sent: anything may be another. */
  readonly isWhole: boolean;
  /** Checks that say another thing. */
  readonly ids: readonly string[];
}

function changeBetween(before: ReadinessStation, next: ReadinessStation): StationChange {
  const whole = { before, next, isWhole: true, ids: [] };
  if (before.heartbeat.verdict !== next.heartbeat.verdict) return whole;
  if (before.heartbeat.reason !== next.heartbeat.reason) return whole;
  if (before.carried?.atMs !== next.carried?.atMs) return whole;
  if (before.carried?.checks !== next.carried?.checks) return whole;
  if (before.checks.length !== next.checks.length) return whole;
  const ids: string[] = [];
  for (let at = 0; at < next.checks.length; at += 1) {
    const was = before.checks[at];
    const is = next.checks[at];
    if (!was || !is || was.id !== is.id) return whole;
    if (was.verdict !== is.verdict || was.reason !== is.reason) ids.push(is.id);
  }
  return { before, next, isWhole: false, ids };
}

/** Whether a change of a workstation can change what a condition says, numbers and ages aside. */
function isTouched(
  { checks, watch }: ConditionDefinition,
  { before, next, isWhole, ids }: StationChange,
  facts: SiteFacts,
): boolean {
  if (isWhole) return true;
  if (watch && watch(before, facts) !== watch(next, facts)) return true;
  return ids.some((id) => checks.some((base) => isOf(id, base)));
}

function isMoved(before: ReadinessStation, next: ReadinessStation): boolean {
  if (before.enrolledAtMs !== next.enrolledAtMs) return true;
  if ((before.heardAtMs === null) !== (next.heardAtMs === null)) return true;
  const { placement: from } = before;
  const { placement: to } = next;
  if (from === to) return false;
  return from.roomCode !== to.roomCode || from.role !== to.role || from.duty !== to.duty;
}

function enrolled({ id, placement, enrolledAtMs, heardAtMs }: ReadinessStation) {
  return { id, placement, enrolledAtMs, wasHeard: heardAtMs !== null };
}

function dueOf(slots: readonly Slot[]): number {
  return slots.reduce((least, { judged }) => Math.min(least, judged.dueMs), Infinity);
}
