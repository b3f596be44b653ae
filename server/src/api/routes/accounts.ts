import { idOf } from '@ppe-pulse/protocol';
import { Type, type Static } from 'typebox';
import { ACCOUNT_PATTERN, FIRST_ACCOUNT, type Account } from '../../access/accounts.ts';
import { AccountDesk, type AccountRefusal } from '../../access/account-desk.ts';
import { ACCOUNT_LINK_LIFE_MS } from '../../access/links.ts';
import { accountRoles } from '../../access/principal.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';

const Time = Type.String({ format: 'date-time' });
const Name = Type.String({ pattern: ACCOUNT_PATTERN });
const Params = Type.Object({ account: Name });
const place = {
  role: Type.Enum([...accountRoles]),
  /** Slug of the registry; needed by `municipal` and taken by no other. */
  municipality: Type.Optional(Type.String({ maxLength: 100 })),
  /** Needed by `ppe` and taken by no other. */
  siteCode: Type.Optional(idOf('siteCode')),
};
const AddBody = Type.Object({ account: Name, ...place }, { additionalProperties: false });
const ChangeBody = Type.Object(
  { ...place, disabled: Type.Boolean({ default: false }) },
  { additionalProperties: false },
);

const AccountView = Type.Object({
  account: Type.String(),
  role: Type.Enum([...accountRoles]),
  municipality: Type.Optional(Type.String()),
  siteCode: Type.Optional(Type.String()),
  disabled: Type.Boolean(),
  totp: Type.Enum(['off', 'on']),
  /** False until its link was used. */
  hasPassword: Type.Boolean(),
  lastSignInAt: Type.Optional(Time),
  /** Browsers that are signed in as it. */
  sessions: Type.Integer({ minimum: 0 }),
});

/** Accounts of people: who there are, what each may see, and how they come in. */
export function accountRoutes(app: Api, context: ApiContext): void {
  const { access, clock } = context;
  const desk = new AccountDesk({
    access,
    audit: context.audit,
    region: () => context.registry.current().region,
    isHeardFrom: (code) =>
      context.enrolments.list().some((each) => each.placement.siteCode === code),
  });
  const view = (account: Account) =>
    accountView(account, access.sessions.countOf(account.account, clock.wallMs()));
  app.get(
    '/api/v1/accounts',
    { schema: { response: { 200: Type.Object({ items: Type.Array(AccountView) }) } } },
    () => ({ items: access.accounts.list().map(view) }),
  );

  app.post(
    '/api/v1/accounts',
    {
      schema: {
        body: AddBody,
        response: { 201: Type.Object({ account: Type.String(), path: Type.String() }) },
      },
    },
    async (request, reply) => {
      const { account, ...rest } = request.body;
      const by = { account: request.account, atMs: clock.wallMs() };
      const outcome = desk.add(account, placeOf(rest), by);
      if (outcome.kind === 'refused') throw refusal(outcome.reason, account);
      void reply.code(201);
      return { account, path: `/sign-in/${outcome.code}` };
    },
  );

  app.put(
    '/api/v1/accounts/:account',
    { schema: { params: Params, body: ChangeBody, response: { 200: AccountView } } },
    (request) => {
      const { account } = request.params;
      const by = { account: request.account, atMs: clock.wallMs() };
      const { disabled: isDisabled, ...rest } = request.body;
      const outcome = desk.change(account, { ...placeOf(rest), isDisabled }, by);
      if (outcome.kind === 'refused') throw refusal(outcome.reason, account);
      return view(outcome.account);
    },
  );
  leavingRoutes(app, context, desk);
}

function leavingRoutes(app: Api, { clock }: ApiContext, desk: AccountDesk): void {
  app.post(
    '/api/v1/accounts/:account/links',
    {
      schema: {
        params: Params,
        response: { 201: Type.Object({ path: Type.String(), expiresInMs: Type.Integer() }) },
      },
    },
    async (request, reply) => {
      const { account } = request.params;
      const by = { account: request.account, atMs: clock.wallMs() };
      const outcome = desk.reset(account, by);
      if (outcome.kind === 'refused') throw refusal(outcome.reason, account);
      void reply.code(201);
      return { path: `/sign-in/${outcome.code}`, expiresInMs: ACCOUNT_LINK_LIFE_MS };
    },
  );

  app.delete(
    '/api/v1/accounts/:account',
    { schema: { params: Params, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { account } = request.params;
      const by = { account: request.account, atMs: clock.wallMs() };
      const outcome = desk.remove(account, by);
      if (outcome.kind === 'refused') throw refusal(outcome.reason, account);
      void reply.code(204);
      return null;
    },
  );
}

function placeOf(body: Pick<Static<typeof AddBody>, 'role' | 'municipality' | 'siteCode'>) {
  const { role, municipality, siteCode } = body;
  return { role, municipality: municipality ?? null, siteCode: siteCode ?? null };
}

const refusals: Readonly<Record<AccountRefusal, readonly [number, string]>> = {
  unknownAccount: [404, 'there is no such account; GET /api/v1/accounts lists all'],
  accountExists: [409, 'there is an account of that name: change it, or take another name'],
  adminStays: [409, `the account ${FIRST_ACCOUNT} stays an admin: it is the way back in`],
  tooManyAccounts: [409, 'there are too many accounts: remove those that nobody uses'],
  municipalityNeeded: [422, 'the role municipal needs "municipality", and no other takes it'],
  siteNeeded: [422, 'the role ppe needs "siteCode", and no other takes it'],
  unknownMunicipality: [422, 'the registry has no municipality of that slug'],
  unknownSite: [422, 'the registry has no site of that code, and nobody is enrolled there'],
};

function refusal(reason: AccountRefusal, account: string): Problem {
  const [status, detail] = refusals[reason];
  return new Problem(status, reason, `${account}: ${detail}`);
}

function accountView(
  { account, role, municipality, siteCode, ...rest }: Account,
  sessions: number,
): Static<typeof AccountView> {
  const { isDisabled, totpSecret, passwordHash, lastSignInAtMs } = rest;
  return {
    account,
    role,
    ...(municipality !== null && { municipality }),
    ...(siteCode !== null && { siteCode }),
    disabled: isDisabled,
    totp: totpSecret === null ? 'off' : 'on',
    hasPassword: passwordHash !== null,
    ...(lastSignInAtMs !== null && { lastSignInAt: new Date(lastSignInAtMs).toISOString() }),
    sessions,
  };
}
