import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { IncidentChangeKind, IncidentCore } from '@ppe-pulse/protocol';
import { createAlerts, type Alerts } from '../../server/src/alerts/create-alerts.ts';
import { checkRouting } from '../../server/src/alerts/routing/check-routing.ts';
import { Incidents } from '../../server/src/incidents/book.ts';
import { coreOf } from '../../server/src/incidents/people.ts';
import { createLog } from '../../server/src/log.ts';
import { createAudit } from '../../server/src/state/audit.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { alertsFromMs, cutProvider } from '../support/alert-samples.ts';
import { aRegion } from '../support/plans.ts';
import { tempDir } from '../support/temp-dir.ts';
import { webhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { ScriptedEngine } from './incident-world.ts';

const MINUTE_MS = 60_000;

/** A book and its alerts over one database; both can be started anew. */
class Path {
  readonly database = openState(join(tempDir(), 'state.db'));
  nowMs = alertsFromMs;
  alerts!: Alerts;
  book!: Incidents;
  engine!: ScriptedEngine;

  constructor() {
    onTestFinished(async () => {
      await this.#stop();
      this.database.close();
    });
    this.#start();
  }

  async add(receiver: WebhookReceiver): Promise<void> {
    const settings = { url: receiver.url };
    const body = { name: receiver.url, format: 'json', settings, allowsPrivate: true };
    const by = { account: 'admin', atMs: this.nowMs };
    const added = await this.alerts.api.addWebhook(body, by);
    if (added.kind !== 'done') throw new Error(added.detail);
  }

  async restart(): Promise<void> {
    await this.#stop();
    this.#start();
  }

  says(kind: IncidentChangeKind, part: Partial<IncidentCore> = {}): void {
    this.engine.says(kind, { ...coreOf(cutProvider()), ...part });
    this.pass(1_000);
  }

  pass(ms: number): void {
    this.nowMs += ms;
    this.book.tick();
  }

  #start(): void {
    const { database } = this;
    const audit = createAudit(database);
    const log = createLog('silent');
    const clock = { wallMs: () => this.nowMs, monotonicMs: () => this.nowMs };
    this.alerts = createAlerts({
      database,
      audit,
      clock,
      log,
      region: {
        current: () => ({ region: aRegion(), version: 1, importedAtMs: null, importedBy: null }),
      },
      plans: { current: () => null },
      rehearsal: { nowMs: this.nowMs },
      boardUrl: null,
    });
    this.book = new Incidents({
      database,
      audit,
      fleet: {
        all: () => [].values(),
        get: () => undefined,
        onChange: () => () => {},
        onRemove: () => () => {},
      },
      engineOf: (parts) => (this.engine = new ScriptedEngine(parts)),
      placeOf: () => undefined,
      phaseOf: () => 'opening',
      knows: () => true,
      collectorProblems: () => [],
      alerts: this.alerts.desk,
      now: () => ({ wallMs: this.nowMs, monotonicMs: this.nowMs }),
      log,
    });
  }

  async #stop(): Promise<void> {
    this.book.close();
    await this.alerts.close();
  }
}

const kindsOf = ({ received }: WebhookReceiver): unknown[] =>
  received.map(({ body }) => (JSON.parse(body) as { kind: string }).kind);

describe('from an incident to its receivers', () => {
  it('there is one opening and one end each, over a restart in the middle', async () => {
    const [first, second] = [await webhookReceiver(), await webhookReceiver()];
    const path = new Path();
    await path.add(first);
    await path.add(second);
    path.says('opened');
    path.says('changed', { children: 250, peakChildren: 250 });
    await vi.waitFor(() => expect(kindsOf(first)).toEqual(['opened']));
    path.nowMs += 3 * MINUTE_MS;
    await path.restart();
    path.pass(31_000);
    path.says('resolved', { resolvedAtMs: path.nowMs, resolution: 'healed' });
    for (const receiver of [first, second])
      await vi.waitFor(() => expect(kindsOf(receiver)).toEqual(['opened', 'resolved']));
    await path.restart();
    path.pass(MINUTE_MS);
    expect([...kindsOf(first), ...kindsOf(second)]).toHaveLength(4);
    expect(path.alerts.figures()).toMatchObject({ pending: 0, dead: 0 });
  });

  it('a receiver that is set up in the middle hears of what is open, and of its end', async () => {
    const receiver = await webhookReceiver();
    const path = new Path();
    path.says('opened');
    path.pass(MINUTE_MS);
    await path.add(receiver);
    path.pass(1_000);
    await vi.waitFor(() => expect(kindsOf(receiver)).toEqual(['opened']));
    await path.restart();
    path.pass(MINUTE_MS);
    path.says('resolved', { resolvedAtMs: path.nowMs, resolution: 'healed' });
    await vi.waitFor(() => expect(kindsOf(receiver)).toEqual(['opened', 'resolved']));
  });

  it('nobody takes it: the next in line is told, and the history says so', async () => {
    const receiver = await webhookReceiver();
    const path = new Path();
    await path.add(receiver);
    const escalation = [{ afterMinutes: 5, webhooks: ['wh-1'] }];
    const routing = {
      routes: [{ name: 'a', match: {}, webhooks: ['*'], continues: false, escalation }],
    };
    const by = { account: 'admin', atMs: path.nowMs, requestId: null };
    expect(path.alerts.api.putRouting(routing, 0, by)).toMatchObject({ kind: 'done' });
    path.says('opened');
    const shown: string[] = [];
    path.book.onChange(({ id }) => shown.push(id));
    path.pass(6 * MINUTE_MS);
    // Boards look at its history again.
    expect(shown).toEqual(['i-17']);
    await vi.waitFor(() => expect(kindsOf(receiver)).toEqual(['opened', 'escalated']));
    expect(path.book.logOf('i-17')).toMatchObject([
      { kind: 'opened' },
      { kind: 'escalated', by: 'collector', details: { webhooks: 'wh-1' } },
    ]);
  });
});

describe('docs/alert-routing.md', () => {
  it('shows a document that is taken as it stands', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/alert-routing.md'), 'utf8');
    const example = /<!-- example -->\s+```json\n(.*?)\n```/s.exec(text)?.[1] ?? '';
    const nameable = { webhookIds: ['wh-1', 'wh-2'], municipalities: [], siteCodes: [] };
    expect(checkRouting(JSON.parse(example), nameable)).toMatchObject({ ok: true });
  });
});
