import { Type } from 'typebox';
import {
  PASSWORD_MAX,
  PASSWORD_MIN,
  createPasswords,
  passwordProblem,
  type PasswordProblem,
  type Passwords,
} from '../../access/passwords.ts';
import { SignInThrottle } from '../../access/sign-in-throttle.ts';
import { SignIn } from '../../access/sign-in.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';
import { ownSession, signedOut, tooManyTries, viewOf } from './own-session.ts';
import { giveSession } from './session-cookie.ts';
import { SessionView, type SessionContext } from './session.ts';
import { totpRoutes } from './totp.ts';

/** Characters may be written in several bytes, and a try is no file. */
const TEXT_MAX = PASSWORD_MAX * 4;
const BODY_BYTES = 8_192;
/** Others are hashing: a moment later it is one's turn. */
const BUSY_MS = 2_000;

const Body = Type.Object(
  {
    account: Type.String({ maxLength: 64 }),
    password: Type.String({ maxLength: TEXT_MAX }),
    /** Of the authenticator, when it is asked for. */
    code: Type.Optional(Type.String({ maxLength: 16 })),
  },
  { additionalProperties: false },
);
const PasswordBody = Type.Object(
  {
    /** Not asked of a session that came by an account's link, nor where there is none. */
    current: Type.Optional(Type.String({ maxLength: TEXT_MAX })),
    next: Type.String({ maxLength: TEXT_MAX }),
  },
  { additionalProperties: false },
);

const refusals = {
  wrongCredentials: 'there is no such account with such a password',
  codeNeeded: 'send the code of the authenticator as well',
  wrongCode: 'the code is wrong, too old, or was used already',
} as const;
const problems: Readonly<Record<PasswordProblem, string>> = {
  tooShort: `a password has ${PASSWORD_MIN} characters at least`,
  tooLong: `a password has ${PASSWORD_MAX} characters at most`,
  isAccount: 'a password is not the name of its account',
};

/** Signing in by password, and what people change of their own sign-in. */
export function signInRoutes(app: Api, context: SessionContext): void {
  const tools = { passwords: createPasswords(), throttle: new SignInThrottle() };
  passwordSignIn(app, context, tools);
  passwordRoute(app, context, tools);
  totpRoutes(app, context, tools.throttle);
}

/** One of each for all ways in: a password that is guessed here is not guessed there. */
interface Tools {
  readonly passwords: Passwords;
  readonly throttle: SignInThrottle;
}

function passwordSignIn(app: Api, context: SessionContext, tools: Tools): void {
  const { access, audit, clock, oidc } = context;
  const signIn = new SignIn({ access, audit, ...tools, wallMs: () => clock.wallMs() });
  app.get(
    '/api/v1/sign-in',
    {
      schema: {
        response: {
          200: Type.Object({
            oidc: Type.Boolean(),
            /** What the installation calls its provider. */
            oidcLabel: Type.Optional(Type.String()),
          }),
        },
      },
    },
    () => ({ oidc: oidc !== undefined, ...(oidc && { oidcLabel: oidc.label }) }),
  );

  app.post(
    '/api/v1/sign-in',
    { bodyLimit: BODY_BYTES, schema: { body: Body, response: { 200: SessionView } } },
    async (request, reply) => {
      const { account, password, code } = request.body;
      const outcome = await signIn.try({ account, password, code, address: request.ip });
      if (outcome.kind === 'wait') throw tooManyTries(reply, outcome.waitMs);
      if (outcome.kind === 'refused')
        throw new Problem(401, outcome.reason, refusals[outcome.reason]);
      const { letIn } = outcome;
      audit.add({
        atMs: clock.wallMs(),
        account,
        action: 'session.begin',
        subject: account,
        details: { by: code === undefined ? 'password' : 'passwordAndCode' },
      });
      giveSession(access, request, reply, letIn);
      return viewOf(context, letIn.token);
    },
  );
}

function passwordRoute(app: Api, context: SessionContext, tools: Tools): void {
  const { access, audit, clock } = context;
  const { passwords, throttle } = tools;
  app.put(
    '/api/v1/session/password',
    { bodyLimit: BODY_BYTES, schema: { body: PasswordBody, response: { 200: SessionView } } },
    async (request, reply) => {
      const { session, token } = ownSession(request, context);
      const { account } = session;
      const { current, next } = request.body;
      const problem = passwordProblem(next, account);
      if (problem) throw new Problem(422, problem, problems[problem]);
      const known = access.accounts.find(account)?.passwordHash ?? null;
      if (known !== null && !session.mustSetPassword) {
        const turn = throttle.begin(account, request.ip, clock.wallMs());
        if (turn.kind === 'wait') throw tooManyTries(reply, turn.waitMs);
        const isRight = await passwords.matches(current ?? '', known);
        if (isRight === 'busy') {
          throttle.giveBack(account, request.ip);
          throw tooManyTries(reply, BUSY_MS);
        }
        if (!isRight) throw new Problem(401, 'wrongPassword', 'the current password is another');
        throttle.succeeded(account, request.ip);
      }
      const hashed = await passwords.hash(next);
      if (hashed === 'busy') throw tooManyTries(reply, BUSY_MS);
      // It may have been ended, or used, while the password was hashed.
      if (!access.bySession(token, clock.wallMs())) throw signedOut();
      access.accounts.setPassword(account, hashed.hash);
      const renewed = access.renewAlone(account, token);
      const details = { sessions: renewed.ended };
      const atMs = clock.wallMs();
      audit.add({ atMs, account, action: 'account.password', subject: account, details });
      giveSession(access, request, reply, renewed);
      return viewOf(context, renewed.token);
    },
  );
}
