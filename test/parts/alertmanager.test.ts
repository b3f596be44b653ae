import { describe, expect, it } from 'vitest';
import type { Incident } from '@ppe-pulse/protocol';
import type { AlertEvent } from '../../server/src/alerts/alert.ts';
import { fingerprint } from '../../server/src/alerts/formats/alertmanager-webhook/fingerprint.ts';
import { formatOf } from '../../server/src/alerts/formats/catalogue.ts';
import { AddressPolicy } from '../../server/src/alerts/transport/address-policy.ts';
import { HttpSend } from '../../server/src/alerts/transport/http-send.ts';
import { systemClock } from '../../server/src/clock.ts';
import {
  alertContext,
  alertEvent,
  alertWebhook,
  cutProvider,
  jammedPrinter,
} from '../support/alert-samples.ts';
import { until } from '../support/processes.ts';
import {
  hasAlertmanager,
  startAlertmanager,
  type Alertmanager,
  type ShownAlert,
} from './alertmanager.ts';

const MINUTE_MS = 60_000;
/** Alertmanager looks at its own clock, so these incidents are of today. */
const openedAtMs = Date.now() - 10 * MINUTE_MS;

/** Delivers an event as the collector does; how that ended. */
async function post(manager: Alertmanager, event: AlertEvent): Promise<string> {
  const settings = { url: manager.url };
  const webhook = alertWebhook('alertmanager', { settings, allowsPrivate: true });
  const http = new HttpSend({
    policy: new AddressPolicy(),
    resolve: () => Promise.reject(new Error('an address needs no name')),
    clock: systemClock(),
  });
  const outgoing = formatOf('alertmanager').make(event, webhook, alertContext);
  const { outcome } = await http.send(outgoing, webhook, event);
  http.close();
  return outcome;
}

async function shown(manager: Alertmanager, incident: string): Promise<ShownAlert | undefined> {
  const alerts = await manager.alerts();
  return alerts.find(({ labels }) => labels['incident'] === incident);
}

const silentSite = (part: Partial<Incident> = {}): Incident =>
  cutProvider({
    id: 'i-20',
    level: 'site',
    node: 'site:4216',
    siteCode: '4216',
    municipality: 'kemerovo',
    provider: null,
    sites: 1,
    siteCodes: ['4216'],
    openedAtMs,
    ...part,
  });

describe.runIf(hasAlertmanager())('a real Alertmanager', () => {
  it('takes an alert, shows it as it was told, and its end', async () => {
    const manager = await startAlertmanager();
    const incident = jammedPrinter({ openedAtMs, evidence: {} });
    expect(await post(manager, alertEvent('opened', incident))).toBe('delivered');
    await until(async () => (await manager.alerts()).length === 1, 'the alert is shown');
    const alert = await shown(manager, 'i-18');
    expect(alert).toMatchObject({
      labels: { alertname: 'printer.state', severity: 'critical', site: '4216', room: '0012' },
      annotations: { summary: 'ППЭ 4216, ауд. 0012: принтер, замятие бумаги' },
      generatorURL: 'https://pulse.example.org/incidents/i-18',
      receivers: [{ name: 'duty' }],
    });
    // The fingerprint that our webhooks carry is the one that an Alertmanager would make.
    expect(alert?.fingerprint).toBe(fingerprint(alert?.labels ?? {}));
    expect(Date.parse(alert?.endsAt ?? '') - Date.now()).toBeGreaterThan(6 * 86_400_000);

    const over = { resolvedAtMs: Date.now(), resolution: 'healed' } as const;
    const resolved = alertEvent('resolved', { ...incident, ...over });
    expect(await post(manager, resolved)).toBe('delivered');
    await until(async () => (await manager.alerts()).length === 0, 'the alert has ended');
    // Told once more, as after a lost answer: it stays over.
    expect(await post(manager, resolved)).toBe('delivered');
    expect(await manager.alerts()).toEqual([]);
  });

  it('inhibits a room’s alert under its site’s, and lets it go when the site is back', async () => {
    const manager = await startAlertmanager();
    const printer = jammedPrinter({ openedAtMs, severity: 'warning' });
    expect(await post(manager, alertEvent('opened', printer))).toBe('delivered');
    expect(await post(manager, alertEvent('opened', silentSite()))).toBe('delivered');
    const inhibitedBy = async (id: string): Promise<readonly string[] | undefined> =>
      (await shown(manager, id))?.status.inhibitedBy;
    await until(async () => (await inhibitedBy('i-18'))?.length === 1, 'the room is inhibited');
    const site = await shown(manager, 'i-20');
    expect(await inhibitedBy('i-18')).toEqual([site?.fingerprint]);
    expect(site?.status).toMatchObject({ state: 'active', inhibitedBy: [] });
    expect((await shown(manager, 'i-18'))?.status.state).toBe('suppressed');

    const over = { resolvedAtMs: Date.now(), resolution: 'healed' } as const;
    await post(manager, alertEvent('resolved', silentSite(over)));
    await until(async () => (await inhibitedBy('i-18'))?.length === 0, 'the room is free again');
  });

  it('leaves rooms of other sites, and drills, out of it', async () => {
    const manager = await startAlertmanager();
    await post(manager, alertEvent('opened', silentSite()));
    const elsewhere = jammedPrinter({ openedAtMs, id: 'i-30', siteCode: '4217' });
    await post(manager, alertEvent('opened', elsewhere));
    await post(manager, alertEvent('drill', silentSite(), { atMs: Date.now() }));
    await until(async () => (await manager.alerts()).length === 3, 'all are shown');
    for (const { status } of await manager.alerts()) expect(status.inhibitedBy).toEqual([]);
    const drill = await shown(manager, alertEvent('drill').id);
    expect(drill?.receivers).toEqual([{ name: 'drills' }]);
  });

  it('ends the warning when it becomes critical, and inhibits what is milder', async () => {
    const manager = await startAlertmanager();
    await post(manager, alertEvent('opened', silentSite({ severity: 'warning' })));
    await until(async () => (await manager.alerts()).length === 1, 'the warning is shown');
    await post(manager, alertEvent('raised', silentSite(), { atMs: Date.now() }));
    await until(
      async () =>
        (await manager.alerts()).map(({ labels }) => labels['severity']).join() === 'critical',
      'only the critical one is left',
    );
    await post(manager, alertEvent('opened', silentSite({ severity: 'warning', id: 'i-40' })));
    await until(
      async () => (await shown(manager, 'i-40'))?.status.inhibitedBy.length === 1,
      'a warning of the same thing is inhibited',
    );
  });

  it('takes names with any signs, and a digest', async () => {
    const manager = await startAlertmanager();
    const provider = 'ООО «Связь» "1" \\ {a="b"}\n<!channel> 📡';
    const digest = [cutProvider({ provider, openedAtMs }), jammedPrinter({ openedAtMs })];
    const event = alertEvent('digest', digest[0], { digest, atMs: Date.now() });
    expect(await post(manager, event)).toBe('delivered');
    await until(async () => (await manager.alerts()).length === 2, 'both are shown');
    expect((await shown(manager, 'i-17'))?.labels['provider']).toBe(provider);
  });
});
