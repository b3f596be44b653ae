import { describe, expect, it } from 'vitest';
import type { ThroughputOutcome } from '../../agent/src/probes/download/arrival-meter.ts';
import type {
  EmDownloadEvent,
  EmDownloadOutcome,
} from '../../agent/src/probes/em-download/em-download.ts';
import type { InternetOutcome } from '../../agent/src/probes/internet/iso-internet.ts';
import type { HandshakeOutcome } from '../../agent/src/probes/portal/handshake.ts';
import { hasLine, openLine, type Line, type LineScript } from './line.ts';
import { hasOpenssl, makeCertificates } from './tls-server.ts';

/** The agent's compiled probes at the near end, a collector's services at the far one. */
interface Ports {
  readonly http: number;
  readonly clock: number;
  readonly tls: number;
}

const startServer = async (line: Line, ...args: string[]) => {
  const server = line.run('far', 'line-server.mjs', [line.farAddress, ...args]);
  return { server, ports: (await server.next()) as Ports };
};
const measure = async <T>(line: Line, what: string, input: unknown): Promise<T> =>
  (await line.run('near', 'line-client.mjs', [what, JSON.stringify(input)]).next()) as T;
const show = (share: number): string => `${(share * 100).toFixed(1)} %`;

describe.skipIf(!hasLine())('on a shaped line (root, ip, tc, nft)', { timeout: 60_000 }, () => {
  it.skipIf(!hasOpenssl())('a handshake takes the line’s round trips', async () => {
    const line = await openLine({ delayMs: 20 });
    const { ca, valid } = makeCertificates([line.farAddress]);
    const { ports } = await startServer(line, valid.certificate, valid.key);
    for (const rttMs of [40, 120]) {
      line.delay(rttMs / 2);
      const target = { host: line.farAddress, port: ports.tls, security: 'tls', ca };
      const outcome = await measure<HandshakeOutcome>(line, 'handshake', target);
      if (outcome.kind === 'failed') throw new Error(outcome.reason);
      console.log(`handshake at ${rttMs} ms:`, JSON.stringify(outcome));
      expect(outcome.tcpMs).toBeGreaterThan(rttMs * 0.95);
      expect(outcome.tcpMs).toBeLessThan(rttMs + 25);
      // TLS 1.3 is one round trip and some reckoning.
      expect(outcome.tlsMs).toBeGreaterThan(rttMs * 0.95);
      expect(outcome.tlsMs).toBeLessThan(rttMs * 2 + 60);
    }
  });

  it('a cut, a missing route and a card’s wrong address are told apart', async () => {
    const line = await openLine();
    const { ports } = await startServer(line);
    const plain = { host: line.farAddress, port: ports.http, security: 'plain' };
    const shake = (part: object) =>
      measure<HandshakeOutcome>(line, 'handshake', { ...plain, ...part });
    const knock = (host: string) =>
      measure<InternetOutcome>(line, 'internet', { host, port: ports.http });
    expect((await shake({ localAddress: line.nearAddress })).kind).toBe('measured');
    const unreachable = { kind: 'failed', reason: 'unreachable' };
    expect(await shake({ localAddress: '192.0.2.7' })).toEqual(unreachable);
    expect(await shake({ host: '192.0.2.1' })).toEqual(unreachable);
    expect((await knock(line.farAddress)).kind).toBe('reachable');
    expect(await knock('192.0.2.1')).toEqual({ kind: 'notReachable', because: 'noRoute' });
    line.loss(100);
    const [cut, silent] = await Promise.all([shake({}), knock(line.farAddress)]);
    expect(cut).toEqual({ kind: 'failed', reason: 'noAnswer' });
    expect(silent).toEqual({ kind: 'notReachable', because: 'silence' });
  });

  it('loss reads zero when there is none and is plain to see at 20 %', async () => {
    const line = await openLine();
    const { ports } = await startServer(line);
    const target = { host: line.farAddress, port: ports.http };
    const means = new Map<number, number>();
    for (const percent of [0, 1, 5, 20]) {
      line.loss(percent);
      const input = { target, probes: 10, handshakes: 60 };
      const { ratios } = await measure<{ ratios: number[] }>(line, 'loss', input);
      const mean = ratios.reduce((sum, each) => sum + each, 0) / ratios.length;
      means.set(percent, mean);
      const range = `${show(Math.min(...ratios))}…${show(Math.max(...ratios))}`;
      console.log(`loss ${percent} %: reads ${show(mean)}, ten windows ${range}`);
    }
    expect(means.get(0)).toBe(0);
    expect(means.get(1)).toBeLessThan(0.04);
    expect(means.get(20)).toBeGreaterThan(0.08);
    expect(means.get(20)).toBeLessThan(0.3);
  });

  it('throughput is found within 10 % from 2 to 100 Mbit/s', async () => {
    const line = await openLine({ delayMs: 20 });
    const { ports } = await startServer(line);
    const url = `http://${line.farAddress}:${ports.http}`;
    const errors: number[] = [];
    for (const megabits of [2, 10, 50, 100]) {
      line.rate(megabits);
      const slot = { kind: 'download', token: 'any', maxBytes: 40_000_000, maxMs: 4_000 };
      const found = await measure<ThroughputOutcome>(line, 'throughput', { url, slot });
      if (found.kind === 'failed') throw new Error(found.reason);
      // Of 1500 bytes of a packet 1448 are payload: 20 are IP's, 32 TCP's with its timestamps.
      const wanted = ((megabits * 1e6) / 8) * (1_448 / 1_500);
      const error = found.bytesPerSecond / wanted - 1;
      console.log(`throughput ${megabits} Mbit/s: ${show(error)} off, ${found.bytes} bytes`);
      errors.push(Math.abs(error));
    }
    expect(Math.max(...errors)).toBeLessThan(0.1);
  });
});

