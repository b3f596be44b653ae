import type { Fleet } from '@ppe-pulse/protocol';
import { Type } from 'typebox';
import type { Rehearsal } from '../../rehearsal/rehearsal.ts';
import {
  AgentSummary,
  AgentView,
  agentFilters,
  agentSummary,
  agentView,
  isAmong,
} from '../agent-view.ts';
import type { Api } from '../http.ts';

const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;
const CURSOR = /^([0-9]{1,16})\.([0-9a-z-]{1,64})$/;

const Query = Type.Object({
  filter: Type.Enum([...agentFilters], { default: 'all' }),
  /** Part of an id, or of `4216-0012`: the site's code and the room's. */
  search: Type.Optional(Type.String({ maxLength: 64 })),
  /** Only agents of this version. */
  version: Type.Optional(Type.String({ maxLength: 64 })),
  limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT }),
  /** `nextCursor` of the page before. */
  cursor: Type.Optional(Type.String({ maxLength: 100, pattern: CURSOR.source })),
});

/** What the route reads. */
export interface AgentParts {
  readonly fleet: Pick<Fleet, 'all'>;
  readonly rehearsal: Pick<Rehearsal, 'planVersion'>;
}

/** Every agent without its measurements: whose journal is the fullest comes first. */
export function agentRoutes(app: Api, { fleet, rehearsal }: AgentParts): void {
  app.get(
    '/api/v1/agents',
    {
      schema: {
        querystring: Query,
        response: {
          200: Type.Object({
            summary: AgentSummary,
            /** How many there are of what is asked for. */
            found: Type.Integer({ minimum: 0 }),
            items: Type.Array(AgentView),
            nextCursor: Type.Optional(Type.String()),
          }),
        },
      },
    },
    ({ query: { filter, search, version, limit, cursor }, scope }) => {
      const own = [...fleet.all()].filter(({ placement }) => scope.hasSite(placement.siteCode));
      const all = own.map((state) => agentView(state, rehearsal.planVersion));
      const summary = agentSummary(all);
      const newest = summary.versions[0]?.version;
      const found = all
        .filter((agent) => isAmong(agent, filter, newest))
        .filter((agent) => version === undefined || agent.agentVersion === version)
        .filter((agent) => search === undefined || isFound(agent, search));
      const sorted = fullestFirst(found);
      const rest = cursor === undefined ? sorted : sorted.filter(isAfter(cursor));
      const items = rest.slice(0, limit);
      const last = rest.length > limit ? items.at(-1) : undefined;
      return {
        summary,
        found: found.length,
        items,
        ...(last && { nextCursor: `${last.journalLag}.${placeOf(last)}` }),
      };
    },
  );
}

function isFound({ id, siteCode, roomCode }: AgentView, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return id.includes(wanted) || `${siteCode}-${roomCode}`.includes(wanted);
}

/** Places are made into text once: of a country's 66,000 most have the same lag. */
function fullestFirst(agents: readonly AgentView[]): AgentView[] {
  return agents
    .map((agent) => ({ agent, place: placeOf(agent) }))
    .sort((a, b) => b.agent.journalLag - a.agent.journalLag || (a.place < b.place ? -1 : 1))
    .map(({ agent }) => agent);
}

/** Among equals those that were never heard come last, and all of them in the order of places. */
function placeOf({ id, siteCode, roomCode, lastSeenAt }: AgentView): string {
  return `${lastSeenAt === null ? 1 : 0}-${siteCode}-${roomCode}-${id}`;
}

/** What comes behind the last of the page before, wherever that one stands by now. */
function isAfter(cursor: string): (agent: AgentView) => boolean {
  const [, lag, place = ''] = CURSOR.exec(cursor) ?? [];
  const last = Number(lag);
  return (agent) =>
    agent.journalLag < last || (agent.journalLag === last && placeOf(agent) > place);
}
