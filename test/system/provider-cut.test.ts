import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseFaultScript, type FaultEntry } from '../../server/src/simulate/fault-script.ts';
import { askPlayedDay } from '../../server/src/simulate/rehearsal/played-day.ts';
import { startRehearsal } from '../../server/src/simulate/rehearsal/rehearsal.ts';
import type { CollectorAddress } from '../support/beating-peers.ts';
import { freePort } from '../support/restartable.ts';
import { commands, listening, start, until, type Child } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const root = join(import.meta.dirname, '..', '..');
/** Six minutes of the script in three quarters of a minute: who returns late is quiet by rule. */
const SPEED = 8;
const START_AT = '2024-05-15T09:16:00+07:00';
const CUT_AT_MS = Date.parse('2024-05-15T09:20:00+07:00');
const CUT_TO_MS = CUT_AT_MS + 6 * 60_000;

interface Told {
  readonly id: string;
  readonly kind: string;
  readonly incident: { readonly id: string; readonly kind: string; readonly node: string };
}

/** The jam of the script is told, too, and is none of it. */
function ofTheCut(told: readonly Told[]): readonly Told[] {
  return told.filter(({ incident }) => incident.kind === 'heartbeat');
}

/** A receiver that keeps what it is told. */
async function receiver() {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const body = JSON.parse(text) as Told;
      told.push({ ...body, id: String(request.headers['webhook-id']) });
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { told, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts` };
}

/** A collector process that plays 15 May from `startAt` on, at the same address with the same data. */
async function playingCollector() {
  const dataDir = tempDir();
  const port = await freePort();
  return async (startAt: string): Promise<{ child: Child; collector: CollectorAddress }> => {
    const play = ['--rehearsal-start', startAt, '--rehearsal-speed', `${SPEED}`];
    const flags = ['serve', '--port', `${port}`, '--data', dataDir, ...play];
    const child = start(commands.collector, flags, { PPE_PULSE_AGENTS_INTERVAL_MS: '2000' });
    return { child, collector: await listening(dataDir, child) };
  };
}

async function ask<T>(
  { url, adminToken }: CollectorAddress,
  path: string,
  init: { method?: string; body?: unknown } = {},
): Promise<T> {
  const response = await fetch(url + path, {
    method: init.method ?? 'GET',
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

/** The shipped plan, for the ППЭ of the provider that is cut and a few others. */
async function planOfFew(collector: CollectorAddress): Promise<string> {
  const { items } = await ask<{ items: { code: string; period: string; provider: string }[] }>(
    collector,
    '/api/v1/registry/sites?limit=100',
  );
  const ppe = items.filter(({ period }) => period === 'main');
  const cut = ppe.filter(({ provider }) => provider === 'Связь-1').slice(0, 18);
  const others = ppe.filter(({ provider }) => provider !== 'Связь-1').slice(0, 6);
  const codes = [...cut, ...others].map(({ code }) => `'${code}'`).join(', ');
  const plan = readFileSync(join(root, 'server', 'plans', '2024-05-15.yaml'), 'utf8');
  return plan.replace('  only: []', `  only: [${codes}]`);
}

function script(): readonly FaultEntry[] {
  const yaml = readFileSync(join(root, 'server', 'scenarios', 'provider-cut.yaml'), 'utf8');
  const outcome = parseFaultScript(yaml);
  if (!outcome.ok) throw new Error(outcome.problems.join('; '));
  return outcome.entries;
}

interface Listed {
  readonly items: readonly {
    readonly id: string;
    readonly node: string;
    readonly kind: string;
    readonly sites: number;
    readonly resolution: string | null;
  }[];
}

/** Incidents of silence, of all states. */
async function wide(collector: CollectorAddress): Promise<Listed['items']> {
  const { items } = await ask<Listed>(collector, '/api/v1/incidents?state=all&limit=100');
  return items.filter(({ kind }) => kind === 'heartbeat');
}

describe('a provider that is cut for six minutes', () => {
  it(
    'is one incident with one opening and one end for each receiver, while the collector is killed in the middle',
    { timeout: 300_000 },
    async () => {
      const run = await playingCollector();
      const first = await run(START_AT);
      const { collector } = first;
      await ask(collector, '/api/v1/registry/sample', {
        method: 'POST',
        body: { ppe: 50, seed: 1 },
      });
      const plan = await planOfFew(collector);
      await ask(collector, '/api/v1/plan', { method: 'PUT', body: { text: plan, baseVersion: 0 } });
      const receivers = [await receiver(), await receiver()];
      for (const [at, { url }] of receivers.entries())
        await ask(collector, '/api/v1/webhooks', {
          method: 'POST',
          body: {
            name: `receiver ${at + 1}`,
            format: 'json',
            settings: { url },
            allowsPrivate: true,
          },
        });
      const day = await askPlayedDay({ address: collector.url, token: collector.adminToken });
      if (!day) throw new Error('the collector plays no day');
      const rehearsal = await startRehearsal({
        simulation: {
          to: collector.url.replace(/^http/, 'ws'),
          token: collector.adminToken,
          seed: 1,
          sites: 1,
          rooms: 1,
        },
        day,
        faults: script(),
      });
      onTestFinished(async () => {
        await rehearsal.stop();
      });
      await rehearsal.simulation.connected(60_000);
      await until(
        () => receivers.every(({ told }) => ofTheCut(told).length > 0),
        'both receivers are told of the cut',
        120_000,
      );
      // The opening tells of those that were missed first; the rest follows within a period.
      await until(
        async () => (await wide(collector)).some(({ sites }) => sites === 14),
        'all of the cut is in the incident',
      );
      first.child.kill('SIGKILL');
      await first.child.ended;
      await sleep(2_000);
      const nowAt = new Date(rehearsal.nowMs()).toISOString().replace(/\.\d+Z$/, 'Z');
      expect(rehearsal.nowMs()).toBeLessThan(CUT_TO_MS);
      const second = await run(nowAt);
      await until(
        async () => (await wide(second.collector)).every(({ resolution }) => resolution !== null),
        'the incident ends',
        120_000,
      );
      // Nothing more comes after it.
      await sleep(5_000);
      const [incident, ...others] = await wide(second.collector);
      expect(others).toEqual([]);
      expect(incident).toMatchObject({ node: 'provider:Связь-1', sites: 14, resolution: 'healed' });
      for (const { told } of receivers) {
        expect([...new Map(ofTheCut(told).map((each) => [each.id, each.kind])).values()]).toEqual([
          'opened',
          'resolved',
        ]);
      }
    },
  );
});
