import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stepNames, type StepName } from '../../server/src/alerts/outbox/attempt.ts';
import type { Collector } from '../../server/src/collector.ts';
import { enrol } from '../support/agent-peer.ts';
import { api } from '../support/collector.ts';
import { BEAT_MS, PrinterPc } from '../support/printer-pc.ts';
import { listening, start, until, type Child } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { webhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const VICTIM = join(import.meta.dirname, '..', 'support', 'collector-victim.mjs');
const env = {
  PPE_PULSE_AGENTS_INTERVAL_MS: String(BEAT_MS),
  PPE_PULSE_THROUGHPUT_EVERY_MINUTES: '0',
};
/**
 * Every step costs two starts of a collector: in a short run those that differ most. `outbox-kill` kills
 * at every one of them, with the store and the dispatcher alone.
 */
const isFull = process.env.PPE_PULSE_TEST_FULL === '1';
/** A start takes a second, on a machine that is busy many. */
const START_WITHIN_MS = 60_000;

/** What kills the collector: a step, once the n-th event of a kind is decided. */
interface Fault {
  readonly step: StepName | 'none';
  readonly kind: 'opened' | 'resolved';
  readonly nth: number;
}

/** What a receiver was told: the event's id and its kind, and the incident. */
interface Told {
  readonly id: string;
  readonly kind: string;
  readonly incident: string;
}

/** One data folder, one receiver, two workstations, and collectors that die between them. */
class Stage {
  readonly #dataDir = tempDir();
  readonly #receiver: WebhookReceiver;
  readonly jammed = new PrinterPc('fail');
  readonly healthy = new PrinterPc();

  private constructor(receiver: WebhookReceiver) {
    this.#receiver = receiver;
  }

  static async open(): Promise<Stage> {
    return new Stage(await webhookReceiver());
  }

  /** Starts the collector anew over the same data; the workstations come to it. */
  async run(fault: Fault, isFirst = false): Promise<{ child: Child; collector: Collector }> {
    const { step, kind, nth } = fault;
    const child = start(VICTIM, [this.#dataDir, step, kind, String(nth)], env);
    const isSettled = () => child.errors().includes('is up') || child.process.exitCode !== null;
    await until(isSettled, 'the collector starts', START_WITHIN_MS);
    const collector = (await listening(this.#dataDir, child)) as Collector;
    if (isFirst) await prepare(collector, [this.jammed, this.healthy], this.#receiver.url);
    await this.healthy.join(collector.url);
    await this.jammed.join(collector.url);
    return { child, collector };
  }

  told(): Told[] {
    return this.#receiver.received.map(({ id, body }) => {
      const { kind, incident } = JSON.parse(body) as { kind: string; incident: { id: string } };
      return { id, kind, incident: incident.id };
    });
  }

  /** Waits until the receiver was told of so many events of a kind. */
  async isTold(wanted: string, events: number): Promise<void> {
    const ids = () => new Set(this.told().flatMap(({ kind, id }) => (kind === wanted ? id : [])));
    await until(() => ids().size === events, `${wanted} ${events} is told`, 30_000);
  }
}

/** Enrols the workstations, and names the receiver. */
async function prepare(
  collector: Collector,
  pcs: readonly PrinterPc[],
  url: string,
): Promise<void> {
  for (const { identity } of pcs) await enrol(collector, identity);
  const webhook = { name: 'дежурный', format: 'json', settings: { url }, allowsPrivate: true };
  const added = await api(collector, '/api/v1/webhooks', { method: 'POST', body: webhook });
  expect(added).toMatchObject({ status: 201 });
  // Without a plan a printer is a warning, and these wait for their digest unless somebody says so.
  const route = { name: 'at once', match: {}, webhooks: ['*'], continues: false };
  const body = { routing: { routes: [route] } };
  const routed = await api(collector, '/api/v1/alert-routing', { method: 'PUT', body });
  expect(routed).toMatchObject({ status: 200 });
}

async function killed({ child }: { child: Child }, { step, kind }: Fault): Promise<void> {
  const { process: victim } = child;
  await until(() => victim.signalCode !== null, `the collector dies at “${step}”`, 30_000);
  expect([step, kind, victim.signalCode]).toEqual([step, kind, 'SIGKILL']);
}

/** All that the collector says it delivered. */
async function deliveries(collector: Collector) {
  const { body } = await api(collector, '/api/v1/deliveries');
  return (body as unknown as { items: readonly { eventId: string; state: string }[] }).items;
}

/** Of each step: dies there while the opening is told, then while the end is; lives at last. */
async function dieAtEach(steps: readonly StepName[]): Promise<readonly Told[]> {
  const stage = await Stage.open();
  for (const [at, step] of steps.entries()) {
    const nth = at + 1;
    const opening: Fault = { step, kind: 'opened', nth };
    const end: Fault = { step, kind: 'resolved', nth };
    stage.jammed.verdict = 'fail';
    await killed(await stage.run(opening, at === 0), opening);
    const second = await stage.run(end);
    await stage.isTold('opened', nth);
    stage.jammed.verdict = 'ok';
    await killed(second, end);
  }
  const { child, collector } = await stage.run({ step: 'none', kind: 'opened', nth: 1 });
  await stage.isTold('resolved', steps.length);
  await until(
    async () => (await deliveries(collector)).every(({ state }) => state === 'delivered'),
    'all is delivered',
  );
  const told = stage.told();
  // Nothing was decided that was not told, and nothing told that was not decided.
  const decided = (await deliveries(collector)).map(({ eventId }) => eventId);
  expect(new Set(decided)).toEqual(new Set(told.map(({ id }) => id)));
  expect(decided).toHaveLength(2 * steps.length);
  const all = await api(collector, '/api/v1/incidents?state=all');
  const healed = steps.map(() => expect.objectContaining({ resolution: 'healed' }) as unknown);
  expect(all.body).toMatchObject({ items: healed });
  child.kill();
  await child.ended;
  return told;
}

describe('kill -9 of the whole collector', () => {
  it(
    'at each step of telling an opening and its end: nothing is lost, and twice means the same id',
    { timeout: 300_000 },
    async () => {
      // Side by side: most of the time goes by with waiting.
      const parts = isFull
        ? [stepNames.slice(0, 2), stepNames.slice(2, 4), stepNames.slice(4)]
        : ([['decided'], ['sent', 'answered']] satisfies StepName[][]);
      const told = await Promise.all(parts.map(dieAtEach));
      for (const [part, steps] of parts.entries()) {
        for (const [at, step] of steps.entries()) {
          const own = told[part]?.filter(({ incident }) => incident === `i-${at + 1}`) ?? [];
          // An answer that nobody could write down is asked for again; nothing else comes twice.
          const kinds = step === 'answered' ? ['opened', 'opened', 'resolved', 'resolved'] : null;
          expect([step, own.map(({ kind }) => kind)]).toEqual([
            step,
            kinds ?? ['opened', 'resolved'],
          ]);
          expect(new Set(own.map(({ id }) => id)).size).toBe(2);
        }
      }
    },
  );
});
