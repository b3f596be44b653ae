import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stepNames } from '../../server/src/alerts/outbox/attempt.ts';
import { OutboxStore } from '../../server/src/alerts/outbox/outbox-store.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { start, until, type Child } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import {
  webhookReceiver,
  type Behaviour,
  type WebhookReceiver,
} from '../support/webhook-receiver.ts';

const VICTIM = join(import.meta.dirname, '..', 'support', 'outbox-victim.mjs');

/** Answers late enough that deliveries overlap: the next of an incident must wait for its turn. */
const slowly: Behaviour = (_request, response) => {
  setTimeout(() => response.writeHead(204).end(), 15);
};

/** One state database, one receiver, and processes that die between them. */
async function stage() {
  const statePath = join(tempDir(), 'state.sqlite');
  const receiver = await webhookReceiver(slowly);
  const committed: string[] = [];
  const run = (fault: string, nth: number, round: number): Child =>
    start(VICTIM, [statePath, receiver.url, fault, String(nth), String(round)]);
  const end = async (victim: Child): Promise<number> => {
    const code = await victim.ended;
    expect(victim.errors()).toBe('');
    committed.push(...victim.output().trim().split('\n').filter(Boolean));
    return code;
  };
  return { statePath, receiver, committed, run, end };
}

/** What the database says was decided: the events of each incident, in their order. */
function decided(statePath: string): ReadonlyMap<string, readonly string[]> {
  const database = openState(statePath);
  try {
    const deliveries = new OutboxStore(database).list({ limit: 10_000 }).toReversed();
    expect(new Set(deliveries.map((each) => each.state))).toEqual(new Set(['delivered']));
    const events = new Map<string, string[]>();
    for (const { incidentId, eventId } of deliveries) {
      const key = incidentId ?? '';
      events.set(key, [...(events.get(key) ?? []), eventId]);
    }
    // An incident changed as often as somebody was to be told: no decision without its cause.
    for (const row of database.all('SELECT id, body FROM incidents')) {
      expect(Number(row.body)).toBe(events.get(`i-${Number(row.id)}`)?.length);
    }
    return events;
  } finally {
    database.close();
  }
}

/** Nothing lost, nothing invented, each incident in its order; answers how many came twice. */
function judge(statePath: string, receiver: WebhookReceiver, committed: readonly string[]): number {
  const events = decided(statePath);
  const all = [...events.values()].flat();
  expect(all).toEqual(expect.arrayContaining([...committed]));
  const ids = receiver.received.map((each) => each.id);
  expect(new Set(ids)).toEqual(new Set(all));
  for (const { body, id } of receiver.received) {
    expect((JSON.parse(body) as { event: string }).event).toBe(id);
  }
  for (const [, owed] of events) {
    const told = ids.filter((id) => owed.includes(id));
    expect([...new Set(told)]).toEqual(owed);
    // A duplicate follows its first at once: nothing of the incident came between.
    expect(told.filter((id, at) => id !== told[at - 1])).toEqual(owed);
  }
  return ids.length - new Set(ids).size;
}

describe('kill -9 of a collector that delivers alerts', () => {
  it.each(
    ['uncommitted', ...stepNames].flatMap((fault) => [1, 2].map((nth) => [fault, nth] as const)),
  )(
    'at “%s”, time %i: nothing is lost, and what comes twice has the same id',
    { timeout: 60_000 },
    async (fault, nth) => {
      const { statePath, receiver, committed, run, end } = await stage();
      expect(await end(run(fault, nth, 1))).toBe(-1);
      expect(committed.length).toBeLessThanOrEqual(9);
      const before = committed.length;
      expect(await end(run('none', 0, 2))).toBe(0);
      expect(committed).toHaveLength(before + 9);
      const repeated = judge(statePath, receiver, committed);
      // One of each incident at most was under way, or answered and not written.
      expect(repeated).toBeLessThanOrEqual(3);
      if (fault === 'answered') expect(repeated).toBeGreaterThan(0);
    },
  );

  it(
    'while the receiver has the alert and has not answered: it comes again, and then the next',
    { timeout: 60_000 },
    async () => {
      const { statePath, receiver, committed, run, end } = await stage();
      receiver.behave(() => undefined);
      const victim = run('none', 0, 1);
      await until(() => receiver.received.length === 3, 'an alert of each incident');
      victim.kill();
      expect(await end(victim)).toBe(-1);
      receiver.behave(slowly);
      expect(await end(run('none', 0, 0))).toBe(0);
      expect(judge(statePath, receiver, committed)).toBe(3);
    },
  );

  it(
    'again and again at every step, over one database: nothing is lost',
    { timeout: 120_000 },
    async () => {
      const { statePath, receiver, committed, run, end } = await stage();
      const faults = ['uncommitted', ...stepNames];
      for (const [at, fault] of faults.entries()) {
        expect(await end(run(fault, (at % 2) + 1, at + 1))).toBe(-1);
      }
      expect(await end(run('none', 0, 0))).toBe(0);
      judge(statePath, receiver, committed);
      expect(committed.length).toBeGreaterThan(faults.length);
    },
  );
});
