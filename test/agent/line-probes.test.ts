import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Slot } from '@ppe-pulse/protocol';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { HttpExchange } from '../../agent/src/platform/http-exchange.ts';
import { AppProbe } from '../../agent/src/probes/app/app-probe.ts';
import { isZombieStat } from '../../agent/src/probes/app/process-state.ts';
import { runSlot, type SlotContext } from '../../agent/src/probes/download/run-slot.ts';
import { LinkProbe } from '../../agent/src/probes/link/link-probe.ts';
import { CollectorAddress } from '../../agent/src/probes/loss/collector-address.ts';
import { LossProbe } from '../../agent/src/probes/loss/loss-probe.ts';
import { NicProbe } from '../../agent/src/probes/nic/nic-probe.ts';
import { measureHandshake } from '../../agent/src/probes/portal/handshake.ts';
import { askUps } from '../../agent/src/probes/power/nut-client.ts';
import { Readings } from '../../agent/src/probes/readings.ts';
import { plainTls } from '../support/plain-tls.ts';

const clock = systemClock();
const never = new AbortController().signal;

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('a slot', () => {
  const slot: Slot = {
    type: 'slot',
    slotId: '0123456789abcdef',
    kind: 'download',
    token: 't',
    maxBytes: 1_000_000,
    maxMs: 2_000,
    expiresInMs: 10_000,
  };
  const exchange = { sentMs: 0, receivedMs: 1, collectorReceivedMs: 0, collectorSentMs: 0 };

  function context(baseUrl: string) {
    let looks = 0;
    const nic = new NicProbe(() => {
      looks += 1;
      return Promise.reject(new Error('the probe child was not there'));
    }, clock);
    const link = new LinkProbe(() => Promise.resolve(exchange), clock);
    const parts: SlotContext = {
      baseUrl,
      tls: plainTls,
      clock,
      mode: 'prep',
      isLineClosed: undefined,
      maxBytes: undefined,
      nic,
      link,
      readings: new Readings(),
    };
    return { parts, link, looks: () => looks };
  }

  it('is used to its end though the look at other traffic fails', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', note);
    onTestFinished(() => void process.off('unhandledRejection', note));
    const server = createHttpServer((_, response) => {
      response.writeHead(200).write('x'.repeat(10_000));
      setTimeout(() => response.end('x'.repeat(10_000)), 1_200);
    });
    const { parts, looks } = context(`http://127.0.0.1:${await portOf(server)}`);
    expect(await runSlot(slot, parts)).toMatchObject({ type: 'slotResult', slotId: slot.slotId });
    expect(looks()).toBeGreaterThan(0);
    expect(unhandled).toEqual([]);
  });

  it('takes no more than the plan lets it, and nothing in the plan’s closed hours', async () => {
    const asked: string[] = [];
    const server = createHttpServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(200).end('x'.repeat(50_000));
    });
    const { parts } = context(`http://127.0.0.1:${await portOf(server)}`);
    expect(await runSlot(slot, { ...parts, isLineClosed: true })).toMatchObject({
      outcome: 'refused',
      reason: 'closedHours',
    });
    expect(asked).toEqual([]);
    const sizes: number[] = [];
    const upload = createHttpServer((request, response) => {
      sizes.push(Number(request.headers['content-length']));
      request.resume().on('end', () => response.writeHead(204).end());
    });
    const { parts: there } = context(`http://127.0.0.1:${await portOf(upload)}`);
    await runSlot({ ...slot, kind: 'upload' }, { ...there, maxBytes: 20_000 });
    await runSlot({ ...slot, kind: 'upload' }, { ...there, maxBytes: 2 * slot.maxBytes });
    expect(sizes).toEqual([20_000, slot.maxBytes]);
  });

  it('that breaks gives the link back and stops looking', async () => {
    const { parts, link, looks } = context('no address');
    await expect(runSlot(slot, parts)).rejects.toThrow('Invalid URL');
    expect(await link.measure(never)).toMatchObject({ metrics: { 'net.rtt.ms': 1 } });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(looks()).toBe(0);
  });
});

