import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHqDecoder } from '@ppe-pulse/protocol/codec';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { HQ_PATH, HQ_SUBPROTOCOL, type Heartbeat, type HqFrame } from '@ppe-pulse/protocol';
import { AgentPeer } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { cutLine } from '../support/cut-line.ts';
import { hqCollector, hqRelay, type HqRelay } from '../support/hq-collector.ts';
import { hqIncident, providerCut } from '../support/hq-incidents.ts';
import { until } from '../support/processes.ts';
import { enrolMember, relayProcess } from '../support/relay.ts';

/** What the page of a relay gets, checked frame by frame. */
function watched({ pagePort }: Pick<HqRelay, 'pagePort'>) {
  const decode = createHqDecoder();
  const frames: HqFrame[] = [];
  const socket = new WebSocket(`ws://127.0.0.1:${pagePort}${HQ_PATH}`, HQ_SUBPROTOCOL);
  onTestFinished(() => socket.terminate());
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer) => frames.push(decode(data.toString('utf8'))));
  const incidents = () => frames.at(-1)?.incidents;
  return {
    incidents,
    uplink: () => frames.at(-1)?.uplink.state,
    ids: () =>
      incidents()
        ?.items.map(({ id }) => id)
        .join(' '),
  };
}

async function told() {
  const collector = await hqCollector();
  const line = await cutLine(collector.url);
  const relay = await hqRelay(collector, { uplinkUrl: line.url });
  const page = watched(relay);
  await until(() => page.incidents()?.isCurrent === true, 'the collector has spoken');
  return { collector, line, relay, page };
}

describe('incidents of the situation centre in a Штаб', { timeout: 150_000 }, () => {
  it('come when the relay does, whenever they change, and are kept while the line is cut', async () => {
    const { collector, line, relay, page } = await told();
    expect(collector.announced(relay.id)).toContain('incidents');
    expect(page.incidents()).toMatchObject({ total: 0, items: [] });
    collector.open([providerCut(17), hqIncident(21)]);
    await until(() => page.ids() === 'i-21 i-17', 'both are shown, what nobody took first');
    collector.open([hqIncident(21, { acknowledgedAtMs: Date.now() })]);
    await until(() => page.ids() === 'i-21', 'one is over');
    const before = page.incidents();
    expect(before?.items[0]?.acknowledgedAtMs).not.toBeNull();
    line.cut();
    await until(() => page.uplink() !== 'live', 'the line is cut');
    expect(page.incidents()).toEqual({ ...before, isCurrent: false });
    collector.open([]);
    line.join();
    await until(() => page.incidents()?.isCurrent === true, 'the line is back', 40_000);
    await until(() => page.ids() === '', 'and what changed meanwhile is known');
  });

  it('are known again after the power was cut, and name nobody on the disk of a ППЭ', async () => {
    const { collector, line, relay, page } = await told();
    collector.open([
      { ...providerCut(17), acknowledgedBy: 'ivanov', siteCodes: ['0041', '0042'], notes: 3 },
    ]);
    await until(() => page.ids() === 'i-17', 'it is shown');
    expect(page.incidents()?.items[0]).toMatchObject({
      acknowledgedBy: null,
      assignee: 'provider',
      siteCodes: ['0042'],
    });
    line.cut();
    await relay.killed();
    const again = watched(relay);
    await until(() => again.ids() === 'i-17', 'it is known without the line');
    expect(again.incidents()).toMatchObject({ isCurrent: false, total: 1 });
    expect(readFileSync(join(relay.home, 'data', 'incidents.json'), 'utf8')).not.toContain(
      'ivanov',
    );
  });

  it('that are odd cost neither the page nor the line', async () => {
    const { collector, relay, page } = await told();
    const items = [null, 7, { id: 'i-1' }, { ...hqIncident(2), level: 'galaxy' }, hqIncident(3)];
    collector.say(relay.id, { type: 'incidents', atMs: Date.now(), total: 5, items });
    await until(() => page.ids() === 'i-3', 'the sound one is shown');
    expect(page.incidents()).toMatchObject({ isCurrent: true, total: 5 });
    expect(page.uplink()).toBe('live');
    expect(relay.errors()).not.toContain('broke the protocol');
    collector.open([hqIncident(4)]);
    await until(() => page.ids() === 'i-4', 'and the next list as well');
  });

  it('are those of the collector’s board: opened by a room’s jam, taken there, seen here', async () => {
    const collector = await testCollector({}, { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
    const member = await enrolMember(collector);
    const relay = await relayProcess(collector);
    await until(() => relay.status()?.relay?.membersKnown === 1, 'the roster');
    const page = watched(relay);
    const peer = await AgentPeer.join(relay.url, member);
    const jam = {
      id: 'printer.state',
      verdict: 'fail',
      reason: 'jam',
      evidence: {},
      ageMs: 0,
    } as const;
    let seq = 0;
    let verdicts: Heartbeat['verdicts'] = [jam];
    const beats = setInterval(() => peer.send(peer.heartbeat((seq += 1), { verdicts })), 1_000);
    onTestFinished(() => clearInterval(beats));
    const printers = () =>
      page.incidents()?.items.filter(({ kind }) => kind === 'printer.state') ?? [];
    await until(() => printers().length === 1, 'the jam is an incident', 45_000);
    const [incident] = printers();
    expect(incident).toMatchObject({
      reason: 'jam',
      siteCode: '0042',
      roomCode: '0012',
      workstationId: member.agentId,
      acknowledgedAtMs: null,
    });
    const path = `/api/v1/incidents/${incident?.id}/ack`;
    const { status } = await api(collector, path, { method: 'POST', body: {} });
    expect(status).toBe(200);
    await until(() => (printers()[0]?.acknowledgedAtMs ?? null) !== null, 'it is taken here, too');
    expect(printers()[0]?.acknowledgedBy).toBeNull();
    verdicts = [{ ...jam, verdict: 'ok', reason: 'ok' }];
    await until(() => printers().length === 0, 'it is over', 60_000);
  });
});
