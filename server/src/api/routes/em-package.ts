import { limits } from '@ppe-pulse/protocol';
import { Type } from 'typebox';
import type { EmDownloads } from '../../em/em-downloads.ts';
import type { Api } from '../http.ts';

const Package = Type.Object({
  seed: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
  bytes: Type.Integer({ minimum: 1, maximum: limits.emPackageBytes }),
});

/**
 * The seeded package: for a Штаб that has an order, whose token is checked here, and for people who
 * put it on a mirror.
 */
export function emPackageRoutes(
  app: Api,
  { emDownloads }: { readonly emDownloads: EmDownloads },
): void {
  app.get('/agent/v1/em-package', { schema: { hide: true } }, async (request, reply) => {
    reply.hijack();
    if (!emDownloads.serve(request.raw, reply.raw))
      reply.raw.writeHead(401, { 'content-length': 0, connection: 'close' }).end();
    return reply;
  });
  app.get('/api/v1/em-package', { schema: { querystring: Package } }, async (request, reply) => {
    reply.hijack();
    emDownloads.giveAway(request.query, request.raw, reply.raw);
    return reply;
  });
}
