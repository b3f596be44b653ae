import { regionLimits } from '@ppe-pulse/protocol';
import { Type } from 'typebox';
import type { ImportOutcome } from '../../region/region-import.ts';
import type { ImportFile } from '../../region/raw-table.ts';
import { SAMPLE_PPE_MAX, sampleRegion } from '../../region/sample-region.ts';
import { csvTemplate, templateTables, xlsxTemplate } from '../../region/template.ts';
import type { Enrolments } from '../../state/enrolments.ts';
import type { ApiContext } from '../context.ts';
import type { Api, Reply } from '../http.ts';
import { Problem, PROBLEM_MEDIA_TYPE, problemDocument } from '../problem.ts';
import { registryView } from '../registry-view.ts';
import { registrySiteRoutes } from './registry-sites.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** Base64 and the JSON around it. */
const BODY_BYTES = Math.ceil((regionLimits.filesBytes * 4) / 3) + 100_000;
/** Removed sites that still have agents, listed of all of them. */
const LISTED_LOST = 200;

const ImportQuery = Type.Object(
  {
    dryRun: Type.Boolean({ default: false }),
    /** Version of the registry that the difference was shown for; needed to apply. */
    baseVersion: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Name of the file when the body is its bytes. */
    name: Type.String({ minLength: 1, maxLength: 200, default: 'file' }),
  },
  { additionalProperties: false },
);

const SampleBody = Type.Object(
  {
    ppe: Type.Integer({ minimum: 1, maximum: SAMPLE_PPE_MAX }),
    seed: Type.Integer({ minimum: 0, default: 1 }),
    /** Also in place of a region that was imported. */
    replace: Type.Boolean({ default: false }),
  },
  { additionalProperties: false },
);

/** What the region says takes part: its version, its sites, its import and its templates. */
export function registryRoutes(app: Api, context: ApiContext): void {
  app.get('/api/v1/registry', () => registryView(context.registry.current()));
  templateRoutes(app);
  registrySiteRoutes(app, context);
  app.post('/api/v1/registry/sample', { schema: { body: SampleBody } }, (request) => {
    const { body } = request;
    const { region, version } = context.registry.current();
    if (region.sites.length > 0 && !region.isSample && !body.replace)
      throw new Problem(
        409,
        'registryInUse',
        'an imported region is in use: ask with "replace": true to put a sample in its place',
      );
    const sample = sampleRegion({ ppe: body.ppe, seed: body.seed });
    context.registry.apply(sample, version, {
      account: request.account,
      atMs: context.clock.wallMs(),
    });
    return registryView(context.registry.current());
  });
  importRoute(app, context);
}

function templateRoutes(app: Api): void {
  app.get('/api/v1/registry/template.xlsx', (_request, reply) =>
    reply
      .type(XLSX)
      .header('content-disposition', 'attachment; filename="registry.xlsx"')
      .send(Buffer.from(xlsxTemplate())),
  );
  app.get(
    '/api/v1/registry/template.csv',
    {
      schema: {
        querystring: Type.Object({
          table: Type.Union(
            templateTables.map((table) => Type.Literal(table)),
            { default: 'flat' },
          ),
        }),
      },
    },
    ({ query: { table } }, reply) =>
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${String(table)}.csv"`)
        .send(csvTemplate(table)),
  );
}

function importRoute(app: Api, context: ApiContext): void {
  void app.register((scope: Api, _: object, done: () => void) => {
    scope.addContentTypeParser(
      ['application/octet-stream', 'text/csv', XLSX],
      { parseAs: 'buffer', bodyLimit: regionLimits.filesBytes },
      (_request, body, parsed) => parsed(null, body),
    );
    scope.post(
      '/api/v1/registry/import',
      { bodyLimit: BODY_BYTES, schema: { querystring: ImportQuery } },
      async (request, reply) => {
        const { dryRun, baseVersion, name } = request.query;
        const files = filesOf(request.body, name);
        const { enrolments } = context;
        if (dryRun) return answer(await context.registryImport.check(files), enrolments, reply);
        if (baseVersion === undefined)
          throw new Problem(
            400,
            'baseVersionMissing',
            'ask with dryRun=true first, and apply with the baseVersion that it answers',
          );
        const outcome = await context.registryImport.apply(files, baseVersion, {
          account: request.account,
          atMs: context.clock.wallMs(),
        });
        return answer(outcome, enrolments, reply);
      },
    );
    done();
  });
}

/** Bytes of one file, or JSON of several. */
function filesOf(body: unknown, name: string): ImportFile[] {
  if (Buffer.isBuffer(body)) return [{ name, bytes: body }];
  if (!isFiles(body))
    throw new Problem(
      400,
      'badRequest',
      `send the bytes of a file, or {"files":[{"name","base64"}]} with up to ${regionLimits.files} files`,
    );
  return body.files.map((file) => ({ name: file.name, bytes: Buffer.from(file.base64, 'base64') }));
}

/** Checked by hand: a scheme would be asked of the bytes as well. */
function isFiles(
  body: unknown,
): body is { readonly files: readonly { readonly name: string; readonly base64: string }[] } {
  if (typeof body !== 'object' || body === null || !('files' in body)) return false;
  const { files } = body;
  if (!Array.isArray(files) || files.length === 0 || files.length > regionLimits.files)
    return false;
  return files.every((file: unknown) => {
    if (typeof file !== 'object' || file === null || !('name' in file) || !('base64' in file))
      return false;
    const { name, base64 } = file;
    return typeof name === 'string' && name.length <= 200 && typeof base64 === 'string';
  });
}

function answer(
  outcome: ImportOutcome,
  enrolments: Pick<Enrolments, 'list'>,
  reply: Reply,
): object | Reply {
  switch (outcome.kind) {
    case 'checked':
    case 'applied':
      return { ...outcome, enrolledLost: enrolledLost(outcome.removedSites, enrolments) };
    case 'moved':
      throw new Problem(
        409,
        'registryMoved',
        `the registry is of version ${outcome.version} meanwhile: look at the difference again`,
      );
    case 'busy':
      void reply.header('retry-after', 5);
      throw new Problem(503, 'registryBusy', 'another import is being read: try again');
    case 'refused': {
      const { problems, warnings } = outcome;
      const detail = `${problems.total} problems in the files: nothing was imported, mend them all`;
      const document = problemDocument(new Problem(422, 'registryRefused', detail));
      return reply
        .code(422)
        .header('content-type', PROBLEM_MEDIA_TYPE)
        .send(JSON.stringify({ ...document, problems, warnings }));
    }
  }
}

/** Sites that go while agents of theirs are enrolled: what is heard there becomes unplanned. */
function enrolledLost(
  removedSites: readonly string[],
  enrolments: Pick<Enrolments, 'list'>,
): { readonly total: number; readonly listed: readonly object[] } {
  const removed = new Set(removedSites);
  const bySite = new Map<string, number>();
  for (const { placement } of enrolments.list())
    if (removed.has(placement.siteCode))
      bySite.set(placement.siteCode, (bySite.get(placement.siteCode) ?? 0) + 1);
  const listed = [...bySite].map(([siteCode, agents]) => ({ siteCode, agents }));
  return { total: bySite.size, listed: listed.slice(0, LISTED_LOST) };
}
