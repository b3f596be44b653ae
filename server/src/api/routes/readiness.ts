import {
  EvidenceSchema,
  VerdictSchema,
  idOf,
  type Condition,
  type Readiness,
} from '@ppe-pulse/protocol';
import {
  conditionBasis,
  conditionTitle,
  conditionTodo,
  languages,
  type Language,
} from '@ppe-pulse/protocol/texts';
import { Type } from 'typebox';
import { readinessSheet, type ReadinessSheet } from '../../readiness/readiness-sheet.ts';
import { sheetPolicy } from '../../readiness/sheet-style.ts';
import type { Api } from '../http.ts';
import type { ReadAudit } from '../read-audit.ts';
import { Problem } from '../problem.ts';

/** What is known of one site's readiness now, but for the reader's language. */
export type ReadinessAnswer =
  | { readonly kind: 'known'; readonly sheet: Omit<ReadinessSheet, 'language'> }
  | { readonly kind: 'unknownSite' | 'noPlan' };

/** Where the routes ask. */
export interface ReadinessSource {
  readonly readinessSheetOf: (siteCode: string) => ReadinessAnswer;
}

/** What the routes work with. */
export interface ReadinessRouteParts {
  readonly source: ReadinessSource;
  /** Who took a sheet along stands in the audit. */
  readonly reads: ReadAudit;
}

const Time = Type.String({ format: 'date-time' });
const Params = Type.Object({ code: idOf('siteCode') });
const Query = Type.Object({ lang: Type.Enum([...languages], { default: 'ru' }) });

const ConditionView = Type.Object({
  id: idOf('token'),
  verdict: VerdictSchema,
  reason: idOf('token'),
  evidence: EvidenceSchema,
  /** Age of the oldest reading it rests on. */
  ageMs: Type.Union([Type.Number(), Type.Null()]),
  /** Since when it stands so, on the rehearsal's clock. */
  since: Time,
  rooms: Type.Array(Type.String()),
  /** The words of the sheet in the language asked for. */
  title: Type.String(),
  basis: Type.String(),
  todo: Type.String(),
});

const ReadinessView = Type.Object({
  siteCode: idOf('siteCode'),
  at: Time,
  met: Type.Integer({ minimum: 0 }),
  total: Type.Integer({ minimum: 0 }),
  verdict: VerdictSchema,
  /** Ids of conditions that are not met. */
  missing: Type.Array(Type.String()),
  conditions: Type.Array(ConditionView),
});

/** Readiness of one site: for scripts, and as a sheet to print. */
export function readinessRoutes(app: Api, { source, reads }: ReadinessRouteParts): void {
  app.get(
    '/api/v1/sites/:code/readiness',
    { schema: { params: Params, querystring: Query, response: { 200: ReadinessView } } },
    (request) => {
      const { readiness, nowMs } = sheetOf(source, request.params.code);
      return readinessView(readiness, nowMs, request.query.lang);
    },
  );

  app.get(
    '/api/v1/sites/:code/readiness.html',
    { schema: { params: Params, querystring: Query, produces: ['text/html'] } },
    async (request, reply) => {
      const sheet = sheetOf(source, request.params.code);
      reads.note(request.account, 'readiness.read', request.params.code);
      return reply
        .header('content-type', 'text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('content-security-policy', sheetPolicy)
        .send(readinessSheet({ ...sheet, language: request.query.lang }));
    },
  );
}

function sheetOf(source: ReadinessSource, code: string): Omit<ReadinessSheet, 'language'> {
  const answer = source.readinessSheetOf(code);
  if (answer.kind === 'known') return answer.sheet;
  if (answer.kind === 'noPlan') {
    throw new Problem(
      409,
      'noPlan',
      'readiness is judged by the plan of a rehearsal and none is in force; PUT /api/v1/plan',
    );
  }
  throw new Problem(
    404,
    'unknownSite',
    `${code} is not in the registry; GET /api/v1/sites lists what is, the registry import adds to it`,
  );
}

function readinessView(readiness: Readiness, nowMs: number, language: Language) {
  const { siteCode, met, total, verdict, conditions } = readiness;
  return {
    siteCode,
    at: new Date(nowMs).toISOString(),
    met,
    total,
    verdict,
    missing: conditions.filter((each) => each.verdict !== 'ok').map(({ id }) => id),
    conditions: conditions.map((each) => conditionView(each, language)),
  };
}

function conditionView(condition: Condition, language: Language) {
  const { id, verdict, reason, evidence, ageMs, sinceMs, rooms } = condition;
  return {
    id,
    verdict,
    reason,
    evidence,
    ageMs,
    since: new Date(sinceMs).toISOString(),
    rooms: [...rooms],
    title: conditionTitle(condition, language),
    basis: conditionBasis(condition, language),
    todo: conditionTodo(condition, language),
  };
}
