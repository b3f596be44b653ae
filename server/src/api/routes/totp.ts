import { Type } from 'typebox';
import type { SignInThrottle } from '../../access/sign-in-throttle.ts';
import { newTotpSecret, totpStep, totpUri } from '../../access/totp.ts';
import type { Api, Reply, Request } from '../http.ts';
import { Problem } from '../problem.ts';
import { ownSession, tooManyTries, viewOf } from './own-session.ts';
import { giveSession } from './session-cookie.ts';
import { SessionView, type SessionContext } from './session.ts';

const Code = Type.Object({ code: Type.String({ maxLength: 16 }) }, { additionalProperties: false });

/** The second factor: asked for, proved by its first code, and given up by a code. */
export function totpRoutes(app: Api, context: SessionContext, throttle: SignInThrottle): void {
  const { access, clock } = context;
  app.post(
    '/api/v1/session/totp',
    { schema: { response: { 200: Type.Object({ secret: Type.String(), uri: Type.String() }) } } },
    async (request, reply) => {
      const { account, hasTotp } = ownSession(request, context).session;
      if (hasTotp)
        throw new Problem(409, 'totpIsOn', 'there is a second factor: switch it off first');
      const secret = newTotpSecret();
      access.accounts.askTotp(account, secret);
      void reply.header('cache-control', 'no-store');
      return { secret, uri: totpUri(secret, account) };
    },
  );

  const change = (
    [request, reply]: readonly [Request, Reply],
    action: 'account.totpOn' | 'account.totpOff',
    prove: (account: string) => boolean,
  ) => {
    const { session, token } = ownSession(request, context);
    const { account } = session;
    const turn = throttle.begin(account, request.ip, clock.wallMs());
    if (turn.kind === 'wait') throw tooManyTries(reply, turn.waitMs);
    if (!prove(account))
      throw new Problem(401, 'wrongCode', 'the code is wrong, too old, or was used already');
    // It says nothing of the password: what was guessed of that stays counted.
    throttle.giveBack(account, request.ip);
    const renewed = access.renewAlone(account, token);
    const details = { sessions: renewed.ended };
    context.audit.add({ atMs: clock.wallMs(), account, action, subject: account, details });
    giveSession(access, request, reply, renewed);
    return viewOf(context, renewed.token);
  };

  app.put(
    '/api/v1/session/totp',
    { schema: { body: Code, response: { 200: SessionView } } },
    (request, reply) =>
      change([request, reply], 'account.totpOn', (account) => {
        const asked = access.accounts.find(account)?.totpAsked ?? null;
        if (asked === null) throw new Problem(409, 'totpNotAsked', 'ask for a secret first');
        const step = totpStep(asked, request.body.code, clock.wallMs());
        if (step !== undefined) access.accounts.holdTotp(account, asked, step);
        return step !== undefined;
      }),
  );

  app.delete(
    '/api/v1/session/totp',
    { schema: { body: Code, response: { 200: SessionView } } },
    (request, reply) =>
      change([request, reply], 'account.totpOff', (account) => {
        const secret = access.accounts.find(account)?.totpSecret ?? null;
        if (secret === null) throw new Problem(409, 'totpIsOff', 'there is no second factor');
        const step = totpStep(secret, request.body.code, clock.wallMs());
        if (step === undefined || !access.accounts.takeTotpStep(account, step)) return false;
        access.accounts.forgetTotp(account);
        return true;
      }),
  );
}
