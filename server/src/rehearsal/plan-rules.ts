import {
  agentPlanOf,
  planTimes,
  ruleAt,
  type AgentPlan,
  type Placement,
  type Plan,
  type PlanRule,
  type Region,
  type Site,
} from '@ppe-pulse/protocol';

/** Workstations of one role at one site: the plan says the same of all of them. */
interface Group {
  /** The part of the plan that they share; `agentId` is that of the first. */
  readonly plan: AgentPlan;
  readonly members: Set<string>;
  rule: PlanRule | null;
}

/** A workstation of which the plan says something else than before. */
export interface RuleChange {
  readonly workstationId: string;
  readonly rule: PlanRule | null;
}

/** The live plan and the region that it is for. */
export interface PlanRulesParts {
  readonly plan: Plan;
  readonly version: number;
  readonly region: Region;
  /** After a quiet span agents get this long to come back before silence is judged, rehearsal time. */
  readonly returnGraceMs: number;
}

/** What the plan says of each workstation, told whenever it changes. */
export class PlanRules {
  readonly #parts: PlanRulesParts;
  readonly #times;
  readonly #sites: ReadonlyMap<string, Site>;
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<string, Group>();

  constructor(parts: PlanRulesParts) {
    this.#parts = parts;
    this.#times = planTimes(parts.plan);
    this.#sites = new Map(parts.region.sites.map((site) => [site.code, site]));
  }

  /** A workstation's own part of the plan. */
  planOf(agentId: string, placement: Placement): AgentPlan {
    return { ...this.#groupAt(placement).plan, agentId };
  }

  /** Adds a workstation, or moves it; answers what the plan says of it. */
  place(workstationId: string, placement: Placement, nowMs: number): PlanRule | null {
    this.#groupOf.get(workstationId)?.members.delete(workstationId);
    const group = this.#groupAt(placement);
    group.members.add(workstationId);
    this.#groupOf.set(workstationId, group);
    const rule = this.#ruleOf(group, nowMs);
    // Of a group with others the next tick tells all of them.
    if (group.members.size === 1) group.rule = rule;
    return rule;
  }

  /** A workstation is enrolled no more. */
  drop(workstationId: string): void {
    this.#groupOf.get(workstationId)?.members.delete(workstationId);
    this.#groupOf.delete(workstationId);
  }

  /** What became otherwise by the clock. */
  tick(nowMs: number): RuleChange[] {
    const changes: RuleChange[] = [];
    for (const group of this.#groups.values()) {
      const rule = this.#ruleOf(group, nowMs);
      if (rule === group.rule) continue;
      group.rule = rule;
      for (const workstationId of group.members) changes.push({ workstationId, rule });
    }
    return changes;
  }

  #ruleOf({ plan }: Group, nowMs: number): PlanRule | null {
    return ruleAt(plan, nowMs, this.#parts.returnGraceMs);
  }

  #groupAt(placement: Placement): Group {
    const key = `${placement.siteCode} ${placement.role}`;
    const known = this.#groups.get(key);
    if (known) return known;
    const group: Group = { plan: this.#build(placement), members: new Set(), rule: null };
    this.#groups.set(key, group);
    return group;
  }

  #build(placement: Placement): AgentPlan {
    const { plan, version, region } = this.#parts;
    const site = this.#sites.get(placement.siteCode) ?? null;
    const target = { version, agentId: '', placement, site, regionTimeZone: region.timeZone };
    const built = agentPlanOf(plan, { ...target, times: this.#times });
    // Of a site that the registry does not hold nobody knows better: it is shown as unplanned.
    return { ...built, isInvolved: built.isInvolved || site === null };
  }
}
