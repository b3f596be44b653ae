import type { Mode, Placement, Verdict } from '@ppe-pulse/protocol';

/** What the list may be narrowed to; the collector's own names. */
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

/** `GET /api/v1/agents`, the fullest journal first. Times are RFC 3339. */
export interface AgentsAnswer {
  readonly summary: AgentSummary;
  readonly found: number;
  readonly items: readonly AgentAnswer[];
  readonly nextCursor?: string;
}

export interface AgentSummary {
  readonly total: number;
  readonly heard: number;
  readonly neverHeard: number;
  readonly lagging: number;
  readonly backlog: number;
  readonly planBehind: number;
  readonly clockOff: number;
  readonly clones: number;
  readonly dropped: number;
  /** The newest first. */
  readonly versions: readonly { readonly version: string; readonly count: number }[];
}

export interface AgentAnswer extends Placement {
  readonly id: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly lastSeenAt: string | null;
  readonly isHeard: boolean;
  readonly agentVersion: string | null;
  readonly mode: Mode | null;
  readonly planVersion: number | null;
  readonly isPlanBehind: boolean;
  readonly clockOffsetMs: number | null;
  readonly journalLag: number;
  readonly journalDropped: number;
  readonly clones: number;
}

/** What is asked for. */
export interface AgentQuery {
  readonly filter: AgentFilter;
  readonly search: string;
  /** Empty for all. */
  readonly version: string;
  /** Empty for the first page. */
  readonly cursor: string;
}

/** The address of a page of agents. Pure. */
export function agentsPath({ filter, search, version, cursor }: AgentQuery): string {
  const query = new URLSearchParams({ limit: '100' });
  if (filter !== 'all') query.set('filter', filter);
  if (search.trim() !== '') query.set('search', search.trim());
  if (version !== '') query.set('version', version);
  if (cursor !== '') query.set('cursor', cursor);
  return `/api/v1/agents?${query.toString()}`;
}
