import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { once } from 'node:events';
import { LIVE_PATH, LIVE_SUBPROTOCOL, type ToBoard } from '@ppe-pulse/protocol';
import { permissions } from '../../server/src/api/permissions.ts';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { until } from '../support/processes.ts';

/** Signs a browser in by a one-time link; answers its cookie. */
async function signIn(collector: Awaited<ReturnType<typeof testCollector>>): Promise<string> {
  const response = await fetch(collector.url + collector.signInPath(), { redirect: 'manual' });
  expect(response.status).toBe(303);
  const cookie = response.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Strict/);
  return cookie.split(';')[0] ?? '';
}

describe('access', () => {
  it('is refused on every route but the public ones, with a problem document', async () => {
    const collector = await testCollector();
    for (const [route, needed] of Object.entries(permissions)) {
      const [method = '', path = ''] = route.split(' ');
      if (typeof needed === 'string' || method === 'WS') continue;
      const response = await fetch(
        collector.url + path.replace(':id', 'w-0000000000000000').replace(':code', '0001'),
        { method },
      );
      expect([route, response.status]).toEqual([route, 401]);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  it('is by a one-time link that works once and opens the API and the live socket', async () => {
    const collector = await testCollector();
    const path = collector.signInPath();
    const first = await fetch(collector.url + path, { redirect: 'manual' });
    expect(first.status).toBe(303);
    expect((await fetch(collector.url + path, { redirect: 'manual' })).status).toBe(401);
    const cookie = (first.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const session = await fetch(`${collector.url}/api/v1/session`, { headers: { cookie } });
    expect(await session.json()).toMatchObject({ account: 'admin', role: 'admin' });
    const socket = new WebSocket(
      collector.url.replace('http', 'ws') + LIVE_PATH,
      LIVE_SUBPROTOCOL,
      { headers: { cookie } },
    );
    await once(socket, 'open');
    socket.terminate();
  });

  it('to the live socket needs a session, and a browser must come from this very host', async () => {
    const collector = await testCollector();
    const cookie = await signIn(collector);
    const refused = async (headers: Record<string, string>): Promise<string> => {
      const socket = new WebSocket(
        collector.url.replace('http', 'ws') + LIVE_PATH,
        LIVE_SUBPROTOCOL,
        { headers },
      );
      const [error] = (await once(socket, 'error')) as [Error];
      return error.message;
    };
    expect(await refused({})).toContain('401');
    expect(await refused({ cookie, origin: 'http://evil.example' })).toContain('401');
  });

  it('by cookie lets no other site change anything', async () => {
    const collector = await testCollector();
    const cookie = await signIn(collector);
    const post = (origin: string) =>
      fetch(`${collector.url}/api/v1/sign-in-links`, {
        method: 'POST',
        headers: { cookie, origin },
      });
    expect((await post('http://evil.example')).status).toBe(403);
    expect((await post(collector.url)).status).toBe(201);
  });

  it('ends with the session', async () => {
    const collector = await testCollector();
    const cookie = await signIn(collector);
    const headers = { cookie, origin: collector.url };
    expect(
      (await fetch(`${collector.url}/api/v1/session`, { method: 'DELETE', headers })).status,
    ).toBe(204);
    expect((await fetch(`${collector.url}/api/v1/session`, { headers })).status).toBe(401);
  });
});

describe('API', () => {
  it('describes every route of its own in OpenAPI', async () => {
    const collector = await testCollector();
    const { body } = await api(collector, '/api/v1/openapi.json');
    const described = Object.entries(
      (body as unknown as { paths: Record<string, object> }).paths,
    ).flatMap(([path, methods]) =>
      Object.keys(methods).map(
        (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    );
    const own = Object.keys(permissions).filter(
      (route) => route.includes('/api/v1/') && !route.endsWith('openapi.json'),
    );
    expect(described).toEqual(expect.arrayContaining(own));
  });

  it.each([
    ['/api/v1/nothing', 404, 'notFound'],
    ['/api/v1/workstations/w-0000000000000000', 404, 'unknownWorkstation'],
    ['/api/v1/workstations/..%2f..%2fetc', 400, 'badRequest'],
    ['/api/v1/sites/9999', 404, 'unknownSite'],
    ['/api/v1/percentiles?metric=net.rtt.m', 404, 'unknownMetric'],
    [
      '/api/v1/percentiles?metric=net.rtt.ms&from=2024-05-15T00:00:00Z&to=2024-05-14T00:00:00Z',
      400,
      'badRange',
    ],
    ['/api/v1/percentiles?metric=net.rtt.ms&from=yesterday', 400, 'badRequest'],
    ['/api/v1/workstations?limit=1000000', 400, 'badRequest'],
  ])('%s is a problem document of status %d', async (path, status, kind) => {
    const collector = await testCollector();
    const answer = await api(collector, path);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, type: `urn:ppe-pulse:problem:${kind}` });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('refuses an enrolment that is too big, not JSON, or has what it should not', async () => {
    const collector = await testCollector();
    const post = (body: string, type = 'application/json') =>
      fetch(`${collector.url}/api/v1/workstations`, {
        method: 'POST',
        body,
        headers: { 'content-type': type, authorization: `Bearer ${collector.adminToken}` },
      });
    expect((await post('x'.repeat(100_000))).status).toBe(413);
    expect((await post('{')).status).toBe(400);
    expect((await post('a=b', 'application/xml')).status).toBe(415);
    const { publicKey } = newIdentity();
    const placement = { siteCode: '42', roomCode: '7777', role: 'hq', duty: 'main' };
    expect((await post(JSON.stringify({ publicKey, placement }))).status).toBe(400);
  });

  it('pages through workstations', async () => {
    const collector = await testCollector();
    for (let at = 0; at < 5; at += 1) await enrol(collector, newIdentity(), `000${at}`);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await api(collector, `/api/v1/workstations?limit=2${cursor}`);
      const page = body as unknown as { items: { id: string }[]; nextCursor?: string };
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor === undefined ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(5);
  });

  it('speaks OpenMetrics of itself and of the fleet', async () => {
    const collector = await testCollector();
    const identity = newIdentity();
    await enrol(collector, identity);
    const peer = await AgentPeer.join(collector.url, identity);
    peer.send(peer.heartbeat(1));
    await peer.until(() => peer.acked.has(1), 'an ack');
    const own = (await api(collector, '/metrics')).body as unknown as { text: string };
    expect(own.text).toContain('ppe_pulse_agents_connected 1');
    expect(own.text).toContain('ppe_pulse_heartbeats_durable_total 1');
    expect(own.text.trimEnd().endsWith('# EOF')).toBe(true);
    const fleet = (await api(collector, '/metrics/fleet')).body as unknown as { text: string };
    expect(fleet.text).toContain(
      `ppe_net_rtt_ms{workstation="${identity.agentId}",site="0042",room="7777",role="hq"} 21`,
    );
  });

  it('runs maintenance on request and shows what it did', async () => {
    const collector = await testCollector();
    expect(
      (await api(collector, '/api/v1/jobs/maintenance', { method: 'POST' })).body,
    ).toMatchObject({ outcome: 'done' });
    expect((await api(collector, '/api/v1/jobs')).body).toMatchObject({
      items: [{ job: 'maintenance', outcome: 'done' }],
    });
  });
});

describe('live socket', () => {
  it('sends hello, one snapshot, deltas that follow, and beats even when nothing happens', async () => {
    const collector = await testCollector();
    const identity = newIdentity();
    await enrol(collector, identity);
    const socket = new WebSocket(
      collector.url.replace('http', 'ws') + LIVE_PATH,
      LIVE_SUBPROTOCOL,
      {
        headers: { authorization: `Bearer ${collector.adminToken}` },
      },
    );
    const frames: ToBoard[] = [];
    socket.on('message', (data: Buffer) =>
      frames.push(JSON.parse(data.toString('utf8')) as ToBoard),
    );
    await once(socket, 'open');
    socket.send('{"type":"hello","protocol":1}');
    await until(() => frames.length >= 2, 'a snapshot');
    expect(frames.slice(0, 2).map((frame) => frame.type)).toEqual(['hello', 'snapshot']);
    const peer = await AgentPeer.join(collector.url, identity);
    for (let seq = 1; seq <= 3; seq += 1) {
      peer.send(peer.heartbeat(seq));
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await until(() => frames.filter((frame) => frame.type === 'beat').length >= 2, 'two beats');
    const numbered = frames.flatMap((frame) =>
      frame.type === 'snapshot' || frame.type === 'delta' ? [frame.seq] : [],
    );
    expect(numbered).toEqual(numbered.map((_, at) => (numbered[0] ?? 0) + at));
    expect(numbered.length).toBeGreaterThanOrEqual(4);
    const delta = frames.findLast((frame) => frame.type === 'delta');
    expect(delta).toMatchObject({
      changes: [[0, expect.any(Number), 0, null, null, 23, null, null, null, null]],
    });
    socket.send('{"type":"resync","haveSeq":0}');
    await until(
      () => frames.filter((frame) => frame.type === 'snapshot').length === 2,
      'another snapshot',
    );
    socket.send('nonsense');
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(4400);
  });
});
