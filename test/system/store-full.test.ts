import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { until } from '../support/processes.ts';

/** InfluxDB as the writer sees it: it answers pings, and takes points only when a test says so. */
async function fakeInflux(): Promise<{ url: string; heal: () => void; lines: () => number }> {
  let isHealthy = false;
  let lines = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      const headers = { 'x-influxdb-version': '1.6.7', 'content-type': 'application/json' };
      if (request.url?.startsWith('/write') !== true)
        response.writeHead(isHealthy ? 200 : 503, headers).end('{"results":[{}]}');
      else if (!isHealthy) response.writeHead(503, headers).end();
      else {
        lines += body.split('\n').filter((line) => line.startsWith('heartbeat')).length;
        response.writeHead(204, headers).end();
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heal: () => (isHealthy = true),
    lines: () => lines,
  };
}

describe('a collector whose store is full', () => {
  it(
    'stops acking, tells agents to wait, and takes everything once there is room again',
    { timeout: 90_000 },
    async () => {
      const influx = await fakeInflux();
      const collector = await testCollector(
        {},
        {
          PPE_PULSE_SERIES_STORE: 'influx',
          PPE_PULSE_SERIES_INFLUX_URL: influx.url,
          PPE_PULSE_SERIES_INFLUX_BUFFER_BYTES: '1000000',
          PPE_PULSE_AGENTS_BACKLOG_PER_SECOND: '10000',
        },
      );
      const identity = newIdentity();
      await enrol(collector, identity);
      const peer = await AgentPeer.join(collector.url, identity);
      let sent = 0;
      const isToldToWait = (): boolean =>
        peer.received.some((each) => each.type === 'error' && each.code === 'storeFull');
      while (!isToldToWait()) {
        if (sent > 150_000) throw new Error('the collector took everything');
        for (let at = 0; at < 1_000; at += 1) {
          sent += 1;
          peer.send(peer.heartbeat(sent, { verdicts: [] }));
        }
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      expect(peer.received.find((each) => each.type === 'error')).toMatchObject({
        retryAfterMs: expect.any(Number),
      });
      const acked = peer.acked.size;
      expect(acked).toBeLessThan(sent);
      const readiness = await fetch(`${collector.url}/readyz`);
      expect([readiness.status, await readiness.text()]).toEqual([
        503,
        expect.stringContaining('influxUnreachable'),
      ]);
      expect((await api(collector, '/api/v1/overview')).body).toMatchObject({
        warnings: expect.arrayContaining(['bufferNearlyFull']),
      });

      influx.heal();
      await until(
        async () => (await fetch(`${collector.url}/readyz`)).status === 200,
        'the collector is ready again',
        40_000,
      );
      // The journal of a real agent would do this by itself.
      let resentAtMs = 0;
      const resend = (): void => {
        if (performance.now() - resentAtMs < 500) return;
        resentAtMs = performance.now();
        let count = 0;
        for (let seq = 1; seq <= sent && count < 2_000; seq += 1) {
          if (peer.acked.has(seq)) continue;
          count += 1;
          peer.send(peer.heartbeat(seq, { delivery: 'backlog', verdicts: [] }));
        }
      };
      await until(
        () => {
          if (peer.acked.size < sent) resend();
          return peer.acked.size === sent;
        },
        'everything is acked',
        60_000,
      );
      await until(() => influx.lines() === sent, 'every heartbeat is posted once', 30_000);
    },
  );
});
