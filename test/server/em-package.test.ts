import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PackageBytes } from '@ppe-pulse/protocol';
import { openKeyStream } from '../../server/src/em/key-stream.ts';
import { PackageHashes } from '../../server/src/em/package-hash.ts';
import { PackageServer, type PackageServerOptions } from '../../server/src/em/package-server.ts';
import { RateLimit } from '../../server/src/em/rate.ts';
import { EmTokens } from '../../server/src/em/tokens.ts';
import { until } from '../support/processes.ts';

const bytesOf = (seed: number, from: number, length: number): Buffer => {
  const source = new PackageBytes(seed, openKeyStream, from);
  const blocks: Uint8Array[] = [];
  for (let left = length; left > 0; left -= 50_000)
    blocks.push(source.next(Math.min(left, 50_000)));
  return Buffer.concat(blocks);
};

describe('the bytes of a package', () => {
  it('are the same for ever: another version of either side makes them, too', () => {
    const sha256 = createHash('sha256')
      .update(bytesOf(1, 0, 1_000_000))
      .digest('hex');
    // What `openssl enc -aes-128-ctr` makes of zeros with the key `ppe-em-pack1` and 00000001.
    expect(sha256).toBe('4acef68fccf12b26d287987769227319c8673b5848f080f585be47f1273aef88');
  });

  it('are the same from wherever they are begun', () => {
    const whole = bytesOf(7, 0, 200_000);
    for (const from of [0, 1, 15, 16, 17, 4_095, 65_536, 199_999])
      expect([from, bytesOf(7, from, 200_000 - from).equals(whole.subarray(from))]).toEqual([
        from,
        true,
      ]);
    const source = new PackageBytes(7, openKeyStream);
    source.next(100);
    source.seek(33);
    expect(Buffer.from(source.next(50)).equals(whole.subarray(33, 83))).toBe(true);
    expect(source.offset).toBe(83);
  });

  it('are begun behind four gigabytes as well', () => {
    const far = 5_000_000_011;
    const one = bytesOf(7, far, 64);
    expect(
      bytesOf(7, far - 5, 69)
        .subarray(5)
        .equals(one),
    ).toBe(true);
    expect(one.equals(bytesOf(7, far - 2 ** 32, 64))).toBe(false);
  });

  it('are others for another seed', () => {
    expect(bytesOf(1, 0, 64).equals(bytesOf(2, 0, 64))).toBe(false);
  });

  it('have a hash that is counted once and leaves the event loop free', async () => {
    const hashes = new PackageHashes();
    const { signal } = new AbortController();
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    const first = hashes.of(1, 30_000_000, signal);
    expect(hashes.of(1, 30_000_000, signal)).toBe(first);
    expect(await hashes.of(1, 1_000_000, signal)).toBe(
      createHash('sha256')
        .update(bytesOf(1, 0, 1_000_000))
        .digest('hex'),
    );
    await first;
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(2);
    const stop = new AbortController();
    const cut = hashes.of(2, 10_000_000_000, stop.signal);
    stop.abort();
    await expect(cut).rejects.toThrow('aborted');
  });
});

describe('the ceiling of a rate', () => {
  it('books bytes so that their mean is the rate, and shares it in turns', () => {
    const limit = new RateLimit(1_000_000);
    let nowMs = 0;
    let sum = 0;
    while (nowMs < 10_000) {
      nowMs += limit.book(50_000, nowMs);
      sum += 50_000;
    }
    expect(sum / 10).toBeGreaterThan(990_000);
    expect(sum / 10).toBeLessThan(1_020_000);
    const shared = new RateLimit(1_000);
    expect([300, 100, 100].map((bytes) => shared.book(bytes, 0))).toEqual([0, 300, 400]);
  });

  it('makes up for little and gives no burst for a silence, and none at all waits without one', () => {
    const limit = new RateLimit(1_000);
    limit.book(100, 0);
    const waits = [300, 100, 100].map((bytes) => limit.book(bytes, 60_000));
    expect(waits).toEqual([0, 100, 200]);
    expect(new RateLimit(0).book(1e12, 0)).toBe(0);
  });
});

