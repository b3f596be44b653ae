import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LiveFeed,
  noIncidents,
  nothingKnown,
  overviewOf,
  reduceLive,
  unheard,
  type CheckVerdict,
  type ToBoard,
} from '@ppe-pulse/protocol';

import { beat, check, foldHeartbeat, fresh, placement } from '../support/beats.ts';
import { REHEARSAL_MS, workstationId } from '../support/rows.ts';

describe('live feed', () => {
  it('gives a board that follows the deltas the same picture as a new snapshot', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.nat(4), fc.constantFrom<CheckVerdict['verdict']>('ok', 'warn', 'fail')),
          { maxLength: 40 },
        ),
        (steps) => {
          const states = new Map(
            Array.from({ length: 5 }, (_, at) => [
              workstationId(at + 1),
              unheard(workstationId(at + 1), placement),
            ]),
          );
          const counts = { ok: 0, warn: 0, fail: 0, unknown: 0, silentByRule: 0, notInvolved: 0 };
          const overview = overviewOf([], {
            nowMs: 0,
            dataAgeMs: null,
            heartbeatsPerSecond: 0,
            backlog: 0,
            warnings: [],
            incidents: noIncidents,
            rehearsal: null,
          });
          const feed = new LiveFeed({
            all: () => states.values(),
            overview: () => ({
              ...overview,
              workstations: { ...overview.workstations, byVerdict: counts },
            }),
            sites: () => [],
            incidents: () => ({ open: [], silences: [] }),
            wallMs: () => REHEARSAL_MS,
            dataAgeMs: () => 1,
          });
          const read = (frame: string | undefined): ToBoard[] =>
            frame === undefined ? [] : [JSON.parse(frame) as ToBoard];
          let board = reduceLive(nothingKnown, read(feed.snapshot())[0] as ToBoard).state;
          for (const [at, [index, verdict]] of steps.entries()) {
            const id = workstationId(index + 1);
            const state = foldHeartbeat(
              states.get(id) ?? fresh,
              beat(at + 1, {
                workstationId: id,
                takenAtMs: REHEARSAL_MS - at,
                verdicts: [check('net.rtt', verdict)],
              }),
            );
            states.set(id, state);
            feed.change(state);
            if (at % 3 === 0)
              for (const frame of read(feed.nextDelta(true))) {
                const reduced = reduceLive(board, frame);
                expect(reduced.resync).toBe(false);
                board = reduced.state;
              }
          }
          for (const frame of read(feed.nextDelta(true))) board = reduceLive(board, frame).state;
          const renewed = reduceLive(nothingKnown, read(feed.snapshot())[0] as ToBoard).state;
          expect(board).toEqual(renewed);
        },
      ),
      { seed: 4_2, numRuns: 60 },
    );
  });
});
