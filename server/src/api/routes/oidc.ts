import { cookieOf, isEncrypted } from '../../access/cookie.ts';
import { OIDC_TICKET_MS, type Oidc } from '../../access/oidc.ts';
import type { ApiContext } from '../context.ts';
import type { Api, Request } from '../http.ts';
import { Problem } from '../problem.ts';
import { giveSession } from './session-cookie.ts';

const TICKET_COOKIE = 'ppe_pulse_oidc';
const CALLBACK = '/oidc/callback';

/** The way to the provider and back; an account must be here already, the provider only says whose it is. */
export function oidcRoutes(app: Api, context: ApiContext): void {
  const { access, audit, clock, oidc, log } = context;
  app.get('/oidc/start', { schema: { hide: true } }, async (request, reply) => {
    const door = known(oidc);
    const callback = new URL(CALLBACK, originOf(request)).href;
    const { url, ticket } = await door.start(callback, clock.wallMs()).catch((error: unknown) => {
      log.warn({ error: String(error) }, 'the OIDC provider was not reached');
      throw new Problem(503, 'noProvider', 'the provider does not answer: sign in by password');
    });
    return reply
      .setCookie(TICKET_COOKIE, ticket, {
        path: CALLBACK,
        httpOnly: true,
        // The provider sends the browser back: a stricter cookie would not come along.
        sameSite: 'lax',
        secure: isEncrypted(request.raw),
        maxAge: OIDC_TICKET_MS / 1_000,
      })
      .header('cache-control', 'no-store')
      .redirect(url, 303);
  });

  app.get(CALLBACK, { schema: { hide: true } }, async (request, reply) => {
    const ticket = cookieOf(request.headers.cookie, TICKET_COOKIE);
    const url = new URL(request.url, originOf(request));
    const outcome = await known(oidc).finish(ticket, url, clock.wallMs());
    void reply.clearCookie(TICKET_COOKIE, { path: CALLBACK });
    const account = outcome.kind === 'known' ? access.accounts.find(outcome.account) : undefined;
    if (account?.isDisabled !== false) {
      log.warn(
        { reason: outcome.kind === 'refused' ? outcome.reason : 'noAccount' },
        'OIDC sign-in refused',
      );
      return reply.redirect('/sign-in?refused=oidc', 303);
    }
    const letIn = access.letIn(account.account, clock.wallMs());
    const subject = account.account;
    const details = { by: 'oidc' };
    audit.add({
      atMs: clock.wallMs(),
      account: subject,
      action: 'session.begin',
      subject,
      details,
    });
    giveSession(access, request, reply, letIn);
    return reply.redirect('/', 303);
  });
}

function known(oidc: Oidc | undefined): Oidc {
  if (oidc) return oidc;
  throw new Problem(404, 'noOidc', 'this installation has no provider: sign in by password');
}

/** As the browser wrote it: the provider takes only the addresses that it was given beforehand. */
function originOf(request: Request): string {
  const { host } = request.headers;
  if (host !== undefined && /^[A-Za-z0-9.:[\]-]{1,255}$/.test(host))
    return `${isEncrypted(request.raw) ? 'https' : 'http'}://${host}`;
  throw new Problem(400, 'badRequest', 'the request does not say which host it is for');
}
