import type { IncomingMessage } from 'node:http';
import type { Incident } from '@ppe-pulse/protocol';
import type { Access } from '../access/access.ts';
import { sessionTokenOf } from '../access/cookie.ts';
import { isSameOrigin } from '../access/origin.ts';
import type { Principal } from '../access/principal.ts';
import { wholeRegion, type Scope } from '../access/scope.ts';
import { totpState } from '../access/totp-state.ts';
import type { Clock } from '../clock.ts';
import { permissionOf, type RoleRow } from './permissions.ts';
import { Problem } from './problem.ts';

/** What is looked at of a request, and what is written down on it. */
export interface AskedRequest {
  readonly method: string;
  readonly raw: IncomingMessage;
  readonly headers: IncomingMessage['headers'];
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** `url` undefined for paths that no route has. */
  readonly routeOptions: { readonly url?: string | undefined };
  /** Who asks; empty on routes that ask for nobody. */
  account: string;
  /** Whose sites may be answered. */
  scope: Scope;
}

/** What things are of: asked before a route runs for somebody who sees a part only. */
export interface ScopeSources {
  scopeOf(principal: Principal): Scope;
  siteOfWorkstation(id: string): string | undefined;
  incident(id: string): Incident | undefined;
}

export interface AuthorizeParts {
  readonly access: Access;
  readonly clock: Clock;
  readonly scopes: ScopeSources;
}

/** Lets a request on to its route, or throws the problem that it gets. The one place for all routes. */
export function authorize(request: AskedRequest, parts: AuthorizeParts): void {
  const byBearer = parts.access.byBearer(request.headers.authorization);
  const isChange = request.method !== 'GET' && request.method !== 'HEAD';
  // No browser sends a token by itself; everything else may come from a page of somebody else.
  if (!byBearer && isChange && !isSameOrigin(request.headers)) throw foreignOrigin();
  const row = rowOf(request);
  if (!row) return;
  const principal = byBearer ?? bySession(request, row, parts);
  const grant = row.grants[principal.role];
  if (grant === 'no') throw notAllowed(principal);
  request.account = principal.account;
  request.scope = parts.scopes.scopeOf(principal);
  if (grant === 'own' && !request.scope.isWhole) checkOwn(request, row, parts.scopes);
}

/** The part of a check that needs the body: after it was read and has its shape. */
export function authorizeBody(request: AskedRequest): void {
  if (rowOf(request)?.of !== 'claim' || request.scope.isWhole) return;
  const { siteCode } = request.body as { readonly siteCode: string };
  if (!request.scope.hasSite(siteCode)) throw unknownSite(siteCode);
}

/** Undefined for what asks for nobody, and for paths that no route has: the 404 handler's. */
function rowOf(request: AskedRequest): RoleRow | undefined {
  const { url } = request.routeOptions;
  if (url === undefined) return undefined;
  const permission = permissionOf(request.method === 'HEAD' ? 'GET' : request.method, url);
  return typeof permission === 'string' ? undefined : permission;
}

function bySession(
  request: AskedRequest,
  { before }: RoleRow,
  { access, clock }: AuthorizeParts,
): Principal {
  const session = access.bySession(sessionTokenOf(request.raw), clock.wallMs());
  if (!session)
    throw new Problem(
      401,
      'notSignedIn',
      'sign in on the board, or send "Authorization: Bearer TOKEN" with the token of <data>/admin.token',
    );
  if (session.mustSetPassword && before !== 'password')
    throw new Problem(403, 'passwordNeeded', 'set a password first: PUT /api/v1/session/password');
  if (totpState(session, access.settings) === 'needed' && before === null)
    throw new Problem(403, 'totpNeeded', 'set up a second factor first: POST /api/v1/session/totp');
  return session;
}

/** What is of others is not there: the same answer as for what never was. */
function checkOwn(request: AskedRequest, { of }: RoleRow, scopes: ScopeSources): void {
  const { code, id } = request.params as { readonly code?: string; readonly id?: string };
  const { scope } = request;
  switch (of) {
    case 'site':
      if (!scope.hasSite(code ?? '')) throw unknownSite(code ?? '');
      return;
    case 'workstation':
      if (!scope.hasSite(scopes.siteOfWorkstation(id ?? '') ?? ''))
        throw unknownWorkstation(id ?? '');
      return;
    case 'incident':
      return checkIncident(request, id ?? '', scopes.incident(id ?? ''));
    case 'asked': {
      const { site } = request.query as { readonly site?: unknown };
      if (site === undefined)
        throw new Problem(400, 'siteNeeded', 'name one of your sites: ?site=CODE');
      if (typeof site !== 'string' || !scope.hasSite(site)) throw unknownSite('');
      return;
    }
    case 'list':
    case 'claim':
      return;
    case null:
      throw new Error(`nobody says what is own of ${request.routeOptions.url}`);
  }
}

function checkIncident(
  { scope, method }: AskedRequest,
  id: string,
  incident: Incident | undefined,
): void {
  if (!incident || !scope.shown(incident)) {
    const detail = `there is no incident ${id.slice(0, 20)}; GET /api/v1/incidents lists them`;
    throw new Problem(404, 'unknownIncident', detail);
  }
  if (method === 'GET' || method === 'HEAD' || scope.owns(incident)) return;
  throw new Problem(
    403,
    'widerIncident',
    'the incident is wider than your sites: the duty shift of the region acts on it',
  );
}

function notAllowed({ role }: Principal): Problem {
  return new Problem(403, 'notAllowed', `the role ${role} may not do this; ask an admin`);
}

function foreignOrigin(): Problem {
  const detail = 'a browser may change things only from the board itself';
  return new Problem(403, 'foreignOrigin', detail);
}

function unknownSite(code: string): Problem {
  const detail = `site ${code.slice(0, 20)} is not in the registry and no workstation of it is enrolled; GET /api/v1/sites`;
  return new Problem(404, 'unknownSite', detail);
}

function unknownWorkstation(id: string): Problem {
  const detail = `workstation ${id.slice(0, 40)} is not enrolled; GET /api/v1/workstations lists all`;
  return new Problem(404, 'unknownWorkstation', detail);
}

/** For requests that no check has looked at yet. */
export const noScope: Scope = {
  ...wholeRegion,
  key: 'nothing',
  isWhole: false,
  hasSite: () => false,
  siteCodes: () => [],
  hasMunicipality: () => false,
  hasProvider: () => false,
  owns: () => false,
  shown: () => undefined,
};
