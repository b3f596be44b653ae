import { describe, expect, it } from 'vitest';
import { enrol } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { BEAT_MS, PrinterPc } from '../support/printer-pc.ts';
import { until } from '../support/processes.ts';
import { hasAlertmanager, startAlertmanager, type ShownAlert } from './alertmanager.ts';

/** Half a minute of a fault in five seconds. */
const rehearsal = { startAt: '2024-05-15T08:50+07:00', speed: 6 };
const env = { PPE_PULSE_AGENTS_INTERVAL_MS: String(BEAT_MS) };
const WITHIN_MS = 45_000;

/** A collector that tells an Alertmanager of everything at once, and ППЭ 0042 with three rooms. */
async function stage() {
  const manager = await startAlertmanager();
  const collector = await testCollector({ rehearsal }, env);
  const pcs = [new PrinterPc('fail'), new PrinterPc(), new PrinterPc()] as const;
  for (const [at, { identity }] of pcs.entries()) await enrol(collector, identity, `000${at + 1}`);
  const settings = { url: manager.url };
  const body = { name: 'дежурная смена', format: 'alertmanager', settings, allowsPrivate: true };
  const added = await api(collector, '/api/v1/webhooks', { method: 'POST', body });
  expect(added).toMatchObject({ status: 201 });
  // Without a plan nothing is critical, and warnings would wait for their digest.
  const routes = [{ name: 'at once', match: {}, webhooks: ['*'], continues: false }];
  const edit = { method: 'PUT', body: { routing: { routes } } };
  expect(await api(collector, '/api/v1/alert-routing', edit)).toMatchObject({ status: 200 });
  /** Alerts by their incident. */
  const shown = async (): Promise<ReadonlyMap<string | undefined, ShownAlert>> =>
    new Map((await manager.alerts()).map((alert) => [alert.labels['incident'], alert]));
  return { manager, collector, pcs, shown };
}

describe.runIf(hasAlertmanager())('a collector and a real Alertmanager', () => {
  it(
    'show a jam, hide it while its whole ППЭ is silent, and let both end when it is back',
    { timeout: 180_000 },
    async () => {
      const { manager, collector, pcs, shown } = await stage();
      for (const pc of pcs) await pc.join(collector.url);
      await until(async () => (await shown()).size === 1, 'the jam is shown', WITHIN_MS);
      const jam = (await shown()).get('i-1');
      expect(jam).toMatchObject({
        labels: {
          alertname: 'printer.state',
          level: 'device',
          site: '0042',
          room: '0001',
          station: pcs[0].identity.agentId,
          drill: 'false',
        },
        status: { state: 'active', inhibitedBy: [] },
        receivers: [{ name: 'duty' }],
      });

      for (const pc of pcs) pc.leave();
      await until(async () => (await shown()).size === 2, 'the silence is shown', WITHIN_MS);
      const [, silence] = [...(await shown()).values()].sort(byIncident);
      expect(silence).toMatchObject({
        labels: { alertname: 'heartbeat', level: 'site', site: '0042' },
        status: { state: 'active', inhibitedBy: [] },
      });
      // Its own labels hide it: the jam was told before, and nobody withdraws it.
      const inhibitors = async () => (await shown()).get('i-1')?.status.inhibitedBy;
      await until(async () => (await inhibitors())?.length === 1, 'the jam is hidden', WITHIN_MS);
      expect(await inhibitors()).toEqual([silence?.fingerprint]);
      expect((await shown()).get('i-1')?.fingerprint).toBe(jam?.fingerprint);

      // Back, and the jam is still there: it is seen again when the silence is over.
      for (const pc of pcs) await pc.join(collector.url);
      await until(async () => (await shown()).size === 1, 'the silence is over', WITHIN_MS);
      await until(async () => (await inhibitors())?.length === 0, 'the jam is seen', WITHIN_MS);
      pcs[0].verdict = 'ok';
      await until(async () => (await manager.alerts()).length === 0, 'all is over', WITHIN_MS);
      const { body } = await api(collector, '/api/v1/incidents?state=all');
      const { items } = body as unknown as { items: readonly { id: string; resolution: string }[] };
      expect(items.map(({ resolution }) => resolution)).toEqual(['healed', 'healed']);
      const log = await api(collector, '/api/v1/deliveries');
      const deliveries = (
        log.body as unknown as { items: readonly { state: string; attempts: number }[] }
      ).items;
      expect(deliveries.map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(
        Array.from({ length: 4 }, () => 'delivered 1'),
      );
    },
  );
});

function byIncident(a: ShownAlert, b: ShownAlert): number {
  return Number(a.labels['incident']?.slice(2)) - Number(b.labels['incident']?.slice(2));
}
