import { Type, type Static } from 'typebox';
import { sessionTokenOf } from '../../access/cookie.ts';
import { LINK_LIFE_MS } from '../../access/links.ts';
import { accountRoles, type Principal } from '../../access/principal.ts';
import type { Session } from '../../access/sessions.ts';
import { totpState } from '../../access/totp-state.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';
import { linkRefused } from './link-refused.ts';
import { giveSession, takeSession } from './session-cookie.ts';

/** What the routes of sessions work with. */
export type SessionContext = Pick<ApiContext, 'access' | 'audit' | 'clock' | 'oidc'>;

/** Who is signed in, as the board reads it. */
export const SessionView = Type.Object({
  account: Type.String(),
  role: Type.Enum([...accountRoles]),
  /** Slug; of role `municipal`. */
  municipality: Type.Optional(Type.String()),
  /** Of role `ppe`. */
  siteCode: Type.Optional(Type.String()),
  /** Name of the wall link that this browser is bound to. */
  display: Type.Optional(Type.String()),
  /** Missing for scripts, whose token has no end. */
  expiresAt: Type.Optional(Type.String({ format: 'date-time' })),
  mustSetPassword: Type.Boolean(),
  /** Its own password is asked before another is set. */
  hasPassword: Type.Boolean(),
  totp: Type.Enum(['off', 'on', 'needed']),
  /** People may also sign in by the provider of the installation. */
  oidc: Type.Boolean(),
});

/** Signing in by one-time links, and out; who is signed in. */
export function sessionRoutes(app: Api, context: SessionContext): void {
  const { access, audit, clock } = context;
  app.get(
    '/sign-in/:code',
    {
      // Whoever only looks where a link leads must not use it up.
      exposeHeadRoute: false,
      schema: {
        hide: true,
        params: Type.Object({ code: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }),
      },
    },
    (request, reply) => {
      const session = access.redeemLink(request.params.code, clock.wallMs());
      if (!session) return linkRefused(request, reply, linkUsed());
      const { account, mustSetPassword } = session;
      const details = { by: 'link' };
      audit.add({
        atMs: clock.wallMs(),
        account,
        action: 'session.begin',
        subject: account,
        details,
      });
      giveSession(access, request, reply, session);
      return reply.redirect(mustSetPassword ? '/sign-in' : '/', 303);
    },
  );

  app.get('/api/v1/session', { schema: { response: { 200: SessionView } } }, (request) => {
    const session = access.bySession(sessionTokenOf(request.raw), clock.wallMs());
    return session ? sessionView(session, context) : scriptView(context);
  });

  app.delete(
    '/api/v1/session',
    { schema: { response: { 204: Type.Null() } } },
    async (request, reply) => {
      const token = sessionTokenOf(request.raw);
      if (token !== undefined) access.endSession(token);
      takeSession(request, reply);
      void reply.code(204);
      return null;
    },
  );

  app.delete(
    '/api/v1/sessions',
    { schema: { response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { account } = request;
      const details = { sessions: access.sessions.endOf(account) };
      audit.add({
        atMs: clock.wallMs(),
        account,
        action: 'session.endAll',
        subject: account,
        details,
      });
      takeSession(request, reply);
      void reply.code(204);
      return null;
    },
  );
  linkRoute(app, context);
}

function linkRoute(app: Api, { access, audit, clock }: SessionContext): void {
  app.post(
    '/api/v1/sign-in-links',
    {
      schema: {
        response: { 201: Type.Object({ path: Type.String(), expiresInMs: Type.Integer() }) },
      },
    },
    async ({ account }, reply) => {
      const atMs = clock.wallMs();
      audit.add({ atMs, account, action: 'session.link', subject: account, details: {} });
      void reply.code(201);
      return { path: `/sign-in/${access.createLink(atMs)}`, expiresInMs: LINK_LIFE_MS };
    },
  );
}

export function sessionView(
  session: Session,
  { access, oidc }: SessionContext,
): Static<typeof SessionView> {
  const { display, expiresAtMs, mustSetPassword, hasPassword } = session;
  return {
    ...principalView(session),
    ...(display && { display: display.name }),
    expiresAt: new Date(expiresAtMs).toISOString(),
    mustSetPassword,
    hasPassword,
    totp: totpState(session, access.settings),
    oidc: oidc !== undefined,
  };
}

function scriptView({ oidc }: SessionContext): Static<typeof SessionView> {
  const flags = { mustSetPassword: false, hasPassword: false, totp: 'off' as const };
  return { account: 'admin', role: 'admin', ...flags, oidc: oidc !== undefined };
}

function principalView({ account, role, municipality, siteCode }: Principal) {
  return {
    account,
    role,
    ...(municipality !== null && { municipality }),
    ...(siteCode !== null && { siteCode }),
  };
}

function linkUsed(): Problem {
  return new Problem(
    401,
    'linkUsed',
    'this link was used already, or is too old: ask for a new one',
  );
}