const PACKAGE_BYTES = 12_000_000;
const CUTS_AT = [2_000_000, 5_000_000, 8_000_000];

type PackageLine = { readonly atMs: number; readonly event: EmDownloadEvent } | EmDownloadOutcome;

/** Reads a rehearsal to its end; `onEvent` plays with the line meanwhile. */
async function follow(
  client: LineScript,
  onEvent: (event: EmDownloadEvent, atMs: number) => void,
): Promise<EmDownloadOutcome> {
  for (;;) {
    const line = (await client.next()) as PackageLine;
    if (!('event' in line)) return line;
    onEvent(line.event, line.atMs);
  }
}

const orderOf = (line: Line, port: number) => ({
  url: `http://${line.farAddress}:${port}/package`,
  maxBytes: 3 * PACKAGE_BYTES,
  maxMs: 50_000,
  stallMs: 1_000,
});
const putPackage = async (server: LineScript, seed: number): Promise<string> => {
  server.tell({ package: { seed, bytes: PACKAGE_BYTES } });
  return ((await server.next()) as { sha256: string }).sha256;
};

describe.skipIf(!hasLine())('a package (root, ip, tc, nft)', { timeout: 60_000 }, () => {
  it('comes whole over three cuts of the line', async () => {
    const line = await openLine({ delayMs: 20 });
    line.rate(20);
    const { server, ports } = await startServer(line);
    const sha256 = await putPackage(server, 7);
    const input = JSON.stringify(orderOf(line, ports.http));
    const client = line.run('near', 'line-client.mjs', ['package', input]);
    const cutsAt = [...CUTS_AT];
    const resumedAt: number[] = [];
    const outcome = await follow(client, (event) => {
      if (event.kind === 'resumed') resumedAt.push(event.fromByte);
      if (event.kind === 'cut') line.join();
      if (event.kind !== 'progress') return;
      if (event.progress.receivedBytes >= (cutsAt[0] ?? Infinity)) {
        cutsAt.shift();
        line.cut();
      }
    });
    console.log('three cuts:', JSON.stringify(outcome), 'resumed at', resumedAt.join(', '));
    expect(outcome).toMatchObject({
      kind: 'done',
      sha256,
      receivedBytes: PACKAGE_BYTES,
      restarts: 0,
    });
    expect(outcome.cuts).toBeGreaterThanOrEqual(3);
    expect(resumedAt).toHaveLength(3);
  });

  it('that changes midway is fetched anew, and is the new one', async () => {
    const line = await openLine({ delayMs: 20 });
    line.rate(20);
    const { server, ports } = await startServer(line);
    await putPackage(server, 8);
    const input = JSON.stringify(orderOf(line, ports.http));
    const client = line.run('near', 'line-client.mjs', ['package', input]);
    let sha256: Promise<string> | undefined;
    const restarts: EmDownloadEvent[] = [];
    const outcome = await follow(client, (event) => {
      if (event.kind === 'restarted') restarts.push(event);
      if (event.kind === 'cut') void sha256?.then(() => line.join());
      if (event.kind !== 'progress' || event.progress.receivedBytes < 3_000_000) return;
      if (sha256) return;
      line.cut();
      sha256 = putPackage(server, 9);
    });
    expect(outcome).toMatchObject({ kind: 'done', sha256: await sha256, restarts: 1 });
    expect(restarts).toHaveLength(1);
  });

  it('is forecast within a tenth of its time after four seconds', async () => {
    const line = await openLine({ delayMs: 20 });
    line.rate(20);
    const { server, ports } = await startServer(line);
    await putPackage(server, 10);
    const input = JSON.stringify(orderOf(line, ports.http));
    const client = line.run('near', 'line-client.mjs', ['package', input]);
    const forecasts: { readonly atMs: number; readonly event: EmDownloadEvent }[] = [];
    const outcome = await follow(client, (event, atMs) => forecasts.push({ atMs, event }));
    const firstAtMs = forecasts[0]?.atMs ?? Number.NaN;
    // The first event comes a second after the start.
    const endMs = firstAtMs - 1_000 + outcome.tookMs;
    const errors = forecasts.flatMap(({ atMs, event }) => {
      const eta = event.kind === 'progress' ? event.progress.eta : undefined;
      return eta ? [(eta.midMs - (endMs - atMs)) / outcome.tookMs] : [];
    });
    console.log(`forecast by the second, share of the whole: ${errors.map(show).join(', ')}`);
    expect(errors.length).toBeGreaterThanOrEqual(3);
    expect(Math.abs(errors[2] ?? Number.NaN)).toBeLessThan(0.1);
  });
});
