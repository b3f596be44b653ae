import {
  CheckVerdictSchema,
  PlacementSchema,
  idOf,
  isJudgedBy,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import { Type, type Static } from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Count = Type.Integer({ minimum: 0 });

/** An agent as the list of agents shows it: nothing of what it measures. */
export const AgentView = Type.Object({
  id: idOf('agentId'),
  ...PlacementSchema.properties,
  verdict: CheckVerdictSchema.properties.verdict,
  reason: CheckVerdictSchema.properties.reason,
  lastSeenAt: Nullable(Type.String({ format: 'date-time' })),
  /** It is heard now. */
  isHeard: Type.Boolean(),
  agentVersion: Nullable(Type.String()),
  mode: Nullable(Type.String()),
  planVersion: Nullable(Count),
  isPlanBehind: Type.Boolean(),
  clockOffsetMs: Nullable(Type.Number()),
  journalLag: Count,
  journalDropped: Count,
  relayId: Nullable(idOf('agentId')),
  clones: Count,
});
export type AgentView = Static<typeof AgentView>;

/** All agents in numbers, whatever is asked for. */
export const AgentSummary = Type.Object({
  total: Count,
  heard: Count,
  neverHeard: Count,
  /** Those whose journal holds what the collector has not taken yet, and how much of it. */
  lagging: Count,
  backlog: Count,
  planBehind: Count,
  clockOff: Count,
  clones: Count,
  dropped: Count,
  /** The newest first; agents that never said theirs are in none. */
  versions: Type.Array(Type.Object({ version: Type.String(), count: Count })),
});
export type AgentSummary = Static<typeof AgentSummary>;

/** What is asked for: all of them, or those that something is the matter with. */
export const agentFilters = [
  'all',
  'lagging',
  'planBehind',
  'oldVersion',
  'clockOff',
  'neverHeard',
  'clones',
  'dropped',
] as const;
export type AgentFilter = (typeof agentFilters)[number];

/** A heartbeat or two are always on their way. */
const LAGGING_FROM = 5;
/** As `clock.skew` warns. */
const CLOCK_OFF_MS = 30_000;

/** The view of a state. Pure. */
export function agentView(state: WorkstationState, liveVersion: number | undefined): AgentView {
  const { lastSeenAtMs, clockOffsetMs, planVersion } = state;
  return {
    id: state.id,
    ...state.placement,
    verdict: state.standing.verdict,
    reason: state.standing.reason,
    lastSeenAt: lastSeenAtMs === null ? null : new Date(lastSeenAtMs).toISOString(),
    isHeard: lastSeenAtMs !== null && isJudgedBy(state.heartbeat),
    agentVersion: state.agentVersion,
    mode: state.mode,
    planVersion,
    isPlanBehind: liveVersion !== undefined && lastSeenAtMs !== null && planVersion !== liveVersion,
    clockOffsetMs: clockOffsetMs === null ? null : Math.round(clockOffsetMs),
    journalLag: state.journalLag,
    journalDropped: state.journalDropped,
    relayId: state.relayId,
    clones: state.clone?.bootIds.length ?? 0,
  };
}

/** Whether an agent belongs to what is asked for. */
export function isAmong(agent: AgentView, filter: AgentFilter, newest: string | undefined) {
  switch (filter) {
    case 'all':
      return true;
    case 'lagging':
      return agent.journalLag >= LAGGING_FROM;
    case 'planBehind':
      return agent.isPlanBehind;
    case 'oldVersion':
      return agent.agentVersion !== null && agent.agentVersion !== newest;
    case 'clockOff':
      return Math.abs(agent.clockOffsetMs ?? 0) > CLOCK_OFF_MS;
    case 'neverHeard':
      return agent.lastSeenAt === null;
    case 'clones':
      return agent.clones > 0;
    case 'dropped':
      return agent.journalDropped > 0;
  }
}

/** Counts of all agents. Pure. */
export function agentSummary(agents: readonly AgentView[]): AgentSummary {
  const versions = new Map<string, number>();
  for (const { agentVersion } of agents)
    if (agentVersion !== null) versions.set(agentVersion, (versions.get(agentVersion) ?? 0) + 1);
  const count = (filter: AgentFilter): number =>
    agents.filter((agent) => isAmong(agent, filter, undefined)).length;
  return {
    total: agents.length,
    heard: agents.filter(({ isHeard }) => isHeard).length,
    neverHeard: count('neverHeard'),
    lagging: count('lagging'),
    backlog: agents.reduce((sum, { journalLag }) => sum + journalLag, 0),
    planBehind: count('planBehind'),
    clockOff: count('clockOff'),
    clones: count('clones'),
    dropped: count('dropped'),
    versions: [...versions]
      .map(([version, of]) => ({ version, count: of }))
      .sort((a, b) => newestVersionFirst(a.version, b.version)),
  };
}

/** `1.10.0` before `1.9.2`, and a release before what led to it: `1.9.2` before `1.9.2-rc.1`. */
export function newestVersionFirst(a: string, b: string): number {
  const [numbersA = '', ...moreA] = a.split('-');
  const [numbersB = '', ...moreB] = b.split('-');
  const byNumber = byParts(numbersB, numbersA);
  if (byNumber !== 0 || moreA.length + moreB.length === 0) return byNumber;
  if (moreA.length === 0 || moreB.length === 0) return moreA.length - moreB.length;
  return byParts(moreB.join('-'), moreA.join('-'));
}

function byParts(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const one = left[at] ?? '';
    const other = right[at] ?? '';
    if (one === other) continue;
    const difference = Number(one) - Number(other);
    return Number.isNaN(difference) ? (one < other ? -1 : 1) : difference;
  }
  return 0;
}
