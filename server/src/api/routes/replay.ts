import type { ReplaySpans } from '@ppe-pulse/protocol';
import { Type } from 'typebox';
import { FRAMES_SPAN_MS, MARKS_SPAN_MS } from '../../replay/replay-limits.ts';
import type { Replay, ReplayOutcome, ReplayRefusal } from '../../replay/replay.ts';
import { marksIn, type MarkSources } from '../../replay/marks.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';

/** What the replay is served from. */
export interface ReplayRouteParts {
  readonly replay: Replay;
  readonly marks: MarkSources;
}

const Time = Type.String({ format: 'date-time' });
const Stretch = Type.Object({ from: Time, to: Time });

const refusals: Readonly<Record<ReplayRefusal, { status: number; detail: string }>> = {
  nothingRecorded: {
    status: 404,
    detail: 'nothing is recorded yet; the record begins seconds after the start',
  },
  beforeRecord: { status: 404, detail: 'the record begins later; GET /api/v1/replay/spans' },
  afterRecord: { status: 404, detail: 'the record ends before that; GET /api/v1/replay/spans' },
  notRecorded: {
    status: 404,
    detail:
      'the collector did not record then, what went on is not known; GET /api/v1/replay/spans',
  },
  damagedRecord: {
    status: 404,
    detail: 'this part of the record is damaged and cannot be read; try a few minutes later',
  },
  tooManyReaders: { status: 503, detail: 'too many replays at once; try again in a second' },
};

/** The board as it was: the picture of a moment, the frames after it, and what happened when. */
export function replayRoutes(app: Api, { replay, marks }: ReplayRouteParts): void {
  app.get(
    '/api/v1/replay',
    { schema: { querystring: Type.Object({ at: Time }) } },
    async ({ query }, reply) => {
      const moment = valueOf(await replay.momentAt(Date.parse(query.at)));
      void reply.header('cache-control', 'no-store');
      return moment;
    },
  );

  app.get(
    '/api/v1/replay/frames',
    { schema: { querystring: Stretch } },
    async ({ query }, reply) => {
      const { fromMs, toMs } = stretchOf(query, FRAMES_SPAN_MS);
      const { json } = valueOf(await replay.framesBetween(fromMs, toMs));
      return reply
        .header('cache-control', 'no-store')
        .type('application/json; charset=utf-8')
        .send(json);
    },
  );

  app.get('/api/v1/replay/spans', async (): Promise<ReplaySpans> => replay.spans());

  app.get('/api/v1/replay/marks', { schema: { querystring: Stretch } }, async ({ query }) => {
    const stretch = stretchOf(query, MARKS_SPAN_MS);
    const { items } = await replay.spans();
    return marksIn(marks, stretch, items);
  });
}

function stretchOf(
  { from, to }: { readonly from: string; readonly to: string },
  maxMs: number,
): { readonly fromMs: number; readonly toMs: number } {
  const fromMs = Date.parse(from);
  const toMs = Date.parse(to);
  if (!(fromMs < toMs)) throw new Problem(400, 'badRange', '"from" must be before "to"');
  if (toMs - fromMs > maxMs) {
    const minutes = maxMs / 60_000;
    throw new Problem(400, 'badRange', `"from" and "to" may be ${minutes} minutes apart at most`);
  }
  return { fromMs, toMs };
}

function valueOf<T>(outcome: ReplayOutcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  const { status, detail } = refusals[outcome.reason];
  throw new Problem(status, outcome.reason, detail);
}
