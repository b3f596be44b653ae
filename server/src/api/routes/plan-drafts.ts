import { MAX_PLAN_CHARACTERS, stageIds } from '@ppe-pulse/protocol';
import { Type } from 'typebox';
import { problemView } from '../../plan/problem-lines.ts';
import { shiftStage, type ImpossibleShift } from '../../plan/shift-stage.ts';
import { shippedPlanTemplates } from '../../plan/shipped-plans.ts';
import type { Api } from '../http.ts';
import { PROBLEM_MEDIA_TYPE, Problem, problemDocument } from '../problem.ts';

/** As the plan's own route reckons: six bytes where JSON escapes a character. */
const BODY_BYTES = MAX_PLAN_CHARACTERS * 6 + 4_096;
const SHIFT_MINUTES_MAX = 720;

const ShiftBody = Type.Object(
  {
    /** The text that is being edited, applied or not. */
    text: Type.String({ maxLength: MAX_PLAN_CHARACTERS }),
    stage: Type.Enum([...stageIds]),
    minutes: Type.Integer({ minimum: -SHIFT_MINUTES_MAX, maximum: SHIFT_MINUTES_MAX }),
    andLater: Type.Boolean({ default: false }),
  },
  { additionalProperties: false },
);

const impossible: Readonly<Record<ImpossibleShift, string>> = {
  noDeadline: 'the stage has no deadline: there is nothing to shift',
  outOfDay: 'a time of the stage would leave its day: edit it by hand',
  notWritable: 'the stage is written in a way that only a person can change: edit it by hand',
};

/** Help with the text of a plan. Neither of them changes anything. */
export function planDraftRoutes(app: Api): void {
  app.get(
    '/api/v1/plan/templates',
    {
      schema: {
        response: {
          200: Type.Object({
            items: Type.Array(Type.Object({ id: Type.String(), text: Type.String() })),
          }),
        },
      },
    },
    () => ({ items: shippedPlanTemplates() }),
  );

  app.post(
    '/api/v1/plan/shift',
    { bodyLimit: BODY_BYTES, schema: { body: ShiftBody } },
    async (request, reply) => {
      const { text, ...shift } = request.body;
      const outcome = shiftStage(text, shift);
      if (outcome.kind === 'shifted') return { text: outcome.text };
      if (outcome.kind === 'impossible')
        throw new Problem(422, outcome.reason, impossible[outcome.reason]);
      const detail = 'the text has errors: mend them first, "problems" says where';
      const document = problemDocument(new Problem(422, 'planRefused', detail));
      return reply
        .code(422)
        .header('content-type', PROBLEM_MEDIA_TYPE)
        .send(JSON.stringify({ ...document, problems: outcome.problems.map(problemView) }));
    },
  );
}
