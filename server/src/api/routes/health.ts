import { Type, type Static } from 'typebox';
import type { OutboxFigures } from '../../alerts/outbox/outbox-figures.ts';
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
        outbox: outboxPart(context.outboxFigures()),
      };
      const ready = Object.values(parts).every((part) => part.ready);
      void reply.code(ready ? 200 : 503);
      return { ready, parts };
    },
  );
}

/** Receivers that do not answer are told, and make no collector unready: it still watches. */
function outboxPart({ isWriting, dead, breakersOpen }: OutboxFigures): Static<typeof Part> {
  const reasons = [
    ...(isWriting ? [] : ['outboxNotWritten']),
    ...(dead > 0 ? ['deadLetters'] : []),
    ...(breakersOpen > 0 ? ['receiverDown'] : []),
  ];
  const advice = [
    ...(isWriting ? [] : ['the state store takes no writes: look at the disk of the data folder']),
    ...(dead + breakersOpen > 0
      ? ['see the deliveries at /alerts, and send again from there']
      : []),
  ];
  return { ready: isWriting, reasons, advice };
}
