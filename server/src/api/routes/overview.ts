import {
  LiveSiteSchema,
  OverviewSchema,
  VerdictSchema,
  worstVerdict,
  type LiveSite,
  type Verdict,
} from '@ppe-pulse/protocol';
import { Type } from 'typebox';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';
import { WorkstationView, workstationView } from '../workstation-view.ts';
import { COLLECTOR_VERSION } from '../../version.ts';

/** A site of the registry, or one that only enrolments know: then it has no stages. */
const SiteView = Type.Object({
  ...LiveSiteSchema.properties,
  verdict: VerdictSchema,
  workstations: Type.Integer(),
  /** Of the Штаб, not of a person; null where nobody said. */
  dutyPhone: Type.Union([Type.String(), Type.Null()]),
  provider: Type.Union([Type.String(), Type.Null()]),
});

/** The region at a glance: counts, sites, the collector itself, the API's own description. */
export function overviewRoutes(app: Api, context: ApiContext): void {
  app.get('/api/v1/overview', { schema: { response: { 200: OverviewSchema } } }, (request) =>
    context.overview(request.scope),
  );

  siteRoutes(app, context);
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

function siteRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/api/v1/sites',
    {
      schema: {
        /** Slug: only the sites of this municipality. */
        querystring: Type.Object({ municipality: Type.Optional(Type.String({ maxLength: 100 })) }),
        response: { 200: Type.Object({ items: Type.Array(SiteView) }) },
      },
    },
    ({ query: { municipality }, scope }) => {
      const heard = verdictsOf(context);
      const registered = context.rehearsal.liveSites();
      const known = new Set(registered.map(({ code }) => code));
      const others = [...heard.keys()].filter((code) => !known.has(code)).map(unregistered);
      const contacts = contactsOf(context);
      return {
        items: [...registered, ...others]
          .filter(({ code }) => scope.hasSite(code))
          .filter(
            ({ municipalitySlug }) =>
              municipality === undefined || municipalitySlug === municipality,
          )
          .map((site) => ({
            ...siteView(site, heard.get(site.code) ?? []),
            ...(contacts.get(site.code) ?? nobodySaid),
          })),
      };
    },
  );

  app.get(
    '/api/v1/sites/:code',
    {
      schema: {
        params: Type.Object({ code: Type.String({ pattern: '^[0-9]{4}$' }) }),
        response: {
          200: Type.Object({
            ...SiteView.properties,
            items: Type.Array(WorkstationView),
          }),
        },
      },
    },
    (request) => {
      const { code } = request.params;
      const items = [...context.fleet.all()].filter((state) => state.placement.siteCode === code);
      const registered = context.rehearsal.stagesOf(code)?.site;
      if (items.length === 0 && !registered) {
        throw new Problem(
          404,
          'unknownSite',
          `site ${code} is not in the registry and no workstation of it is enrolled; GET /api/v1/sites`,
        );
      }
      const heard = items.map((state) => state.standing.verdict);
      return {
        ...siteView(registered ?? unregistered(code), heard),
        ...(contactsOf(context).get(code) ?? nobodySaid),
        items: items.map(workstationView),
      };
    },
  );
}

function verdictsOf({ fleet }: ApiContext): Map<string, Verdict[]> {
  const sites = new Map<string, Verdict[]>();
  for (const { placement, standing } of fleet.all()) {
    const known = sites.get(placement.siteCode);
    if (known) known.push(standing.verdict);
    else sites.set(placement.siteCode, [standing.verdict]);
  }
  return sites;
}

const nobodySaid = { dutyPhone: null, provider: null };

/** Whom to call, by the site's code. */
function contactsOf({ registry }: ApiContext) {
  const { sites } = registry.current().region;
  return new Map(sites.map(({ code, dutyPhone, provider }) => [code, { dutyPhone, provider }]));
}

function siteView(site: LiveSite, heard: readonly Verdict[]) {
  const nobody = site.isInvolved ? 'unknown' : 'notInvolved';
  const verdict = heard.length === 0 ? nobody : worstVerdict(heard);
  return { ...site, verdict, workstations: heard.length };
}

/** A site that nobody imported: what its workstations say is all that is known. */
function unregistered(code: string): LiveSite {
  return {
    code,
    kind: 'ppe',
    name: '',
    municipality: '',
    municipalitySlug: '',
    timeZone: '',
    isInvolved: true,
    planned: 0,
    notYetHeard: 0,
    unplanned: 0,
    met: 0,
    conditions: 0,
    readiness: 'unknown',
    stages: [],
    rooms: [],
  };
}
