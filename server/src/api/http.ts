import { join } from 'node:path';
import { existsSync } from 'node:fs';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import serveFiles from '@fastify/static';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import {
  fastify,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import { limits } from '@ppe-pulse/protocol';
import type { Access } from '../access/access.ts';
import type { ServedTls } from '../access/served-tls.ts';
import { isEncrypted } from '../access/cookie.ts';
import type { Clock } from '../clock.ts';
import { codeOf } from '../config.ts';
import type { Log } from '../log.ts';
import { COLLECTOR_VERSION } from '../version.ts';
import { boundConnections } from './connections.ts';
import {
  authorize,
  authorizeBody,
  noScope,
  type AskedRequest,
  type ScopeSources,
} from './authorize.ts';
import { lazySchemas } from './lazy-schemas.ts';
import { permissionOf } from './permissions.ts';
import { PROBLEM_MEDIA_TYPE, Problem, problemDocument } from './problem.ts';
import { rateOf } from './rates.ts';
import { oddPath } from './request-path.ts';

declare module 'fastify' {
  interface FastifyRequest {
    account: AskedRequest['account'];
    scope: AskedRequest['scope'];
  }
}

/** A Fastify instance whose schemas give the types. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export type { FastifyReply as Reply, FastifyRequest as Request };

/** What the HTTP layer needs before there are routes. */
export interface HttpOptions {
  readonly access: Access;
  readonly clock: Clock;
  readonly scopes: ScopeSources;
  readonly log: Log;
  /** Undefined without TLS. */
  readonly tls: ServedTls | undefined;
  /** Folder of the built board, empty for none. */
  readonly boardDir: string;
  /** Counts peers that were cut before their request was whole. */
  readonly refused: (reason: HttpRefusal) => void;
}

/** Why a peer was cut before there was a request for a route. */
export type HttpRefusal = 'tooSlow' | 'headTooBig' | 'badRequest' | 'tooManyConnections';

/** Nobody is told: the connection is cut before a word. */
const NO_PLACE: HttpRefusal = 'tooManyConnections';
/** Bodies are small: an enrolment, a folder's name. */
const BODY_BYTES = 65_536;
/** Unfinished requests are looked at this often: a slow one lives so much longer than its limit. */
const UNFINISHED_EVERY_MS = 1_000;
/** Pages of the board: any of these paths is the one document. */
const PAGES =
  /^\/(?:$|(?:access|account|agents|alerts|display|enrolment|incidents|plan|registry|rehearsal|replay|sign-in)$|(?:incidents|municipalities|ppe|replay|workstations)\/)/;
/** A browser that saw this collector under TLS speaks to it in no other way for a year. */
const HSTS = 'max-age=31536000';
/** Built files carry a hash in their name. */
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Fastify with everything that holds for all routes: access, limits, headers, problem documents. */
export async function createHttp(options: HttpOptions): Promise<Api> {
  const app: Api = fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    trustProxy: false,
    // Keep-alive connections of boards must not hold up a stop.
    forceCloseConnections: true,
    schemaController: lazySchemas(),
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    // Addresses that no route is asked for: they get the same documents.
    frameworkErrors: (error, request, reply) =>
      void sendProblem(problemOf(error, request, options.log), reply),
    ...serverOptions(options.tls),
  }).withTypeProvider<TypeBoxTypeProvider>();
  // Beside Fastify's own listener, which answers 400, 408 or 431 and cuts the connection.
  app.server.on('clientError', (error: NodeJS.ErrnoException) => {
    const reason = refusalOf(error.code);
    if (reason) options.refused(reason);
  });
  boundConnections(
    app.server,
    { inAll: limits.httpConnections, perAddress: limits.httpConnectionsPerAddress },
    () => options.refused(NO_PLACE),
  );
  app.decorateRequest('account', '');
  app.decorateRequest('scope');
  app.addHook('onRoute', (route) => {
    const methods = Array.isArray(route.method) ? route.method : [route.method];
    for (const method of methods) {
      if (method === 'HEAD' || method === 'OPTIONS') continue;
      permissionOf(method, route.url);
      route.config = { rateLimit: rateOf(method, route.url), ...route.config };
    }
  });
  await app.register(helmet, securityHeaders());
  await app.register(cookie);
  await app.register(rateLimit, {
    ...rateOf('GET', '/'),
    errorResponseBuilder: () => new Problem(429, 'tooManyRequests', 'wait a minute and try again'),
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'ppe-pulse collector', version: COLLECTOR_VERSION },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
  });
  addChecks(app, options);
  app.setErrorHandler((error: FastifyError | Problem, request, reply) =>
    sendProblem(problemOf(error, request, options.log), reply),
  );
  app.setNotFoundHandler((request, reply) => notFound(request, reply, options.boardDir));
  if (options.boardDir !== '' && existsSync(options.boardDir))
    await serveBoard(app, options.boardDir);
  return app;
}

