import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../agent/src/platform/clock.ts';
import {
  rehearseEmDownload,
  type EmDownloadEvent,
  type EmDownloadOrder,
} from '../../agent/src/probes/em-download/em-download.ts';
import { hasOpenssl, makeCertificates } from './tls-server.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const body = randomBytes(400_000);
const sha256 = createHash('sha256').update(body).digest('hex');
const HALF = 200_000;

/** A server of loopback that gives the first answer to the first request, and so on; the last stays. */
async function serve(...answers: Answer[]) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    answer?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/package`, requests };
}

async function rehearse(order: Partial<EmDownloadOrder> & { url: string }, aborts?: AbortSignal) {
  const events: EmDownloadEvent[] = [];
  const outcome = await rehearseEmDownload(
    { maxBytes: 1e9, maxMs: 15_000, stallMs: 5_000, ...order },
    {
      clock: systemClock(),
      random: () => 0,
      onEvent: (event) => events.push(event),
      signal: aborts ?? new AbortController().signal,
    },
  );
  return { outcome, events };
}

const whole =
  (etag: string | undefined): Answer =>
  (_, response) => {
    if (etag !== undefined) response.setHeader('etag', etag);
    response.writeHead(200, { 'content-length': body.length }).end(body);
  };
/** Sends the first half and resets the connection. */
const half =
  (etag: string | undefined): Answer =>
  (_, response) => {
    if (etag !== undefined) response.setHeader('etag', etag);
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, HALF), () => setTimeout(() => response.destroy(), 50));
  };
const status =
  (code: number): Answer =>
  (_, response) => {
    response.writeHead(code).end();
  };
const rest =
  (from: number): Answer =>
  (_, response) => {
    const range = `bytes ${from}-${body.length - 1}/${body.length}`;
    response.writeHead(206, { etag: '"a"', 'content-range': range }).end(body.subarray(from));
  };

describe('the rehearsal of a package', () => {
  it('counts, hashes and says when it is done', async () => {
    const { url } = await serve(whole('"a"'));
    const { outcome } = await rehearse({ url });
    expect(outcome).toMatchObject({
      kind: 'done',
      sha256,
      receivedBytes: body.length,
      totalBytes: body.length,
      cuts: 0,
    });
  });

  it('goes on where it was cut, by Range and If-Range', async () => {
    const { url, requests } = await serve(half('"a"'), rest(HALF));
    const { outcome, events } = await rehearse({ url });
    expect(outcome).toMatchObject({ kind: 'done', sha256, cuts: 1, restarts: 0 });
    expect(requests[1]?.headers).toMatchObject({ range: `bytes=${HALF}-`, 'if-range': '"a"' });
    expect(events).toContainEqual({ kind: 'resumed', fromByte: HALF });
  });

  it('starts anew where a part cannot be trusted: no tag, a weak one, a part from elsewhere', async () => {
    for (const answers of [
      [half(undefined), whole(undefined)],
      [half('W/"a"'), whole('W/"a"')],
      [half('"a"'), rest(HALF + 1), whole('"a"')],
      [half('"a"'), whole('"b"')],
    ]) {
      const { url } = await serve(...answers);
      const { outcome, events } = await rehearse({ url });
      expect(outcome).toMatchObject({ kind: 'done', sha256, restarts: 1 });
      expect(events).toContainEqual({ kind: 'restarted', lostBytes: HALF });
    }
  });

  it('is done by a 416 at its end when the server never told its size', async () => {
    const noSize: Answer = (_, response) => {
      response.writeHead(200, { etag: '"a"' });
      response.write(body, () => setTimeout(() => response.destroy(), 50));
    };
    const end: Answer = (_, response) => {
      response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
    };
    const { url } = await serve(noSize, end);
    expect((await rehearse({ url })).outcome).toMatchObject({ kind: 'done', sha256, cuts: 1 });
  });

  it('waits for a busy server and gives up on one that says no', async () => {
    const busy = await serve(status(503), status(429), whole('"a"'));
    const { outcome, events } = await rehearse({ url: busy.url });
    expect(outcome).toMatchObject({ kind: 'done', cuts: 2 });
    expect(events.flatMap((each) => (each.kind === 'cut' ? [each.retryInMs] : []))).toEqual([
      375, 750,
    ]);
    for (const [code, reason] of [
      [404, 'notFound'],
      [403, 'unauthorised'],
      [302, 'badAnswer'],
    ] as const) {
      const { url } = await serve(status(code));
      expect((await rehearse({ url })).outcome).toMatchObject({ kind: 'failed', reason });
    }
  });

  it('keeps its budgets of bytes and of time, and counts a restart', async () => {
    const much = await serve(half(undefined));
    const maxBytes = 2.5 * HALF;
    const spent = await rehearse({ url: much.url, maxBytes });
    expect(spent.outcome).toMatchObject({ kind: 'stopped', reason: 'byteBudget', restarts: 2 });
    const mute = await serve(() => undefined);
    const startMs = performance.now();
    const late = await rehearse({ url: mute.url, maxMs: 700, stallMs: 200 });
    expect(late.outcome).toMatchObject({ kind: 'stopped', reason: 'timeBudget' });
    expect(late.outcome.cuts).toBeGreaterThanOrEqual(1);
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });

  it('is over at once when it is aborted, in an answer and in a wait', async () => {
    for (const answer of [() => undefined, status(503)]) {
      const { url } = await serve(answer);
      const controller = new AbortController();
      const rehearsal = rehearse({ url }, controller.signal);
      setTimeout(() => controller.abort(new Error('enough')), 150);
      await expect(rehearsal).rejects.toThrow('enough');
    }
  });

  it.skipIf(!hasOpenssl())('trusts the CA it is given, over TLS (openssl)', async () => {
    const { ca, valid } = makeCertificates();
    const server = createHttps(
      { cert: readFileSync(valid.certificate), key: readFileSync(valid.key) },
      whole('"a"'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/package`;
    expect((await rehearse({ url, ca })).outcome).toMatchObject({ kind: 'done', sha256 });
    expect((await rehearse({ url })).outcome).toMatchObject({
      kind: 'failed',
      reason: 'certificateInvalid',
    });
  });
});
