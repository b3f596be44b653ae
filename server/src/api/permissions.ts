import { AGENT_PATH, LIVE_PATH } from '@ppe-pulse/protocol';
import { accountRoles, type AccountRole } from '../access/principal.ts';

/** `own`: of the sites of a municipality, or of the one site, and nothing else. */
export type Grant = 'all' | 'own' | 'no';

/**
 * What an `own` is of, and so what is looked at before the route runs. `list`: the route answers only
 * what `request.scope` has. `asked`: a list that must name one of its sites in `?site=`. `claim`: the
 * site stands in the body.
 */
export type Subject = 'site' | 'workstation' | 'incident' | 'list' | 'asked' | 'claim';

/** Who may call a route that asks for somebody. */
export interface RoleRow {
  readonly grants: Readonly<Record<AccountRole, Grant>>;
  readonly of: Subject | null;
  /** Open also before a password is set, or only a second factor is missing. */
  readonly before: 'password' | 'totp' | null;
}

/**
 * `public`: anybody. `slot`: the route checks a slot's token itself. `agent`: agents prove themselves by
 * their keys, in what they send.
 */
export type Permission = 'public' | 'slot' | 'agent' | RoleRow;

/** In the order of `accountRoles`: admin, operator, municipal, ppe, wall. */
type Row = readonly [Grant, Grant, Grant, Grant, Grant];

function row(grants: Row, of: Subject | null = null, before: RoleRow['before'] = null): RoleRow {
  const pairs = accountRoles.map((role, at) => [role, grants[at] ?? 'no']);
  return { grants: Object.fromEntries(pairs) as RoleRow['grants'], of, before };
}

/** Accounts, keys, settings, what a person's word changes for the whole region. */
const adminOnly = row(['all', 'no', 'no', 'no', 'no']);
/** The duty shift of the region. */
const duty = row(['all', 'all', 'no', 'no', 'no']);
/** What is of no site, on the board that hangs on the wall. */
const regionBoard = row(['all', 'all', 'no', 'no', 'all']);
/** What everybody must know who looks at a board, and what names no site. */
const everybody = row(['all', 'all', 'all', 'all', 'all']);
const boardOf = (of: Subject): RoleRow => row(['all', 'all', 'own', 'own', 'all'], of);
const actOnIncident = row(['all', 'all', 'own', 'no', 'no'], 'incident');
const ownSession = row(['all', 'all', 'all', 'all', 'all'], null, 'password');
/** A screen on a wall stays: whoever stands before it signs nobody out. */
const endSession = row(['all', 'all', 'all', 'all', 'no'], null, 'password');
const secondFactor = row(['all', 'all', 'all', 'all', 'all'], null, 'totp');

/**
 * Who may call what: every route and every socket that people open. One that is missing here does not
 * start; one that stands here is checked before it runs, in `authorize.ts`.
 */
