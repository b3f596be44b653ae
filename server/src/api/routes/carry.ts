import { idOf, Sequence } from '@ppe-pulse/protocol';
import { carryLimits, type CarryRefusal } from '@ppe-pulse/protocol/carry';
import { Type } from 'typebox';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';

const Count = Type.Integer({ minimum: 0 });
const TakenPart = Type.Object({
  agentId: idOf('agentId'),
  bootId: idOf('bootId'),
  /** Durable now and not before. */
  stored: Count,
  /** Durable before. */
  repeated: Count,
  /** No heartbeats of this part, or not taken by the store: ask again. */
  refused: Count,
  /** Everything of the part that is durable, inclusive. */
  ranges: Type.Array(Type.Tuple([Sequence, Sequence])),
});

const reasons: Record<CarryRefusal, string> = {
  notAPart: 'this is no part of a flash drive',
  tooBig: `a part has ${carryLimits.partFileBytes} bytes at most`,
  unreadable: 'the part cannot be read',
  damaged: 'the part is damaged or was altered: export it again',
  badSignature: 'the signature is not the workstation’s',
  unknownWorkstation:
    'the workstation is not enrolled here: enrol it, or take the drive to its own collector',
  foreignKey: 'the workstation is enrolled with another key',
  unsupportedFormat: 'the part was written by a newer version: update the collector',
};

/** What flash drives bring, one part a request. Answered when its heartbeats are durable. */
export function carryRoutes(app: Api, context: ApiContext): void {
  void app.register((scope: Api, _: object, done: () => void) => {
    scope.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: carryLimits.partFileBytes },
      (_request, body, parsed) => parsed(null, body),
    );
    scope.post(
      '/api/v1/carried',
      { bodyLimit: carryLimits.partFileBytes, schema: { response: { 200: TakenPart } } },
      async (request, reply) => {
        // JSON comes here too: it is no part.
        const file = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const outcome = await context.carried.take(file);
        if (outcome.kind === 'busy') {
          void reply.header('retry-after', Math.ceil(outcome.retryAfterMs / 1_000));
          throw new Problem(503, 'carryBusy', 'other parts are being stored: try again');
        }
        if (outcome.kind === 'refused') {
          const site = outcome.siteCode === undefined ? '' : ` (it names site ${outcome.siteCode})`;
          throw new Problem(422, outcome.refusal, reasons[outcome.refusal] + site);
        }
        const { agentId, bootId, stored, repeated, refused } = outcome;
        const ranges = outcome.ranges.map(([from, to]): [number, number] => [from, to]);
        return { agentId, bootId, stored, repeated, refused, ranges };
      },
    );
    done();
  });
}
