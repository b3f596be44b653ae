import { isClosed, type AgentPlan, type Role, type Thresholds } from '@ppe-pulse/protocol';
import type { AgentConfig } from '../config.ts';
import type { PortalConfig } from '../probes/portal/portal-probe.ts';

/** The plan while it is valid: outside of that it says nothing. */
export function planInForce(plan: AgentPlan | undefined, nowMs: number): AgentPlan | undefined {
  return plan && nowMs >= plan.validFromMs && nowMs < plan.validToMs ? plan : undefined;
}

/**
 * Limits of the checks: what `agent.yaml` says gives way to the plan, which is the region's word on
 * the day, unless somebody wrote it under `override`, where it is meant for this PC alone.
 */
export function thresholdsBy(
  { thresholds, override }: Pick<AgentConfig, 'thresholds' | 'override'>,
  plan: AgentPlan | undefined,
): Partial<Thresholds> {
  return { ...thresholds, ...plan?.thresholds, ...override.thresholds };
}

/**
 * The portals to shake hands with. Those of the plan are the Штаб's; what `agent.yaml` knows of one of
 * them (its own CA, a plain port) still holds. A plan that names none leaves those of `agent.yaml`.
 */
export function portalsBy(
  configured: readonly PortalConfig[],
  plan: AgentPlan | undefined,
  role: Role | undefined,
): readonly PortalConfig[] {
  const { videoPortal = [], emPortal = [] } = plan?.hosts ?? {};
  const planned = [...new Set([...videoPortal, ...emPortal])].flatMap(
    (each) => portalOf(each) ?? [],
  );
  if (role !== 'hq' || planned.length === 0) return configured;
  return planned.map(
    (portal) =>
      configured.find(({ host, port }) => host === portal.host && port === portal.port) ?? portal,
  );
}

/** Whether the line belongs to the exam now, by the ППЭ's own time; undefined without a plan. */
export function isLineClosedBy(plan: AgentPlan | undefined, nowMs: number): boolean | undefined {
  if (!plan) return undefined;
  const local = localTime(nowMs, plan.timeZone);
  return local === undefined ? undefined : isClosed(plan.throughput, local);
}

/** Undefined for a port that there is not. */
function portalOf(text: string): PortalConfig | undefined {
  const [host = '', digits = '443'] = text.split(':');
  const port = Number(digits);
  return port > 0 && port <= 65_535 ? { host, port, security: 'tls' } : undefined;
}

/** `HH:MM` in a zone; undefined for one that this PC does not know. */
function localTime(atMs: number, timeZone: string): string | undefined {
  const shape = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', shape).format(atMs);
  } catch {
    return undefined;
  }
}
