import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';

/** The bytes of a leased throughput slot. The token is checked here, once, and is then spent. */
export function throughputRoutes(app: Api, context: ApiContext): void {
  app.get('/agent/v1/throughput', { schema: { hide: true } }, async (request, reply) => {
    reply.hijack();
    if (context.throughput.serve(request.headers.authorization, reply.raw)) return reply;
    reply.raw.writeHead(401, { 'content-length': 0 }).end();
    return reply;
  });
}
