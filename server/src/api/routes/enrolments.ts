import { idOf } from '@ppe-pulse/protocol';
import { Type } from 'typebox';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { assertAgentKey, enrolAudited } from './enrol-audited.ts';
import { EnrolmentBody } from './workstations.ts';

/** Workstations in one request, and what their keys and places take. */
const BATCH_MAX = 500;
const BATCH_BYTES = 262_144;

/**
 * Enrolment of many at once: a region is thousands of workstations, and one commit to the disk for
 * each of them would take minutes.
 */
export function enrolmentRoutes(app: Api, context: ApiContext): void {
  app.post(
    '/api/v1/workstations/batch',
    {
      bodyLimit: BATCH_BYTES,
      schema: {
        body: Type.Object(
          { items: Type.Array(EnrolmentBody, { minItems: 1, maxItems: BATCH_MAX }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            /** Workstations that were not known before. */
            added: Type.Integer(),
            known: Type.Integer(),
            collector: Type.Object({ id: idOf('collectorId'), publicKey: idOf('publicKey') }),
          }),
        },
      },
    },
    (request) => {
      const { items } = request.body;
      const { account } = request;
      for (const { publicKey } of items) assertAgentKey(publicKey);
      let added = 0;
      context.transaction(() => {
        for (const item of items) if (enrolAudited(context, { ...item, account })) added += 1;
      });
      const { id, publicKey } = context.key;
      return { added, known: items.length - added, collector: { id, publicKey } };
    },
  );
}
