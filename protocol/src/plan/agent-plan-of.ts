import type { Placement, Role } from '../placement.ts';
import type { Site } from '../region/region.ts';
import type { Thresholds } from '../checks/thresholds.ts';
import type { AgentPlan, ModeSpan } from './agent-plan.ts';
import { involvementOf } from './involvement.ts';
import type { Plan, PrintNorms } from './plan.ts';
import { planTimes, trackOfRole, type PlanTimes } from './plan-times.ts';

/** Roles that must hear and be heard all day: no rule silences them. */
export const neverQuietRoles: readonly Role[] = ['hq', 'video'];

/** The plan holds from here on: technical preparation begins, `domain.md` «The clock». */
const VALID_FROM = 'T-5 00:00';
/** Forms are sent and acknowledged by the end of the day after. */
const VALID_TO_DAYS = 2;

/** Whose part of the plan it is. */
export interface AgentPlanTarget {
  /** Of the live plan, from 1. */
  readonly version: number;
  readonly agentId: string;
  readonly placement: Placement;
  /** Null where the region does not hold the workstation's site: it is not involved then. */
  readonly site: Site | null;
  /** Zone of sites that name none. */
  readonly regionTimeZone: string;
  /** Of the same plan, to share its memory among thousands of agents. */
  readonly times?: PlanTimes;
}

/** When the rehearsal begins and ends, whole days of a zone: ms since 1970 UTC, the end excluded. */
export function rehearsalDays(
  times: PlanTimes,
  timeZone: string,
): { readonly fromMs: number; readonly toMs: number } {
  return {
    fromMs: times.at(VALID_FROM, timeZone, null) ?? 0,
    toMs: times.dayStartMs(VALID_TO_DAYS, timeZone),
  };
}

/** A workstation's part of the plan. */
export function agentPlanOf(plan: Plan, target: AgentPlanTarget): AgentPlan {
  const { version, agentId, placement, site, regionTimeZone } = target;
  const times = target.times ?? planTimes(plan);
  const timeZone = site?.timeZone ?? regionTimeZone;
  const isInvolved = site !== null && involvementOf(plan, site).verdict === 'takesPart';
  const days = rehearsalDays(times, timeZone);
  return {
    version,
    planId: plan.id,
    agentId,
    validFromMs: days.fromMs,
    validToMs: days.toMs,
    timeZone,
    isInvolved,
    modes: isInvolved
      ? spansOf(plan, placement.role, (time, track) => times.at(time, timeZone, track))
      : [],
    thresholds: thresholdsOf(plan, placement.role, site),
    hosts: plan.hosts,
    throughput: plan.throughput,
    print: isInvolved ? printNormsOf(plan, placement.role) : null,
  };
}

function spansOf(
  plan: Plan,
  role: Role,
  at: (time: string, track: ReturnType<typeof trackOfRole>) => number | null,
): ModeSpan[] {
  if (neverQuietRoles.includes(role)) return [];
  const track = trackOfRole(role);
  return plan.modes
    .filter(({ roles }) => roles.includes(role))
    .flatMap(({ mode, from, to }) => {
      const [fromMs, toMs] = [at(from, track), at(to, track)];
      return fromMs === null || toMs === null || fromMs >= toMs ? [] : [{ mode, fromMs, toMs }];
    })
    .sort((a, b) => a.fromMs - b.fromMs);
}

/** The role's limits win over those for all, the line's own contract over both. */
function thresholdsOf(plan: Plan, role: Role, site: Site | null): Partial<Thresholds> {
  const merged = { ...plan.thresholds.all, ...plan.thresholds.roles[role] };
  const contract = site?.contractBytesPerSecond ?? null;
  return contract === null ? merged : { ...merged, downContractBytesPerSecond: contract };
}

function printNormsOf(plan: Plan, role: Role): PrintNorms | null {
  const prints = role === 'organizer' || role === 'print';
  return prints && plan.technologies.includes('print-full-set') ? plan.print : null;
}
