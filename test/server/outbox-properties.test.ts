import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertEvent } from '../../server/src/alerts/alert.ts';
import type { AttemptOutcome } from '../../server/src/alerts/delivery.ts';
import { alertEvent } from '../support/outbox-events.ts';
import { fuzzSeed } from '../support/fuzz.ts';
import { OutboxStage, attempt } from './outbox-stage.ts';

const outcomes: readonly AttemptOutcome[] = [
  'delivered',
  'delivered',
  'serverError',
  'timedOut',
  'throttled',
  'connectionFailed',
  'rejected',
  'notRenderable',
];
const kinds = ['opened', 'raised', 'acknowledged', 'resolved'] as const;

/** What happens, one after another. */
type Happening =
  | { readonly kind: 'event'; readonly incident: number; readonly receivers: readonly string[] }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'restart' };

const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      incident: fc.integer({ min: 1, max: 4 }),
      receivers: fc.constantFrom(['wh-1'], ['wh-1', 'wh-2'], ['wh-2']),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('time' as const),
      ms: fc.integer({ min: 1, max: 90_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
);

/** Plays a story and holds what receivers saw against what was recorded. */
async function play(story: readonly Happening[], chosen: readonly AttemptOutcome[]): Promise<void> {
  const stage = new OutboxStage();
  let at = 0;
  let isOver = false;
  const yes: { webhookId: string; eventId: string }[] = [];
  stage.receive = (seen) => {
    const outcome = isOver ? 'delivered' : (chosen[(at += 1) % chosen.length] ?? 'delivered');
    if (outcome === 'delivered') yes.push(seen);
    return attempt(outcome);
  };
  const recorded: { event: AlertEvent; receivers: readonly string[] }[] = [];
  for (const happening of story) {
    if (happening.kind === 'time') await stage.run(happening.ms, 5_000);
    else if (happening.kind === 'restart') {
      await stage.close();
      stage.restart();
    } else {
      const { incident, receivers } = happening;
      const event = alertEvent(
        `i-${incident}`,
        kinds[recorded.length % 4] ?? 'opened',
        recorded.length,
      );
      recorded.push({ event, receivers });
      stage.record(event, receivers);
    }
  }
  isOver = true;
  await stage.run(700_000, 7_000);

  const deliveries = stage.store.list({ limit: 1_000 });
  expect(deliveries).toHaveLength(recorded.reduce((sum, each) => sum + each.receivers.length, 0));
  for (const { event, receivers } of recorded) {
    for (const webhookId of receivers) {
      const mine = deliveries.find(
        (each) => each.eventId === event.id && each.webhookId === webhookId,
      );
      const got = yes.filter((each) => each.eventId === event.id && each.webhookId === webhookId);
      // Delivered exactly where a receiver said yes, dead where it never did. Never forgotten.
      expect(mine?.state).toBe(got.length > 0 ? 'delivered' : 'dead');
    }
  }
  for (const webhookId of ['wh-1', 'wh-2']) {
    for (const incident of ['i-1', 'i-2', 'i-3', 'i-4']) {
      const owed = recorded
        .filter((each) => each.event.incident.id === incident && each.receivers.includes(webhookId))
        .map((each) => each.event.id);
      const told = yes
        .filter((each) => each.webhookId === webhookId && owed.includes(each.eventId))
        .map((each) => each.eventId);
      const firsts = [...new Set(told)];
      expect(firsts).toEqual(owed.filter((id) => firsts.includes(id)));
    }
  }
}

describe('whatever receivers answer and however often the collector restarts', () => {
  it(
    'every event is delivered or a dead letter, and an incident is told in its order',
    { timeout: 60_000 },
    async () => {
      const stories = fc.array(anyHappening, { minLength: 1, maxLength: 25 });
      const answers = fc.array(fc.constantFrom(...outcomes), { minLength: 1, maxLength: 40 });
      await fc.assert(fc.asyncProperty(stories, answers, play), {
        seed: fuzzSeed('outbox'),
        numRuns: 60,
        interruptAfterTimeLimit: 4_000,
      });
    },
  );
});
