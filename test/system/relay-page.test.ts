import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createHqDecoder } from '@ppe-pulse/protocol/codec';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { HQ_PATH, HQ_SUBPROTOCOL, closeCodes, type HqFrame } from '@ppe-pulse/protocol';
import { AgentPeer } from '../support/agent-peer.ts';
import { testCollector } from '../support/collector.ts';
import { until } from '../support/processes.ts';
import { enrolMember, relayProcess, type RelayProcess } from '../support/relay.ts';
import { tempDir } from '../support/temp-dir.ts';

function pageFolder(): string {
  const folder = join(tempDir(), 'page');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'hq.html'), '<!doctype html><title>Штаб</title>');
  writeFileSync(join(folder, 'assets', 'hq-1a2b.js'), 'export {};');
  writeFileSync(join(folder, '..', 'secret.txt'), 'not for you');
  return folder;
}

async function sited() {
  const collector = await testCollector({}, { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
  const member = await enrolMember(collector);
  const relay = await relayProcess(collector, { pageDir: pageFolder() });
  await until(() => relay.status()?.relay?.membersKnown === 1, 'the roster');
  return { collector, member, relay };
}

/** Asks with a path as it is: `fetch` would tidy it. */
async function get(relay: RelayProcess, path: string, headers: Record<string, string> = {}) {
  const asked = request({ host: '127.0.0.1', port: relay.pagePort, path, headers, agent: false });
  asked.end();
  const [response] = (await once(asked, 'response')) as [
    AsyncIterable<Buffer> & { statusCode: number; headers: IncomingHttpHeaders },
  ];
  let text = '';
  for await (const piece of response) text += piece.toString('utf8');
  return { status: response.statusCode, headers: response.headers, text };
}

function open(relay: RelayProcess, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${relay.pagePort}${HQ_PATH}`, HQ_SUBPROTOCOL, {
    headers,
  });
  onTestFinished(() => socket.terminate());
  socket.on('error', () => undefined);
  const frames: { frame: HqFrame; atMs: number }[] = [];
  socket.on('message', (data: Buffer) =>
    frames.push({ frame: JSON.parse(data.toString('utf8')) as HqFrame, atMs: performance.now() }),
  );
  return { socket, frames, newest: () => frames.at(-1)?.frame };
}

describe('the page of the Штаб', { timeout: 60_000 }, () => {
  it('shows the ППЭ as it is, also while the collector is gone', async () => {
    const { collector, member, relay } = await sited();
    const { frames, newest } = open(relay);
    await until(() => frames.length > 0, 'the first frame');
    const peer = await AgentPeer.join(relay.url, member);
    const roomOf = () => newest()?.workstations.find(({ id }) => id === member.agentId);
    peer.send(peer.heartbeat(1));
    await until(() => roomOf()?.verdict === 'ok', 'the room is green');
    await until(() => newest()?.uplink.state === 'live', 'the uplink is live');
    await collector.stop();
    await until(() => newest()?.uplink.state !== 'live', 'the uplink is not');
    const jam = {
      id: 'printer.state',
      verdict: 'fail',
      reason: 'jam',
      evidence: {},
      ageMs: 0,
    };
    peer.send(peer.heartbeat(2, { verdicts: [jam as never] }));
    await until(() => roomOf()?.verdict === 'fail', 'the jam is shown');
    expect(newest()?.uplink.spooled).toBeGreaterThan(0);
    expect(newest()?.site).toBe('0042');
    const decode = createHqDecoder();
    for (const { frame } of frames) expect(decode(JSON.stringify(frame))).toEqual(frame);
    await until(() => frames.length > 5, 'six frames');
    // At most once a second, but for the first one and the jitter of a timer.
    const gapsMs = frames.slice(2).map(({ atMs }, at) => atMs - (frames[at + 1]?.atMs ?? 0));
    expect(Math.min(...gapsMs)).toBeGreaterThan(700);
    peer.leave();
    await until(
      () => roomOf()?.verdict === 'unknown',
      'silence is seen without the collector',
      30_000,
    );
  });

  it('serves its own files with strict headers, and no others', async () => {
    const { relay } = await sited();
    const page = await get(relay, '/');
    expect(page).toMatchObject({
      status: 200,
      text: expect.stringContaining('Штаб'),
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringMatching(
          new RegExp(`^default-src 'self';.*connect-src 'self' ws://127.0.0.1:${relay.pagePort};`),
        ),
      },
    });
    expect(await get(relay, '/assets/hq-1a2b.js')).toMatchObject({
      status: 200,
      headers: { 'cache-control': expect.stringContaining('immutable') },
    });
    for (const path of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '//etc/passwd',
      '/assets',
      '/nothing',
    ])
      expect([path, (await get(relay, path)).status]).toEqual([path, 404]);
  });

  it('is for this PC and its own page only', async () => {
    const { relay } = await sited();
    const host = `127.0.0.1:${relay.pagePort}`;
    expect((await get(relay, '/', { host: 'evil.example' })).status).toBe(403);
    expect((await get(relay, '/', { host, origin: 'http://evil.example' })).status).toBe(403);
    for (const headers of [{ host: 'evil.example' }, { origin: 'http://evil.example' }]) {
      const { socket } = open(relay, headers);
      const [, response] = (await once(socket, 'unexpected-response')) as [
        unknown,
        { statusCode: number },
      ];
      expect(response.statusCode).toBe(403);
    }
    const talker = open(relay, { origin: `http://${host}` });
    await once(talker.socket, 'open');
    talker.socket.send('{"type":"hello"}');
    const [code] = (await once(talker.socket, 'close')) as [number];
    expect(code).toBe(closeCodes.badFrame.code);
    const lan = Object.values(networkInterfaces())
      .flat()
      .find((each) => each?.family === 'IPv4' && !each.internal);
    if (!lan) return;
    const socket = connect({ host: lan.address, port: relay.pagePort });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});
