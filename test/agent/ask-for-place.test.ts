import { once } from 'node:events';
import { createServer as createPlain, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askForPlace, type PlaceAnswer } from '../../agent/src/enrolment/ask-for-place.ts';
import { createCa, issueServer } from '../../server/src/access/certificates.ts';
import { goldenFile, workstation } from '../support/enrolment-documents.ts';
import { freePort } from '../support/influxd.ts';

const validity = { fromMs: Date.UTC(2020, 0, 1), toMs: Date.UTC(2090, 0, 1) };
const ours = await createCa('ours', validity);
const theirs = await createCa('theirs', validity);

interface Listener {
  readonly url: string;
  /** Requests that came so far. */
  readonly asked: () => number;
}

async function listen(server: Server, scheme: 'ws' | 'wss'): Promise<Listener> {
  let count = 0;
  server.on('request', (request, response) => {
    count += 1;
    request.resume().on('end', () => response.end('{"credential":1}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${scheme}://127.0.0.1:${port}`, asked: () => count };
}

async function secure(authority: typeof ours): Promise<Listener> {
  const own = await issueServer(authority, ['127.0.0.1'], validity);
  return listen(createSecure({ key: own.keyPem, cert: own.certificatePem }), 'wss');
}
const plain = async (): Promise<Listener> => listen(createPlain(), 'ws');

async function askedAt(urls: readonly string[], relayUrl?: string): Promise<PlaceAnswer> {
  const { collector, places } = goldenFile;
  const relay = relayUrl === undefined ? {} : { relayUrl };
  const named = { ...collector, ...relay, urls: [...urls], caPem: ours.certificatePem, pins: [] };
  return askForPlace({
    file: { ...goldenFile, collector: named },
    places: places.slice(0, 1),
    identity: workstation,
    through: undefined,
  });
}

describe('a PC that asks for its place at the addresses of a file', () => {
  it('goes on to the next where nobody answers', async () => {
    const good = await secure(ours);
    const silent = `wss://127.0.0.1:${await freePort()}`;
    expect(await askedAt([silent, good.url])).toMatchObject({
      kind: 'answered',
      way: { url: good.url },
    });
    const open = await plain();
    const none = `ws://127.0.0.1:${await freePort()}`;
    expect(await askedAt([none], open.url)).toMatchObject({ kind: 'answered' });
  });

  it('ends at somebody whom it does not trust, and asks nobody else', async () => {
    const [strange, good] = [await secure(theirs), await secure(ours)];
    expect(await askedAt([strange.url, good.url])).toMatchObject({
      kind: 'badCertificate',
      address: strange.url,
    });
    expect([strange.asked(), good.asked()]).toEqual([0, 0]);
  });

  it('does not fall from TLS to none because the line to the first is cut', async () => {
    const open = await plain();
    const silent = `wss://127.0.0.1:${await freePort()}`;
    for (const answer of [await askedAt([silent, open.url]), await askedAt([silent], open.url)]) {
      expect(answer).toMatchObject({ kind: 'noAnswer' });
      expect(answer.kind === 'noAnswer' && answer.tried).toHaveLength(1);
    }
    expect(open.asked()).toBe(0);
  });
});