export const permissions: Readonly<Record<string, Permission>> = {
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /sign-in/:code': 'public',
  'GET /wall-link/:code': 'public',
  'GET /oidc/start': 'public',
  'GET /oidc/callback': 'public',
  'GET /api/v1/sign-in': 'public',
  'POST /api/v1/sign-in': 'public',
  'GET /api/v1/session': ownSession,
  'DELETE /api/v1/session': endSession,
  'DELETE /api/v1/sessions': endSession,
  'PUT /api/v1/session/password': ownSession,
  'POST /api/v1/session/totp': secondFactor,
  'PUT /api/v1/session/totp': secondFactor,
  'DELETE /api/v1/session/totp': secondFactor,
  'POST /api/v1/sign-in-links': adminOnly,
  'GET /api/v1/accounts': adminOnly,
  'POST /api/v1/accounts': adminOnly,
  'PUT /api/v1/accounts/:account': adminOnly,
  'DELETE /api/v1/accounts/:account': adminOnly,
  'POST /api/v1/accounts/:account/links': adminOnly,
  'GET /api/v1/displays': adminOnly,
  'POST /api/v1/displays': adminOnly,
  'DELETE /api/v1/displays/:id': adminOnly,
  'GET /metrics': adminOnly,
  'GET /metrics/fleet': adminOnly,
  'GET /api/v1/openapi.json': duty,
  'GET /api/v1/collector': everybody,
  'GET /api/v1/overview': boardOf('list'),
  'GET /api/v1/sites': boardOf('list'),
  'GET /api/v1/sites/:code': boardOf('site'),
  'GET /api/v1/sites/:code/claims': boardOf('site'),
  'GET /api/v1/sites/:code/stages': boardOf('site'),
  'GET /api/v1/sites/:code/timeline': boardOf('site'),
  'GET /api/v1/sites/:code/readiness': boardOf('site'),
  'GET /api/v1/sites/:code/readiness.html': boardOf('site'),
  'GET /api/v1/workstations': boardOf('list'),
  'POST /api/v1/workstations': adminOnly,
  'POST /api/v1/workstations/batch': adminOnly,
  'GET /api/v1/workstations/:id': boardOf('workstation'),
  'GET /api/v1/workstations/:id/series': boardOf('workstation'),
  'GET /api/v1/workstations/:id/flips': boardOf('workstation'),
  'GET /api/v1/workstations/unplanned': boardOf('list'),
  'POST /api/v1/workstations/:id/adopt': adminOnly,
  'GET /api/v1/agents': boardOf('list'),
  // A file holds the codes of a ППЭ.
  'POST /api/v1/enrolments': adminOnly,
  'POST /api/v1/enrolments/:codeId/renew': adminOnly,
  'GET /api/v1/enrolments': duty,
  'POST /api/v1/enrolments/:codeId/approve': duty,
  'POST /api/v1/enrolments/:codeId/reject': duty,
  'POST /api/v1/enrolments/requests': duty,
  'POST /api/v1/workstations/:id/revoke': duty,
  'POST /agent/v1/enrol': 'agent',
  'GET /api/v1/percentiles': regionBoard,
  'GET /api/v1/jobs': adminOnly,
  'POST /api/v1/jobs/maintenance': adminOnly,
  'POST /api/v1/backups': adminOnly,
  'POST /api/v1/carried': duty,
  'POST /api/v1/claims': row(['all', 'all', 'own', 'own', 'no'], 'claim'),
  'GET /api/v1/audit': adminOnly,
  'GET /api/v1/forecasts': boardOf('asked'),
  'GET /api/v1/forecasts/em': regionBoard,
  'GET /api/v1/plan': regionBoard,
  'PUT /api/v1/plan': adminOnly,
  'POST /api/v1/plan/editing': adminOnly,
  'GET /api/v1/plan/templates': duty,
  'POST /api/v1/plan/shift': adminOnly,
  'GET /api/v1/plan/versions': duty,
  'GET /api/v1/plan/versions/:version': duty,
  'GET /api/v1/em-downloads': regionBoard,
  'POST /api/v1/em-downloads': duty,
  'GET /api/v1/em-downloads/:id': regionBoard,
  'POST /api/v1/em-downloads/:id/stop': duty,
  'GET /api/v1/em-downloads/:id/what-if': regionBoard,
  'GET /api/v1/em-package': duty,
  'GET /api/v1/updates': duty,
  'POST /api/v1/updates': adminOnly,
  'PUT /api/v1/update-root': adminOnly,
  'POST /api/v1/updates/:version/stages': adminOnly,
  'POST /api/v1/update-stages/:id/go-on': adminOnly,
  'POST /api/v1/update-stages/:id/stop': adminOnly,
  'GET /agent/v1/em-package': 'slot',
  'GET /api/v1/registry': regionBoard,
  'GET /api/v1/registry/sites': boardOf('list'),
  'PUT /api/v1/registry/sites/:code': adminOnly,
  'GET /api/v1/registry/template.xlsx': duty,
  'GET /api/v1/registry/template.csv': duty,
  'POST /api/v1/registry/import': adminOnly,
  'POST /api/v1/registry/sample': adminOnly,
  'GET /api/v1/incidents': boardOf('list'),
  'GET /api/v1/incidents/:id': boardOf('incident'),
  'POST /api/v1/incidents/:id/ack': actOnIncident,
  'POST /api/v1/incidents/:id/assign': actOnIncident,
  'POST /api/v1/incidents/:id/comment': actOnIncident,
  'POST /api/v1/incidents/:id/call': actOnIncident,
  'POST /api/v1/incidents/:id/snooze': actOnIncident,
  'POST /api/v1/incidents/:id/drill': actOnIncident,
  'POST /api/v1/incidents/:id/resolve': actOnIncident,
  // A film is of the whole region.
  'GET /api/v1/replay': regionBoard,
  'GET /api/v1/replay/frames': regionBoard,
  'GET /api/v1/replay/spans': regionBoard,
  'GET /api/v1/replay/marks': regionBoard,
  'GET /api/v1/handovers': duty,
  'POST /api/v1/handovers': duty,
  'GET /api/v1/silences': boardOf('list'),
  'POST /api/v1/silences': duty,
  'DELETE /api/v1/silences/:id': duty,
  'GET /api/v1/webhooks': duty,
  'POST /api/v1/webhooks': adminOnly,
  'GET /api/v1/webhooks/formats': duty,
  'GET /api/v1/webhooks/:id': duty,
  'PUT /api/v1/webhooks/:id': adminOnly,
  'DELETE /api/v1/webhooks/:id': adminOnly,
  'POST /api/v1/webhooks/:id/test': duty,
  'GET /api/v1/webhooks/:id/deliveries': duty,
  'GET /api/v1/deliveries': duty,
  'GET /api/v1/deliveries/:id': duty,
  'POST /api/v1/deliveries/:id/resend': duty,
  'POST /api/v1/drills': duty,
  'GET /api/v1/alert-routing': duty,
  'PUT /api/v1/alert-routing': adminOnly,
  'GET /api/v1/alert-event.schema.json': duty,
  'GET /agent/v1/throughput': 'slot',
  'POST /agent/v1/throughput': 'slot',
  // The board's files hold nothing secret; what they show comes through the routes above.
  'GET /': 'public',
  'GET /*': 'public',
  [`WS ${LIVE_PATH}`]: boardOf('list'),
  [`WS ${AGENT_PATH}`]: 'agent',
};

/** The row of a route; throws for one that nobody gave a row. */
export function permissionOf(method: string, url: string): Permission {
  const found = permissions[`${method} ${url}`];
  if (found) return found;
  throw new Error(`route ${method} ${url} is missing in permissions.ts`);
}