/** Who may, and how often: what is refused counts against the limits as well. */
function addChecks(app: Api, options: HttpOptions): void {
  const limitUnknown = app.rateLimit(rateOf('GET', '/'));
  app.addHook('onRequest', async (request, reply) => {
    if (isEncrypted(request.raw)) void reply.header('strict-transport-security', HSTS);
    request.scope = noScope;
    // No route, and so no limit of one.
    if (request.is404) await limitUnknown.call(app, request, reply);
  });
  // After the limits of the routes, which are hooks of `onRequest`.
  app.addHook('preParsing', async (request) => {
    const odd = oddPath(request.raw.url ?? '');
    if (odd !== undefined) throw new Problem(400, 'badRequest', `the path ${odd}`);
    authorize(request, options);
  });
  app.addHook('preHandler', async (request) => authorizeBody(request));
}

function serverOptions(tls: ServedTls | undefined) {
  const bounds = {
    // Counted from the connection on: a peer that never says a word is cut as well.
    headersTimeout: limits.requestHeadMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: UNFINISHED_EVERY_MS,
  };
  if (!tls) return { http: bounds };
  return { https: { ...bounds, ...tls, handshakeTimeout: limits.requestHeadMs } };
}

/** A connection that just broke was refused by nobody. */
function refusalOf(code: string | undefined): HttpRefusal | undefined {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'tooSlow';
  if (code === 'HPE_HEADER_OVERFLOW') return 'headTooBig';
  return code?.startsWith('HPE_') === true ? 'badRequest' : undefined;
}

function problemOf(error: FastifyError | Problem, request: FastifyRequest, log: Log): Problem {
  if (error instanceof Problem) return error;
  const status = error.statusCode ?? 500;
  if (status >= 500) {
    log.error(
      { error: error.stack ?? error.message, route: request.routeOptions.url },
      'request failed',
    );
    return new Problem(500, 'internal', 'the collector failed on this request; its log says why');
  }
  // Words of Fastify and of its schemas are of the request; others may be of this machine.
  const isOfRequest = error.validation !== undefined || codeOf(error).startsWith('FST_');
  return new Problem(status, kindOf(status), isOfRequest ? error.message : 'not a good request');
}

function kindOf(status: number): string {
  if (status === 413) return 'tooBig';
  if (status === 415) return 'unsupportedMediaType';
  if (status === 429) return 'tooManyRequests';
  return 'badRequest';
}

function sendProblem(problem: Problem, reply: FastifyReply): FastifyReply {
  return reply
    .code(problem.status)
    .header('content-type', PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problemDocument(problem)));
}

function notFound(request: FastifyRequest, reply: FastifyReply, boardDir: string): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? '';
  const isPage = PAGES.test(path);
  // Somebody who mistypes an address reads it in his language; programs get a problem document.
  const isTyped = !path.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html');
  const isAsked = request.method === 'GET' && (isPage || isTyped);
  if (isAsked && boardDir !== '' && existsSync(join(boardDir, 'index.html'))) {
    return reply
      .code(isPage ? 200 : 404)
      .header('cache-control', 'no-cache')
      .sendFile('index.html');
  }
  return sendProblem(
    new Problem(
      404,
      'notFound',
      `there is nothing at ${request.method} ${path.slice(0, 200)}; GET /api/v1/openapi.json lists the routes`,
    ),
    reply,
  );
}

async function serveBoard(app: Api, boardDir: string): Promise<void> {
  await app.register(serveFiles, {
    root: boardDir,
    wildcard: true,
    cacheControl: false,
    // Compressed once by the build: at every request it would cost the time that heartbeats need.
    preCompressed: true,
    // The other page of the same folder is the relay's.
    allowedPath: (path) => path !== '/hq.html',
    setHeaders: (response, path) => {
      const hashed = path.startsWith(join(boardDir, 'assets'));
      response.setHeader('cache-control', hashed ? IMMUTABLE : 'no-cache');
      response.setHeader('vary', 'accept-encoding');
    },
  });
}

/** Everything comes from the collector itself; nothing inline, nothing framed. */
function securityHeaders(): Parameters<typeof helmet>[1] & object {
  return {
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        // Firefox 115 does not take 'self' for WebSockets: the very host is named beside it.
        connectSrc: ["'self'", (request) => socketSources(request.headers.host)],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
  };
}

function socketSources(host: string | undefined): string {
  return host !== undefined && /^[A-Za-z0-9.:[\]-]{1,255}$/.test(host)
    ? `ws://${host} wss://${host}`
    : "'self'";
}