describe('the link', () => {
  it('knows no clock any more once it is told to forget', async () => {
    const exchange = { sentMs: 0, receivedMs: 1, collectorReceivedMs: 0, collectorSentMs: 0 };
    const link = new LinkProbe(() => Promise.resolve(exchange), clock);
    await link.measure(never);
    expect(link.hasClock).toBe(true);
    link.clear();
    expect(link.hasClock).toBe(false);
  });
});

describe('loss', () => {
  it('does not count the time of the resolver', async () => {
    const port = await portOf(createServer((socket) => socket.on('error', () => undefined)));
    const slow = async (): Promise<readonly string[]> => {
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      return ['127.0.0.1'];
    };
    const probe = new LossProbe({ host: 'collector.test', port }, clock, slow);
    expect(await probe.measure(never)).toEqual({
      kind: 'measured',
      metrics: { 'net.loss.ratio': 0 },
    });
  });

  it('is not known while the resolver is silent, which is asked once', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let asked = 0;
    const silent = (): Promise<never> => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const probe = new LossProbe({ host: 'collector.test', port: 1 }, clock, silent);
    for (let at = 0; at < 3; at += 1) {
      const outcome = probe.measure(never);
      await vi.advanceTimersByTimeAsync(3_000);
      expect(await outcome).toEqual({ kind: 'failed', reason: 'dnsFailed' });
    }
    expect(asked).toBe(1);
  });

  it('goes on with a known address while the resolver fails, and to the next that answers', async () => {
    let nowMs = 0;
    const answers: (readonly string[])[] = [['::1', '127.0.0.1'], [], ['::1', '127.0.0.1']];
    const address = new CollectorAddress(
      'collector.test',
      { wallMs: () => nowMs, monotonicMs: () => nowMs },
      async () => answers.shift() ?? [],
    );
    expect(await address.current()).toBe('::1');
    address.failed();
    expect(await address.current()).toBe('127.0.0.1');
    nowMs += 700_000;
    await address.current();
    expect(await address.current()).toBe('127.0.0.1');
    expect(answers).toEqual([]);
  });
});

describe('localhost', () => {
  it('is this PC though the resolver is silent', async () => {
    const nut = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('ERR UNKNOWN-UPS\n'));
    });
    const http = createHttpServer((request, response) => response.end(request.headers.host));
    // To listen on an address is a look-up too.
    const [port, nutPort] = [await portOf(http), await portOf(nut)];
    const { lookup } = dns;
    Object.assign(dns, { lookup: () => undefined });
    syncBuiltinESMExports();
    onTestFinished(() => {
      Object.assign(dns, { lookup });
      syncBuiltinESMExports();
    });
    const exchange = new HttpExchange();
    onTestFinished(() => exchange.close());
    const url = new URL(`http://localhost:${port}/`);
    const answer = await exchange.ask({ url, method: 'GET', deadlineMs: 1_000, maxBytes: 1_000 });
    expect(answer).toMatchObject({ status: 200, body: Buffer.from(`localhost:${port}`) });
    const target = { host: 'localhost', port, security: 'plain' } as const;
    expect((await measureHandshake(target, clock, never)).kind).toBe('measured');
    const loss = new LossProbe({ host: 'localhost', port }, clock);
    expect((await loss.measure(never)).kind).toBe('measured');
    expect(await askUps({ host: 'localhost', port: nutPort, ups: 'u' }, never)).toEqual({
      kind: 'failed',
      reason: expect.not.stringMatching('noAnswer') as string,
    });
  });
});

describe('the exam program', () => {
  it('that has ended is not alive because nobody took note of it', () => {
    expect(isZombieStat('12 (a) S (b) Z 1 12')).toBe(true);
    expect(isZombieStat('12 (Z Z ) S 1 12')).toBe(false);
    expect(isZombieStat('')).toBe(false);
  });

  // Other systems have no zombies to find.
  it.skipIf(process.platform !== 'linux')('is not running as a zombie', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 20'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const probe = new AppProbe({ pid: Number(line) }, () => Promise.resolve({}));
    await vi.waitFor(
      async () =>
        expect(await probe.measure()).toMatchObject({ metrics: { 'app.running.count': 0 } }),
      { timeout: 5_000 },
    );
  });
});
