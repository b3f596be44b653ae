import {
  diffRegions,
  idOf,
  isNoChange,
  regionLimits,
  type Bounded,
  type Region,
  type RegionProblem,
  type Site,
} from '@ppe-pulse/protocol';
import { Type, type Static } from 'typebox';
import { keepAdopted } from '../../region/keep-adopted.ts';
import { parseSite, siteTables, type SiteTable } from '../../region/parse-site.ts';
import { Remarks } from '../../region/remarks.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { Problem, PROBLEM_MEDIA_TYPE, problemDocument } from '../problem.ts';

const PAGE_DEFAULT = 500;
const PAGE_MAX = 2_000;
const BODY_BYTES = 1_000_000;

/** Longer texts are refused by the import's own rule, which says so in the person's language. */
const CellText = Type.String({ maxLength: regionLimits.cellCharacters * 10 });
const RowOf = <T extends SiteTable>(table: T) =>
  Type.Object(
    Object.fromEntries(siteTables[table].map((id) => [id, CellText])) as Record<
      (typeof siteTables)[T][number],
      typeof CellText
    >,
    { additionalProperties: false },
  );

const EditBody = Type.Object(
  {
    /** Version of the registry that was edited: another edit in between is not lost. */
    baseVersion: Type.Integer({ minimum: 1 }),
    /** Answers what would change, and changes nothing. */
    dryRun: Type.Boolean({ default: false }),
    site: RowOf('site'),
    rooms: Type.Array(RowOf('rooms'), { maxItems: regionLimits.roomsOfSite + 1 }),
    workstations: Type.Array(RowOf('workstations'), {
      maxItems: regionLimits.workstationsOfSite + 1,
    }),
  },
  { additionalProperties: false },
);

/** Sites of the registry: searched, read in pages, and edited one by one. */
export function registrySiteRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/api/v1/registry/sites',
    {
      schema: {
        querystring: Type.Object({
          limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT }),
          /** `nextCursor` of the page before: the last code on it. */
          cursor: Type.Optional(idOf('siteCode')),
          /** A part of the code, of the name or of the municipality's name. */
          search: Type.Optional(Type.String({ maxLength: 100 })),
        }),
      },
    },
    ({ query: { limit, cursor, search }, scope, account }) => {
      if (cursor === undefined) context.reads.note(account, 'registry.read', scope.key);
      const { region, version } = context.registry.current();
      const found = searched(region, search ?? '').filter(({ code }) => scope.hasSite(code));
      const from = cursor === undefined ? '' : cursor;
      const rest = found.filter(({ code }) => code > from);
      const items = rest.slice(0, limit);
      const nextCursor = rest.length > limit ? items.at(-1)?.code : undefined;
      const page = { version, total: found.length, items };
      return nextCursor === undefined ? page : { ...page, nextCursor };
    },
  );
  app.put(
    '/api/v1/registry/sites/:code',
    {
      bodyLimit: BODY_BYTES,
      schema: { params: Type.Object({ code: idOf('siteCode') }), body: EditBody },
    },
    (request, reply) => {
      const by = { account: request.account, atMs: context.clock.wallMs() };
      const outcome = edited(context, request.params.code, request.body, by);
      if (outcome.kind !== 'refused') return outcome;
      return reply
        .code(422)
        .header('content-type', PROBLEM_MEDIA_TYPE)
        .send(JSON.stringify(refusalDocument(outcome.problems)));
    },
  );
}

function searched({ sites, municipalities }: Region, search: string): readonly Site[] {
  const wanted = folded(search.trim());
  if (wanted === '') return sites;
  const fitting = new Set(
    municipalities.filter(({ name }) => folded(name).includes(wanted)).map(({ slug }) => slug),
  );
  return sites.filter(
    ({ code, name, municipality }) =>
      code.includes(wanted) || folded(name).includes(wanted) || fitting.has(municipality),
  );
}

function folded(text: string): string {
  return text.toLowerCase().replaceAll('ё', 'е');
}

type EditOutcome =
  | {
      /** `same`: the site stands so already, whatever version was edited. */
      readonly kind: 'applied' | 'same' | 'wouldApply';
      readonly version: number;
      readonly diff: ReturnType<typeof diffRegions>;
    }
  | { readonly kind: 'refused'; readonly problems: Bounded<RegionProblem> };

function edited(
  { registry }: ApiContext,
  code: string,
  { baseVersion, dryRun, ...texts }: Static<typeof EditBody>,
  by: { readonly account: string; readonly atMs: number },
): EditOutcome {
  const { region, version } = registry.current();
  const before = region.sites.find((each) => each.code === code);
  if (!before)
    throw new Problem(404, 'unknownSite', `there is no site ${code} in the registry: import it`);
  const parsed = parseSite(code, texts, region.municipalities);
  if (!parsed.ok) return { kind: 'refused', problems: parsed.problems };
  const part = { ...region, sites: [before] };
  const [site = before] = keepAdopted([parsed.site], part, new Remarks());
  const diff = diffRegions(part, { ...region, sites: [site] });
  // The same edit twice, as after a lost answer, is done once.
  if (isNoChange(diff)) return { kind: 'same', version, diff };
  if (version !== baseVersion) throw moved(version);
  if (dryRun) return { kind: 'wouldApply', version, diff };
  const outcome = registry.editSite(site, baseVersion, by);
  if (outcome.kind === 'moved') throw moved(outcome.version);
  return { kind: 'applied', version: outcome.version, diff };
}

function moved(version: number): Problem {
  return new Problem(
    409,
    'registryMoved',
    `the registry is of version ${version} meanwhile: look at the site again`,
  );
}

function refusalDocument(problems: Bounded<RegionProblem>): object {
  const detail = `${problems.total} problems in the site: nothing was changed, mend them all`;
  return { ...problemDocument(new Problem(422, 'registryRefused', detail)), problems };
}
