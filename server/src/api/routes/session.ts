import { Type } from 'typebox';
import { LINK_LIFE_MS, SESSION_COOKIE } from '../../access/access.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';

type SessionContext = Pick<ApiContext, 'access' | 'audit' | 'clock'>;

/** Signing people in by one-time links, and out. */
export function sessionRoutes(app: Api, context: SessionContext): void {
  const { access, clock } = context;
  const note = noteIn(context);

  app.get(
    '/sign-in/:code',
    {
      // Guessing 256 bits is hopeless; trying still costs.
      config: { rateLimit: { max: 30, timeWindow: 60_000 } },
      schema: {
        hide: true,
        params: Type.Object({ code: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }),
      },
    },
    (request, reply) => {
      const session = access.redeemLink(request.params.code, clock.wallMs());
      if (!session) {
        throw new Problem(
          401,
          'linkUsed',
          'this link was used already or is older than 15 minutes: ask for a new one (POST /api/v1/sign-in-links, or restart the collector)',
        );
      }
      note(session.account, 'session.begin');
      // A cookie names one session: nobody could sign out what is open under the one before.
      const before = request.cookies[SESSION_COOKIE];
      if (before !== undefined) access.endSession(before);
      return reply
        .setCookie(SESSION_COOKIE, session.token, {
          path: '/',
          httpOnly: true,
          sameSite: 'strict',
          secure: request.protocol === 'https',
          maxAge: Math.floor(session.lifeMs / 1_000),
        })
        .header('cache-control', 'no-store')
        .redirect('/', 303);
    },
  );

  app.get(
    '/api/v1/session',
    { schema: { response: { 200: Type.Object({ account: Type.String(), role: Type.String() }) } } },
    (request) => {
      const bySession = access.bySession(request.cookies[SESSION_COOKIE], clock.wallMs());
      return bySession ?? { account: 'admin', role: 'admin' };
    },
  );

  app.delete(
    '/api/v1/session',
    { schema: { response: { 204: Type.Null() } } },
    async (request, reply) => {
      const token = request.cookies[SESSION_COOKIE];
      if (token !== undefined) access.endSession(token);
      void reply.clearCookie(SESSION_COOKIE, { path: '/' }).code(204);
      return null;
    },
  );
  linkRoute(app, context);
}

function linkRoute(app: Api, context: SessionContext): void {
  const { access, clock } = context;
  const note = noteIn(context);
  app.post(
    '/api/v1/sign-in-links',
    {
      schema: {
        response: { 201: Type.Object({ path: Type.String(), expiresInMs: Type.Integer() }) },
      },
    },
    async ({ account }, reply) => {
      note(account, 'session.link');
      void reply.code(201);
      return {
        path: `/sign-in/${access.createLink(clock.wallMs())}`,
        expiresInMs: LINK_LIFE_MS,
      };
    },
  );
}

/** Who let whom in stands in the audit. */
function noteIn({ audit, clock }: SessionContext) {
  return (account: string, action: 'session.link' | 'session.begin'): void =>
    audit.add({ atMs: clock.wallMs(), account, action, subject: account, details: {} });
}
