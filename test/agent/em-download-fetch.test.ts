import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PackageBytes } from '@ppe-pulse/protocol';
import { PackageFetch, type PackageOrder } from '../../agent/src/em/fetch-package.ts';
import { openKeyStream } from '../../agent/src/em/key-stream.ts';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { PackageServer, type PackageOffer } from '../../server/src/em/package-server.ts';
import { cutLine } from '../support/cut-line.ts';
import { until } from '../support/processes.ts';
import { plainTls } from '../support/plain-tls.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const BYTES = 3_000_017;
const SEED = 7;

async function serve(answer: Answer) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests };
}

/** The real server of packages. */
async function packages(part: Partial<PackageOffer> = {}) {
  let sent = 0;
  const offer = {
    seed: SEED,
    bytes: BYTES,
    maxBytesPerSecond: 0,
    sent: (bytes: number) => void (sent += bytes),
    ...part,
  };
  const server = new PackageServer({
    maxBytesPerSecond: 0,
    concurrent: 10,
    monotonicMs: () => performance.now(),
  });
  onTestFinished(() => server.close());
  const { url, requests } = await serve((request, response) =>
    server.serve('0042', offer, request, response),
  );
  return { url, requests, sent: () => sent };
}

function fetching(url: string, part: Partial<PackageOrder> = {}) {
  return new PackageFetch(
    {
      url: new URL('/agent/v1/em-package', url),
      tls: plainTls,
      authorization: 'Em secret',
      bytes: BYTES,
      seed: SEED,
      maxBytesPerSecond: 0,
      resume: undefined,
      ...part,
    },
    { clock: systemClock(), random: () => 0 },
  );
}

const never = (): AbortSignal => new AbortController().signal;
/** Bytes of the package, as a lying server would alter them. */
const bytesFrom = (from: number, length: number): Buffer =>
  Buffer.from(new PackageBytes(SEED, openKeyStream, from).next(length));

describe('the fetch of a seeded package', () => {
  it('is done when every byte is there, and asks once', async () => {
    const { url, requests, sent } = await packages();
    const fetch = fetching(url);
    expect(await fetch.run(never())).toEqual({ kind: 'done' });
    expect([fetch.receivedBytes, fetch.retries, sent()]).toEqual([BYTES, 0, BYTES]);
    expect(fetch.tookMs).toBeGreaterThan(0);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers).toMatchObject({ authorization: 'Em secret' });
    expect(requests[0]?.url).toBe('/agent/v1/em-package');
  });

  it('goes on over a cut line, and over the death of its process', async () => {
    const { url, requests, sent } = await packages({ maxBytesPerSecond: 2_000_000 });
    const line = await cutLine(url);
    const first = fetching(line.url);
    const stop = new AbortController();
    const running = first.run(stop.signal);
    await until(() => first.receivedBytes > 500_000, 'half a megabyte');
    line.cut();
    await until(() => first.retries > 0, 'the cut is seen');
    line.join();
    const before = first.receivedBytes;
    await until(() => first.receivedBytes > before, 'more bytes');
    stop.abort(new Error('killed'));
    await expect(running).rejects.toThrow('killed');
    const { receivedBytes, tookMs, retries } = first;

    const second = fetching(line.url, { resume: { receivedBytes, tookMs, retries } });
    expect(await second.run(never())).toEqual({ kind: 'done' });
    expect(second.fetchedBytes).toBe(BYTES - receivedBytes);
    expect(second.tookMs).toBeGreaterThan(tookMs);
    expect(requests.at(-1)?.headers.range).toBe(`bytes=${receivedBytes}-`);
    // What was on its way when the line was cut is all that came twice.
    expect(sent()).toBeGreaterThanOrEqual(BYTES);
    expect(sent()).toBeLessThan(BYTES * 2);
  });

  it('fails on bytes that are not the package’s: one wrong bit, too many, too few', async () => {
    const wrong = bytesFrom(0, 1_000);
    wrong.writeUInt8(wrong.readUInt8(900) ^ 1, 900);
    const lies: Answer[] = [
      (_, response) => response.end(wrong),
      (_, response) => response.end(bytesFrom(1, 1_000)),
      (_, response) => {
        response.writeHead(200, { 'content-length': 1_001 });
        response.end(bytesFrom(0, 1_001));
      },
      // No length to see it by: it goes on after the end.
      (_, response) => response.write(bytesFrom(0, 2_000)),
      (_, response) => {
        response.writeHead(200, { 'content-length': 999 });
        response.end(bytesFrom(0, 999));
      },
    ];
    for (const lie of lies) {
      const { url } = await serve(lie);
      const fetch = fetching(url, { bytes: 1_000 });
      expect(await fetch.run(never())).toEqual({ kind: 'failed', reason: 'badPackage' });
      expect(fetch.receivedBytes).toBeLessThanOrEqual(1_000);
    }
  });

  it('fails when the server says that nothing is missing, or has only parts of no use', async () => {
    const resume = { receivedBytes: 500, tookMs: 1, retries: 0 };
    const short = await serve((_, response) => {
      response.writeHead(416, { 'content-range': 'bytes */500' }).end();
    });
    expect(await fetching(short.url, { bytes: 1_000, resume }).run(never())).toEqual({
      kind: 'failed',
      reason: 'badPackage',
    });
    const elsewhere = await serve((_, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-99/1000' }).end(bytesFrom(0, 100));
    });
    expect(await fetching(elsewhere.url, { bytes: 1_000, resume }).run(never())).toEqual({
      kind: 'failed',
      reason: 'badAnswer',
    });
    expect(elsewhere.requests).toHaveLength(3);
  });

  it('gives up at once where asking again would bring the same', async () => {
    for (const [code, reason] of [
      [401, 'unauthorised'],
      [404, 'notFound'],
      [302, 'badAnswer'],
    ] as const) {
      const { url, requests } = await serve((_, response) => {
        response.writeHead(code, { location: 'http://127.0.0.1:9/elsewhere' }).end();
      });
      expect(await fetching(url).run(never())).toEqual({ kind: 'failed', reason });
      expect(requests).toHaveLength(1);
    }
  });

  it('takes the whole from a mirror that gives no parts', async () => {
    const { url } = await serve((_, response) => response.end(bytesFrom(0, 1_000)));
    const fetch = fetching(url, {
      bytes: 1_000,
      resume: { receivedBytes: 400, tookMs: 1, retries: 2 },
    });
    expect(await fetch.run(never())).toEqual({ kind: 'done' });
    expect([fetch.fetchedBytes, fetch.retries]).toEqual([1_000, 2]);
  });

  it('keeps under a ceiling of its own where the server has none', async () => {
    const { url } = await packages();
    const fetch = fetching(url, { maxBytesPerSecond: 6_000_000 });
    const startMs = performance.now();
    expect(await fetch.run(never())).toEqual({ kind: 'done' });
    expect(performance.now() - startMs).toBeGreaterThan(400);
  });

  it('is the same package for any client', async () => {
    const { url } = await packages();
    const hash = createHash('sha256');
    const source = new PackageBytes(SEED, openKeyStream);
    while (source.offset < BYTES) hash.update(source.next(Math.min(65_536, BYTES - source.offset)));
    const whole = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(createHash('sha256').update(whole).digest('hex')).toBe(hash.digest('hex'));
  });
});
