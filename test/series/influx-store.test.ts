import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../server/src/log.ts';
import { InfluxStore } from '../../server/src/series/influx/influx-store.ts';
import { createInfluxd, hasInfluxd, type Influxd } from '../support/influxd.ts';
import { REHEARSAL_MS, row, workstationId } from '../support/rows.ts';
import { tempDir } from '../support/temp-dir.ts';

function make(url: string, directory: string, bufferBytes = 10_000_000): InfluxStore {
  const store = new InfluxStore(
    {
      url,
      database: 'test',
      username: '',
      password: '',
      directory,
      bufferBytes,
      rawDays: 3_650,
      minuteDays: 3_650,
      wallMs: () => REHEARSAL_MS,
    },
    createLog('silent'),
  );
  onTestFinished(() => store.close().catch(() => undefined));
  return store;
}

async function influxd(): Promise<Influxd> {
  const server = await createInfluxd(join(tempDir(), 'influxd'));
  onTestFinished(() => server.kill());
  return server;
}

/** A server that answers pings like InfluxDB and writes as a test wants. */
async function fakeServer(
  answer: (url: string) => { status: number; headers?: Record<string, string>; body?: string },
): Promise<string> {
  const server: Server = createServer((request, response) => {
    const { status, headers = {}, body = '' } = answer(request.url ?? '');
    request.resume();
    request.on('end', () => response.writeHead(status, headers).end(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 45_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not in 45 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function count(store: InfluxStore): Promise<number> {
  const { points } = await store.series({
    metric: 'net.rtt.ms',
    workstationIds: [workstationId(1)],
    fromMs: REHEARSAL_MS - 60_000,
    toMs: REHEARSAL_MS + 3_600_000,
    points: 1,
  });
  return points.reduce((sum, point) => sum + point.count, 0);
}

const someRows = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) =>
    row({ seq: from + at, atMs: REHEARSAL_MS + (from + at) * 5_000 }),
  );

describe.skipIf(!hasInfluxd())('InfluxDB series store with the real server', () => {
  it('takes heartbeats while the server is down and posts them when it comes', async () => {
    const server = await influxd();
    const store = make(server.url, tempDir());
    await store.open();
    expect(await store.append(someRows(1, 100))).toEqual({ kind: 'durable' });
    await until(() => store.status().warnings.includes('influxUnreachable'), 'a warning');
    expect(store.status().ready).toBe(true);
    await server.start();
    await until(() => store.status().bufferedRows === 0, 'the buffer is drained');
    expect(await count(store)).toBe(100);
    expect(store.status().warnings).toEqual([]);
  });

  it('loses nothing and counts nothing twice when the server is killed in the middle', async () => {
    const server = await influxd();
    await server.start();
    const directory = tempDir();
    const store = make(server.url, directory);
    await store.open();
    for (let batch = 0; batch < 20; batch += 1) {
      expect(await store.append(someRows(batch * 20 + 1, batch * 20 + 20))).toEqual({
        kind: 'durable',
      });
      if (batch === 8) await server.kill();
      if (batch === 14) await server.start();
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await until(() => store.status().bufferedRows === 0, 'the buffer is drained');
    expect(await count(store)).toBe(400);
    await store.close();
    const again = make(server.url, directory);
    await again.open();
    expect(await again.delivered()).toEqual([
      { workstationId: workstationId(1), bootId: row().bootId, from: 1, to: 400 },
    ]);
  });
});

describe('InfluxDB series store with other servers', () => {
  it('goes on after a server that died in the middle of an answer', async () => {
    let isBroken = true;
    let writes = 0;
    const server = createServer((request, response) => {
      request.resume();
      request.on('end', () => {
        response.setHeader('x-influxdb-version', '1.6.7');
        if (!request.url?.startsWith('/write')) return response.end('{"results":[{}]}');
        writes += 1;
        if (!isBroken) return response.writeHead(204).end();
        isBroken = false;
        // The head is out, and half of the body: then the power goes.
        response.writeHead(200, { 'content-length': '100' });
        return response.write('{', () => response.socket?.destroy());
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const store = make(`http://127.0.0.1:${port}`, tempDir());
    await store.open();
    expect(await store.append(someRows(1, 20))).toEqual({ kind: 'durable' });
    await until(() => store.status().bufferedRows === 0, 'the buffer is drained');
    expect(writes).toBeGreaterThan(1);
  });

  it('goes on after the system did not let it write its ledger', async () => {
    let writes = 0;
    const url = await fakeServer((path) => {
      if (path.startsWith('/write')) writes += 1;
      const status = path.startsWith('/write') ? 204 : 200;
      return { status, headers: { 'x-influxdb-version': '1.6.7' }, body: '{"results":[{}]}' };
    });
    const directory = tempDir();
    const store = make(url, directory);
    const inTheWay = join(directory, 'delivered.json.new');
    mkdirSync(inTheWay);
    await store.open();
    expect(await store.append(someRows(1, 20))).toEqual({ kind: 'durable' });
    await until(() => writes > 0, 'they are posted');
    rmdirSync(inTheWay);
    await until(() => store.status().bufferedRows === 0, 'the buffer is drained');
  });

  it('says full when the buffer is, and keeps what it had', async () => {
    const url = await fakeServer(() => ({
      status: 503,
      headers: { 'x-influxdb-version': '1.6.7' },
    }));
    const directory = tempDir();
    const store = make(url, directory, 100_000);
    await store.open();
    let appended = 0;
    for (;;) {
      const outcome = await store.append(someRows(appended + 1, appended + 50));
      if (outcome.kind === 'full') {
        expect(outcome.retryAfterMs).toBeGreaterThan(0);
        break;
      }
      appended += 50;
    }
    await until(() => store.status().warnings.includes('influxUnreachable'), 'a warning');
    expect(store.status()).toMatchObject({ ready: false, bufferedRows: appended });
    expect(store.status().warnings).toEqual(
      expect.arrayContaining(['influxUnreachable', 'bufferNearlyFull']),
    );
    await store.close();
    const again = make(url, directory, 100_000);
    await again.open();
    expect(again.status().bufferedRows).toBe(appended);
  });

  it('takes heartbeats as fast as ever while the server does not answer', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/ping') response.writeHead(204, { 'x-influxdb-version': '1.6.7' }).end();
      // Everything else is never answered.
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const store = make(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, tempDir());
    await store.open();
    for (let batch = 0; batch < 20; batch += 1) {
      expect(await store.append(someRows(batch * 10 + 1, batch * 10 + 10))).toEqual({
        kind: 'durable',
      });
    }
    expect(store.status()).toMatchObject({ ready: true, bufferedRows: 200 });
    server.closeAllConnections();
  });

  it('reads a buffer with a torn tail up to the tear', async () => {
    const url = await fakeServer(() => ({
      status: 503,
      headers: { 'x-influxdb-version': '1.6.7' },
    }));
    const directory = tempDir();
    const store = make(url, directory);
    await store.open();
    await store.append(someRows(1, 10));
    await store.close();
    const [segment = ''] = readdirSync(join(directory, 'buffer'));
    appendFileSync(join(directory, 'buffer', segment), Buffer.from([40, 0, 0, 0, 1, 2, 3]));
    const again = make(url, directory);
    await again.open();
    expect(again.status().bufferedRows).toBe(10);
    expect(await again.append(someRows(11, 12))).toEqual({ kind: 'durable' });
    expect(again.status().bufferedRows).toBe(12);
  });

  it('puts points aside that the server will never take, and goes on', async () => {
    const url = await fakeServer((path) =>
      path.startsWith('/write')
        ? {
            status: 400,
            headers: { 'content-type': 'application/json' },
            body: '{"error":"field type conflict"}',
          }
        : {
            status: 200,
            headers: { 'x-influxdb-version': '1.6.7', 'content-type': 'application/json' },
            body: '{"results":[{}]}',
          },
    );
    const directory = tempDir();
    const store = make(url, directory);
    await store.open();
    await store.append(someRows(1, 3));
    await until(() => store.status().bufferedRows === 0, 'the buffer is drained');
    expect(store.status().warnings).toEqual(['poisonedPoints']);
    expect(readFileSync(join(directory, 'refused.jsonl'), 'utf8')).toContain('field type conflict');
  });

  it.each([
    ['a foreign server', { status: 200 }, /another program answers/],
    [
      'InfluxDB 2',
      { status: 204, headers: { 'x-influxdb-version': 'v2.7.1' } },
      /v2\.7\.1 is not supported/,
    ],
  ])('refuses %s at the start', async (_, answer, message) => {
    const url = await fakeServer(() => answer);
    await expect(make(url, tempDir()).open()).rejects.toThrow(message);
  });
});
