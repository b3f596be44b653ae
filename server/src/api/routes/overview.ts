import { OverviewSchema, VerdictSchema, worstVerdict, type Verdict } from '@ppe-pulse/protocol';
import { Type } from 'typebox';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';
import { WorkstationView, workstationView } from '../workstation-view.ts';
import { COLLECTOR_VERSION } from '../../version.ts';

const SiteView = Type.Object({
  code: Type.String(),
  kind: Type.String(),
  verdict: VerdictSchema,
  workstations: Type.Integer(),
});

/** The region at a glance: counts, sites, the collector itself, the API's own description. */
export function overviewRoutes(app: Api, context: ApiContext): void {
  app.get('/api/v1/overview', { schema: { response: { 200: OverviewSchema } } }, () =>
    context.overview(),
  );

  app.get(
    '/api/v1/sites',
    { schema: { response: { 200: Type.Object({ items: Type.Array(SiteView) }) } } },
    () => ({ items: [...sitesOf(context)].map(([code, found]) => siteView(code, found)) }),
  );

  app.get(
    '/api/v1/sites/:code',
    {
      schema: {
        params: Type.Object({ code: Type.String({ pattern: '^[0-9]{4}$' }) }),
        response: {
          200: Type.Object({ ...SiteView.properties, items: Type.Array(WorkstationView) }),
        },
      },
    },
    (request) => {
      const { code } = request.params;
      const items = [...context.fleet.all()].filter((state) => state.placement.siteCode === code);
      if (items.length === 0) {
        throw new Problem(
          404,
          'unknownSite',
          `no workstation of ППЭ ${code} is enrolled; GET /api/v1/sites lists those that have one`,
        );
      }
      return {
        ...siteView(
          code,
          items.map((state) => state.standing.verdict),
        ),
        items: items.map(workstationView),
      };
    },
  );

  app.get(
    '/api/v1/collector',
    {
      schema: {
        response: {
          200: Type.Object({ id: Type.String(), publicKey: Type.String(), version: Type.String() }),
        },
      },
    },
    () => ({ id: context.key.id, publicKey: context.key.publicKey, version: COLLECTOR_VERSION }),
  );

  app.get('/api/v1/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

function sitesOf({ fleet }: ApiContext): Map<string, Verdict[]> {
  const sites = new Map<string, Verdict[]>();
  for (const { placement, standing } of fleet.all()) {
    const known = sites.get(placement.siteCode);
    if (known) known.push(standing.verdict);
    else sites.set(placement.siteCode, [standing.verdict]);
  }
  return sites;
}

function siteView(code: string, found: readonly Verdict[]) {
  return { code, kind: 'ppe', verdict: worstVerdict(found), workstations: found.length };
}
