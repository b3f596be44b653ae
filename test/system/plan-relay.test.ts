import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  HQ_PATH,
  HQ_SUBPROTOCOL,
  type HqFrame,
  type HqWorkstation,
  type Region,
} from '@ppe-pulse/protocol';
import type { AgentStatus } from '../../agent/src/status-file.ts';
import type { Collector } from '../../server/src/collector.ts';
import { detailsOf, enrolled } from '../support/agent-process.ts';
import { api, testCollector } from '../support/collector.ts';
import { cutLine } from '../support/cut-line.ts';
import { commands, start, until } from '../support/processes.ts';
import { relayProcess, type RelayProcess } from '../support/relay.ts';

const quick = { PPE_PULSE_AGENTS_INTERVAL_MS: '1000', PPE_PULSE_AGENTS_BACKLOG_PER_SECOND: '50' };
/** Plans know minutes: the collector's noon is so far ahead when the test begins. */
const AHEAD_MS = 45_000;
const NOON = '12:00';
/** The day of the rehearsal, in Kuzbass. */
const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
const noonMs = Date.parse(`${today}T${NOON}+07:00`);

/** At noon one room goes quiet, and another one may speak again. */
const plan = `id: plan-relay
title: Noon
date: ${today}
timeZone: Asia/Novokuznetsk
coordinator: Test
subjects: [russian]
technologies: [print-full-set]
participants: { kinds: [ppe-main] }
exams:
  - { subject: russian, kind: written, startAt: '12:10', durationMinutes: 60 }
modes:
  - { mode: quiet, roles: [organizer], from: '${NOON}', to: '13:00' }
  - { mode: quiet, roles: [scan], from: '11:00', to: '${NOON}' }
`;

/** Agents follow this clock and not that of the PC, which may be hours off. */
function collectorsClock(): () => number {
  const real = Date.now.bind(Date);
  const aheadMs = noonMs - AHEAD_MS - real();
  vi.spyOn(Date, 'now').mockImplementation(() => real() + aheadMs);
  return () => real() + aheadMs;
}

/** A collector with a sample region and the plan, and a ППЭ that takes part. */
async function prepared(): Promise<{ collector: Collector; siteCode: string }> {
  const collector = await testCollector({}, quick);
  const sample = { ppe: 2, seed: 668 };
  const made = await api(collector, '/api/v1/registry/sample', { method: 'POST', body: sample });
  expect(made.status).toBe(200);
  const body = { text: plan, baseVersion: 0 };
  const put = await api(collector, '/api/v1/plan', { method: 'PUT', body });
  expect(put).toMatchObject({ status: 200 });
  const list = await api(collector, '/api/v1/registry/sites?limit=2000');
  const { items } = list.body as unknown as { items: Region['sites'] };
  const site = items.find(({ kind, period }) => kind === 'ppe' && period === 'main');
  if (!site) throw new Error('the sample has no ППЭ of the main period');
  return { collector, siteCode: site.code };
}

interface Place {
  readonly siteCode: string;
  readonly roomCode: string;
  readonly role: string;
}

/** An agent of a room that knows the relay only, running. */
async function member(collector: Collector, relay: RelayProcess, place: Place) {
  const { config, home, id } = await enrolled(
    collector,
    { collector: { url: relay.url.replace('http', 'ws'), publicKey: relay.publicKey } },
    place,
  );
  start(commands.agent, ['run', '--config', config]);
  const status = (): AgentStatus | undefined => {
    try {
      return JSON.parse(readFileSync(join(home, 'data', 'status.json'), 'utf8')) as AgentStatus;
    } catch {
      // It has not begun yet.
      return undefined;
    }
  };
  return { id, status };
}

interface Flips {
  readonly items: readonly { readonly checkId: string; readonly to: string }[];
}
const flipsOf = async (collector: Collector, id: string): Promise<Flips['items']> => {
  const { body } = await api(collector, `/api/v1/workstations/${id}/flips`);
  return (body as unknown as Flips).items;
};
const heardOf = async (collector: Collector, id: string) => {
  const { body } = await api(collector, `/api/v1/workstations/${id}`);
  return body as unknown as { verdict: string; reason: string; planVersion: number | null };
};

/** What the page of the Штаб shows of a workstation. */
async function shownBy(relay: RelayProcess, id: string): Promise<HqWorkstation | undefined> {
  const socket = new WebSocket(`ws://127.0.0.1:${relay.pagePort}${HQ_PATH}`, HQ_SUBPROTOCOL, {
    origin: `http://127.0.0.1:${relay.pagePort}`,
  });
  const [data] = (await once(socket, 'message')) as [Buffer];
  socket.terminate();
  const { workstations } = JSON.parse(data.toString('utf8')) as HqFrame;
  return workstations.find((each) => each.id === id);
}

describe('a plan behind a relay', { timeout: 150_000 }, () => {
  afterEach(() => vi.restoreAllMocks());

  it('quiets a room at its minute without any uplink, and lets another speak again', async () => {
    const nowMs = collectorsClock();
    const { collector, siteCode } = await prepared();
    const uplink = await cutLine(collector.url);
    const relay = await relayProcess(collector, { uplinkUrl: uplink.url, siteCode });
    const [room, scanner] = await Promise.all([
      member(collector, relay, { siteCode, role: 'organizer', roomCode: '0012' }),
      member(collector, relay, { siteCode, role: 'scan', roomCode: '7777' }),
    ]);
    await until(() => room.status()?.planVersion === 1, 'the room holds its plan');
    // Its quiet time has begun long ago: it leaves as soon as it knows.
    await until(() => scanner.status()?.mode === 'quiet', 'the scanner’s PC is quiet');
    await until(async () => (await heardOf(collector, room.id)).verdict !== 'unknown', 'heard');
    await until(
      async () => (await heardOf(collector, room.id)).verdict === 'silentByRule',
      'the room winds down and leaves, and the collector knows why',
      60_000,
    );
    expect(nowMs()).toBeLessThan(noonMs);
    uplink.cut();
    await until(() => room.status()?.mode === 'quiet', 'the room is quiet', 60_000);
    expect(Math.abs(nowMs() - noonMs)).toBeLessThan(2_500);
    await until(() => scanner.status()?.mode === 'prep', 'the scanner’s PC may speak');
    await until(() => scanner.status()?.link === 'live', 'and is back at the relay');
    await until(async () => (await shownBy(relay, room.id))?.verdict === 'silentByRule', 'shown');
    uplink.join();
    await until(
      async () => (await detailsOf(collector, scanner.id)).journalLag === 0,
      'what it kept has come',
      20_000,
    );
    await until(
      async () => (await heardOf(collector, room.id)).verdict === 'silentByRule',
      'the collector shows the rule',
      20_000,
    );
    expect((await heardOf(collector, room.id)).reason).toBe('isolatedByPlan');
    for (const { id } of [room, scanner])
      expect((await flipsOf(collector, id)).filter(({ to }) => to === 'unknown')).toEqual([]);
    expect(room.status()?.link).not.toBe('live');
    expect(room.status()?.journalLag).toBeGreaterThan(0);
  });
});
