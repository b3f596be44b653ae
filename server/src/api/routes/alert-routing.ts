import { Type, type Static } from 'typebox';
import { RoutingSchema } from '../../alerts/routing/routing.ts';
import type { StoredRouting } from '../../alerts/routing/routing-store.ts';
import { shapeProblems } from '../../alerts/routing/shape-problems.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';
import type { AlertRouteParts } from './alert-parts.ts';
import { valueOf } from './outcome-value.ts';

const Body = Type.Object(
  {
    /** The whole document. */
    routing: Type.Unknown(),
    /** The version that was edited: another edit in between is not lost. Missing: whatever holds. */
    baseVersion: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false },
);

const View = Type.Object({
  /** 0: nobody wrote one, the default holds. */
  version: Type.Integer(),
  isDefault: Type.Boolean(),
  routing: RoutingSchema,
});

/** The document of routes: who is told of what. */
export function alertRoutingRoutes(app: Api, { alerts, clock }: AlertRouteParts): void {
  app.get('/api/v1/alert-routing', { schema: { response: { 200: View } } }, () =>
    view(alerts.routing()),
  );

  app.put(
    '/api/v1/alert-routing',
    {
      schema: { body: Body, response: { 200: View } },
      // Judged below, where every mistake is named with its place.
      validatorCompiler: () => () => true,
    },
    (request) => {
      const wrong = shapeProblems(Body, request.body);
      if (wrong[0]) {
        const detail = wrong.map((each) => each.detail).join('; ');
        throw new Problem(422, wrong[0].reason, detail);
      }
      const { routing, baseVersion } = request.body;
      const by = { account: request.account, atMs: clock.wallMs(), requestId: null };
      const outcome = alerts.putRouting(routing, baseVersion, by);
      // A name that is not known is a mistake in the document.
      if (outcome.kind === 'refused' && outcome.reason === 'unknownWebhook')
        throw new Problem(422, outcome.reason, outcome.detail);
      return view(valueOf(outcome));
    },
  );
}

function view({ version, routing }: StoredRouting): Static<typeof View> {
  return { version, isDefault: version === 0, routing };
}
