import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { LIVE_PATH, LIVE_SUBPROTOCOL } from '@ppe-pulse/protocol';
import { tlsCollector, type TlsCollector } from '../support/tls-collector.ts';

/** GETs as a browser does, without the scripts' token. */
async function get(world: TlsCollector, path: string, cookie = '') {
  const asked = request(new URL(path, world.collector.url), {
    ca: world.caPem,
    headers: { cookie },
  });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return { status: response.statusCode, headers: response.headers };
}

describe('people over TLS', () => {
  it('have a cookie that no neighbour can plant, and a browser that stays with TLS', async () => {
    const world = await tlsCollector();
    const opened = await get(world, world.collector.signInPath());
    expect(opened.status).toBe(303);
    const [given = ''] = opened.headers['set-cookie'] ?? [];
    expect(given).toMatch(/^__Host-ppe_pulse_session=[A-Za-z0-9_-]{43}; /);
    for (const word of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict'])
      expect(given).toContain(word);
    expect(given).not.toContain('Domain');
    for (const path of ['/healthz', '/nowhere', '/api/v1/%2f'])
      expect((await get(world, path)).headers['strict-transport-security']).toMatch(
        /max-age=\d{8}/,
      );
    const cookie = given.split(';')[0] ?? '';
    expect((await get(world, '/api/v1/session', cookie)).status).toBe(200);
    // The name of plain HTTP, which a neighbour may set, opens nothing here.
    const planted = cookie.replace('__Host-', '');
    expect((await get(world, '/api/v1/session', planted)).status).toBe(401);
    const socket = new WebSocket(
      world.collector.url.replace(/^http/, 'ws') + LIVE_PATH,
      LIVE_SUBPROTOCOL,
      { ca: world.caPem, headers: { cookie, origin: world.collector.url } },
    );
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
  });
});