describe('tokens of a download', () => {
  const key = { sign: (text: string) => `signed ${text}` };

  it('are a site’s own, and the same after a restart', () => {
    const tokens = new EmTokens(key, '00'.repeat(8), ['0042', '0043']);
    const again = new EmTokens(key, '00'.repeat(8), ['0042', '0043']);
    const other = new EmTokens(key, '01'.repeat(8), ['0042', '0043']);
    expect(tokens.of('0042')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(again.of('0042')).toBe(tokens.of('0042'));
    expect(tokens.siteOf(`Em ${tokens.of('0043')}`)).toBe('0043');
    expect(other.siteOf(`Em ${tokens.of('0043')}`)).toBeUndefined();
    for (const wrong of [
      undefined,
      '',
      'Em',
      `Bearer ${tokens.of('0042')}`,
      `Em ${'a'.repeat(43)}`,
    ])
      expect([wrong, tokens.siteOf(wrong)]).toEqual([wrong, undefined]);
  });
});

/** The real server behind a port; the path names the receiver. */
async function served(
  options: Partial<PackageServerOptions> = {},
  { maxBytesPerSecond = 0, bytes = 2_000_000 } = {},
) {
  let sent = 0;
  const packages = new PackageServer({
    maxBytesPerSecond: 0,
    concurrent: 4,
    monotonicMs: () => performance.now(),
    ...options,
  });
  const server = createServer((request, response) => {
    const offer = { seed: 7, bytes, maxBytesPerSecond, sent: (n: number) => void (sent += n) };
    packages.serve(request.url ?? '', offer, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    packages.close();
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { packages, sent: () => sent, url: `http://127.0.0.1:${port}` };
}

/** A response whose body nobody reads yet. */
async function ask(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const request = get(url, { agent: false, headers });
  request.on('error', () => undefined);
  onTestFinished(() => void request.destroy());
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  return response;
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('the server of packages', () => {
  it('gives the whole, a part, and the part after the end', async () => {
    const { url } = await served();
    const whole = await ask(`${url}/a`);
    expect(whole.statusCode).toBe(200);
    expect((await bodyOf(whole)).equals(bytesOf(7, 0, 2_000_000))).toBe(true);
    const part = await ask(`${url}/a`, { range: 'bytes=1999990-', 'if-range': '"em1-7-2000000"' });
    expect([part.statusCode, part.headers['content-range']]).toEqual([
      206,
      'bytes 1999990-1999999/2000000',
    ]);
    expect((await bodyOf(part)).equals(bytesOf(7, 1_999_990, 10))).toBe(true);
    const past = await ask(`${url}/a`, { range: 'bytes=2000000-' });
    expect([past.statusCode, (await bodyOf(past)).length]).toEqual([416, 0]);
  });

  it('makes nothing for a head alone', async () => {
    const { url, sent } = await served();
    const response = await fetch(`${url}/a`, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe('2000000');
    expect(sent()).toBe(0);
  });

  it('makes no byte before the receiver takes the ones before it', async () => {
    const { url, sent, packages } = await served({}, { bytes: 1_000_000_000 });
    const response = await ask(`${url}/a`);
    response.pause();
    // Buffers of both sockets take a part; the rest waits until they are read.
    let before = -1;
    await until(() => {
      const isStuck = sent() === before;
      before = sent();
      return isStuck;
    }, 'the server waits');
    expect(before).toBeLessThan(50_000_000);
    expect(packages.open).toBe(1);
    response.destroy();
    await until(() => packages.open === 0, 'the server has let go');
  });

  it('lets a newer connection of one receiver take the place of its older one', async () => {
    const { url, packages } = await served({}, { maxBytesPerSecond: 100_000 });
    const older = await ask(`${url}/a`);
    const cut = new Promise((resolve) => older.on('close', resolve));
    older.resume();
    const newer = await ask(`${url}/a`, { range: 'bytes=100-109' });
    await cut;
    expect(older.complete).toBe(false);
    expect((await bodyOf(newer)).equals(bytesOf(7, 100, 10))).toBe(true);
    await until(() => packages.open === 0, 'none is open');
  });

  it('serves only so many at once and asks the rest to come again', async () => {
    const { url, packages } = await served({ concurrent: 1 }, { maxBytesPerSecond: 100_000 });
    const first = await ask(`${url}/a`);
    const second = await ask(`${url}/b`);
    expect([second.statusCode, second.headers['retry-after']]).toEqual([503, '5']);
    first.destroy();
    await until(() => packages.open === 0, 'the first is gone');
    expect((await ask(`${url}/b`)).statusCode).toBe(200);
  });

  it('keeps under the ceiling of all together', async () => {
    const { url } = await served({ maxBytesPerSecond: 4_000_000 });
    const startMs = performance.now();
    const bodies = await Promise.all(
      ['a', 'b'].map(async (name) => bodyOf(await ask(`${url}/${name}`))),
    );
    expect(bodies.map((body) => body.length)).toEqual([2_000_000, 2_000_000]);
    const tookMs = performance.now() - startMs;
    expect(tookMs).toBeGreaterThan(650);
    expect(tookMs).toBeLessThan(2_500);
  });
});
