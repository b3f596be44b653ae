import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';

/** The bytes of a leased throughput slot, down and up. The token is checked here. */
export function throughputRoutes(app: Api, context: ApiContext): void {
  const { throughput } = context;
  const refuse = (response: ServerResponse): void => {
    response.writeHead(401, { 'content-length': 0, connection: 'close' }).end();
  };
  app.get('/agent/v1/throughput', { schema: { hide: true } }, async (request, reply) => {
    reply.hijack();
    if (!throughput.send(request.raw, reply.raw)) refuse(reply.raw);
    return reply;
  });
  // The bytes are counted as they come: nothing here may collect or parse them.
  void app.register((scope: Api, _: object, done: () => void) => {
    scope.addContentTypeParser(
      'application/octet-stream',
      (_request: unknown, _payload: IncomingMessage, parsed: (error: null) => void) => parsed(null),
    );
    scope.post('/agent/v1/throughput', { schema: { hide: true } }, async (request, reply) => {
      reply.hijack();
      if (!throughput.take(request.raw, reply.raw)) refuse(reply.raw);
      return reply;
    });
    done();
  });
}
