import { Type } from 'typebox';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';

const Part = Type.Object({
  ready: Type.Boolean(),
  reasons: Type.Array(Type.String()),
  advice: Type.Array(Type.String()),
});

/** Liveness and readiness. Both are public: load balancers and `npm run up` ask them. */
export function healthRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/healthz',
    { schema: { response: { 200: Type.Object({ alive: Type.Boolean() }) } } },
    () => ({
      alive: true,
    }),
  );

  const Readiness = Type.Object({ ready: Type.Boolean(), parts: Type.Record(Type.String(), Part) });
  app.get(
    '/readyz',
    { schema: { response: { 200: Readiness, 503: Readiness } } },
    async (_, reply) => {
      const series = context.series.status();
      const parts = {
        state: { ready: true, reasons: [], advice: [] },
        bus: { ready: true, reasons: [], advice: [] },
        series: { ready: series.ready, reasons: [...series.warnings], advice: [...series.advice] },
      };
      const ready = Object.values(parts).every((part) => part.ready);
      void reply.code(ready ? 200 : 503);
      return { ready, parts };
    },
  );
}
