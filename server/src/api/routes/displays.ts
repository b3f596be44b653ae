import { Type, type Static } from 'typebox';
import { MAX_DISPLAYS, displayState, type Display } from '../../access/displays.ts';
import { sessionTokenOf } from '../../access/cookie.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';
import { linkRefused } from './link-refused.ts';
import { giveSession } from './session-cookie.ts';

const Time = Type.String({ format: 'date-time' });
const NAME_MAX = 80;
/** A path of the board with its question; a way out of it is none. */
const VIEW = '^/(?![/\\\\])[A-Za-z0-9/_?&=.:%,-]{0,200}$';
/** A rehearsal's season. */
const LIFE_MAX_MS = 366 * 24 * 3_600_000;

const Body = Type.Object(
  {
    /** Where it hangs, not who looks at it. */
    name: Type.String({ minLength: 1, maxLength: NAME_MAX }),
    expiresAt: Time,
    /** Path of the board that it opens. */
    view: Type.String({ pattern: VIEW, default: '/' }),
  },
  { additionalProperties: false },
);
const DisplayView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  createdAt: Time,
  createdBy: Type.String(),
  expiresAt: Time,
  boundAt: Type.Optional(Time),
  lastSeenAt: Type.Optional(Time),
  state: Type.Enum(['waiting', 'bound', 'expired', 'revoked']),
  view: Type.String(),
});

/** Wall links: each lets one browser look at the board, and nothing more, until its end. */
export function displayRoutes(app: Api, context: ApiContext): void {
  const { access, audit, clock } = context;
  app.get(
    '/api/v1/displays',
    { schema: { response: { 200: Type.Object({ items: Type.Array(DisplayView) }) } } },
    () => ({ items: access.displays.list().map((each) => displayView(each, clock.wallMs())) }),
  );

  app.post(
    '/api/v1/displays',
    {
      schema: {
        body: Body,
        response: { 201: Type.Object({ id: Type.String(), path: Type.String() }) },
      },
    },
    async (request, reply) => {
      const { name, expiresAt, view } = request.body;
      const atMs = clock.wallMs();
      const expiresAtMs = Date.parse(expiresAt);
      if (!(expiresAtMs > atMs && expiresAtMs <= atMs + LIFE_MAX_MS))
        throw new Problem(422, 'badTime', 'a wall link ends within a year from now');
      const live = access.displays.list().filter((each) => isLive(each, atMs));
      if (live.length >= MAX_DISPLAYS)
        throw new Problem(409, 'tooManyDisplays', 'revoke the wall links that nobody uses');
      const { account } = request;
      const draft = { name, view, expiresAtMs, createdBy: account };
      const { display, code } = access.displays.add(draft, atMs);
      const details = { name, expiresAtMs, view };
      audit.add({ atMs, account, action: 'display.add', subject: display.id, details });
      void reply.code(201).header('cache-control', 'no-store');
      return { id: display.id, path: `/wall-link/${code}` };
    },
  );

  app.delete(
    '/api/v1/displays/:id',
    {
      schema: {
        params: Type.Object({ id: Type.String({ pattern: '^d-[0-9]{1,12}$' }) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const display = access.displays.find(id);
      if (!display) throw new Problem(404, 'unknownDisplay', `there is no wall link ${id}`);
      const atMs = clock.wallMs();
      if (display.revokedAtMs === null) {
        access.displays.revoke(id, atMs);
        const details = { sessions: access.sessions.endOf(`wall:${id}`) };
        const { account } = request;
        audit.add({ atMs, account, action: 'display.revoke', subject: id, details });
      }
      void reply.code(204);
      return null;
    },
  );
  openingRoute(app, context);
}

function openingRoute(app: Api, { access, audit, clock }: ApiContext): void {
  app.get(
    '/wall-link/:code',
    {
      exposeHeadRoute: false,
      schema: {
        hide: true,
        // Also what was copied without its end is answered in words a person reads.
        params: Type.Object({ code: Type.String({ maxLength: 200 }) }),
      },
    },
    (request, reply) => {
      const atMs = clock.wallMs();
      const opening = access.openDisplay(request.params.code, sessionTokenOf(request.raw), atMs);
      if (!opening) return linkRefused(request, reply, linkUsed());
      const { id, view, letIn } = opening;
      if (letIn) {
        const details = { address: request.ip };
        audit.add({ atMs, account: letIn.account, action: 'display.bind', subject: id, details });
        giveSession(access, request, reply, letIn);
      }
      return reply.header('cache-control', 'no-store').redirect(view, 303);
    },
  );
}

function linkUsed(): Problem {
  const detail = 'another browser opened this wall link, or it is over: ask for a new one';
  return new Problem(401, 'linkUsed', detail);
}

function isLive(display: Display, nowMs: number): boolean {
  const state = displayState(display, nowMs);
  return state === 'waiting' || state === 'bound';
}

function displayView(display: Display, nowMs: number): Static<typeof DisplayView> {
  const { id, name, createdBy, view, boundAtMs, lastSeenAtMs } = display;
  return {
    id,
    name,
    createdAt: timeOf(display.createdAtMs),
    createdBy,
    expiresAt: timeOf(display.expiresAtMs),
    ...(boundAtMs !== null && { boundAt: timeOf(boundAtMs) }),
    ...(lastSeenAtMs !== null && { lastSeenAt: timeOf(lastSeenAtMs) }),
    state: displayState(display, nowMs),
    view,
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
