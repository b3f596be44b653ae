import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { connect, createServer as createTcp, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { AGENT_SUBPROTOCOL, relayHostOf } from '@ppe-pulse/protocol';
import { Dialer } from '../../agent/src/link/socket.ts';
import {
  channelOf as channelAtAgent,
  type Channel,
  type Trust,
} from '../../agent/src/link/trust.ts';
import { pinOf } from '../../server/src/access/authority.ts';
import { channelOf } from '../../server/src/access/channel.ts';
import {
  createCa,
  issueOver,
  issueServer,
  type KeyedCertificate,
} from '../../server/src/access/certificates.ts';
import { newIdentity } from '../support/agent-peer.ts';
import { tempDir } from '../support/temp-dir.ts';

const YEAR_MS = 365 * 86_400_000;
const nowMs = Date.now();
const valid = { fromMs: Date.UTC(2000, 0, 1), toMs: nowMs + YEAR_MS };
const expired = { fromMs: Date.UTC(2000, 0, 1), toMs: nowMs - 60_000 };

/** A listener that upgrades and says nothing; it notes whether anybody spoke to it. */
async function listener(options: object) {
  const server: Server = createServer(options);
  const heard: string[] = [];
  const channels: string[] = [];
  const reused: boolean[] = [];
  const sockets = new WebSocketServer({ server, handleProtocols: () => AGENT_SUBPROTOCOL });
  sockets.on('connection', (socket, request) => {
    channels.push(channelOf(request.socket));
    reused.push((request.socket as TLSSocket).isSessionReused());
    socket.on('message', (data: Buffer) => heard.push(data.toString('utf8')));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `wss://127.0.0.1:${port}`, heard, channels, reused };
}

/** Dials and tells how it went: what the agent knows of the channel, or why there is none. */
async function dial(dialer: Dialer): Promise<Channel | string> {
  return new Promise((resolve) => {
    const socket = dialer.open({
      opened: (channel) => {
        // What a server gives for the next time comes after its handshake.
        setTimeout(() => {
          socket.close(1000, 'normal');
          resolve(channel);
        }, 50);
      },
      text: () => undefined,
      closed: (_code, detail) => resolve(detail),
    });
  });
}

const trust = (url: string, part: Partial<Trust> = {}): Trust => ({
  url,
  publicKey: undefined,
  caPem: undefined,
  pins: [],
  relayOf: undefined,
  systemRoots: false,
  ...part,
});
const keyed = ({ keyPem, certificatePem }: KeyedCertificate) => ({
  key: keyPem,
  cert: certificatePem,
});

describe('an agent and who says to be its collector', () => {
  it('opens a channel that both ends know by one value, another one each time', async () => {
    const ca = await createCa('test', valid);
    const served = await issueServer(ca, ['127.0.0.1'], valid);
    const { url, channels } = await listener(keyed(served));
    const dialer = new Dialer(trust(url, { caPem: ca.certificatePem }));
    const first = await dial(dialer);
    const second = await dial(dialer);
    expect(channels).toHaveLength(2);
    expect([first, second]).toEqual(channels.map((binding) => ({ binding, peerKey: undefined })));
    expect(channels[0]).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(channels[0]).not.toBe(channels[1]);
  });

  it('takes its session up again, and the channel is still another', async () => {
    const ca = await createCa('test', valid);
    const served = await issueServer(ca, ['127.0.0.1'], valid);
    const { url, reused, channels } = await listener(keyed(served));
    const dialer = new Dialer(
      trust(url, { caPem: ca.certificatePem, pins: [pinOf(ca.certificatePem)] }),
    );
    await dial(dialer);
    await dial(dialer);
    expect(reused).toEqual([false, true]);
    expect(new Set(channels).size).toBe(2);
  });

  it('is not spoken to under a wrong name, past its time, by nobody’s word, or with another key', async () => {
    const ca = await createCa('test', valid);
    const other = await createCa('other', valid);
    const good = await issueServer(ca, ['127.0.0.1'], valid);
    const cases: readonly (readonly [string, object, Partial<Trust>, RegExp])[] = [
      ['wrong name', keyed(await issueServer(ca, ['10.9.8.7'], valid)), {}, /altnames/],
      ['expired', keyed(await issueServer(ca, ['127.0.0.1'], expired)), {}, /expired/],
      [
        'another authority',
        keyed(await issueServer(other, ['127.0.0.1'], valid)),
        {},
        /issuer|verify/,
      ],
      ['signed by itself', keyed(other), {}, /self.signed|purpose/],
      ['a public authority only', keyed(good), { caPem: undefined }, /self.signed|issuer|verify/],
      ['a wrong pin', keyed(good), { pins: [pinOf(other.certificatePem)] }, /pinned/],
    ];
    for (const [what, options, part, why] of cases) {
      const { url, heard, channels } = await listener(options);
      const outcome = await dial(new Dialer(trust(url, { caPem: ca.certificatePem, ...part })));
      expect([what, outcome]).toEqual([what, expect.stringMatching(why)]);
      expect([what, heard, channels]).toEqual([what, [], []]);
    }
  });

  it('is not spoken to over TLS 1.1', async () => {
    const ca = await createCa('test', valid);
    const served = keyed(await issueServer(ca, ['127.0.0.1'], valid));
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    const { url, channels } = await listener({ ...served, ...old });
    const outcome = await dial(new Dialer(trust(url, { caPem: ca.certificatePem })));
    expect(outcome).toMatch(/version|protocol/i);
    expect(channels).toEqual([]);
  });

  it('knows the relay of its ППЭ by the name of that ППЭ, and its key by the certificate', async () => {
    const ca = await createCa('test', valid);
    const relay = newIdentity();
    const spki = relay.privateKey;
    const key = spki.export({ format: 'pem', type: 'pkcs8' });
    const publicSpki = Buffer.concat([
      Buffer.from('302a300506032b6570032100', 'hex'),
      Buffer.from(relay.publicKey, 'base64url'),
    ]);
    const cert = await issueOver(ca, { spki: publicSpki, hosts: [relayHostOf('4216')] }, valid);
    const { url, heard } = await listener({ key, cert, minVersion: 'TLSv1.3' });
    const own = trust(url, { caPem: ca.certificatePem, relayOf: '4216' });
    const dialer = new Dialer(own);
    expect(await dial(dialer)).toMatchObject({ peerKey: relay.publicKey });
    // Not taken up again, as a session of a collector: there would be no certificate to look at.
    expect(await dial(dialer)).toMatchObject({ peerKey: relay.publicKey });
    const foreign = await dial(new Dialer({ ...own, relayOf: '4217' }));
    expect(foreign).toMatch(/altnames/);
    const asCollector = await dial(new Dialer({ ...own, relayOf: undefined }));
    expect(asCollector).toMatch(/altnames/);
    expect(heard).toEqual([]);
  });

  it('knows a collector by the system too where an operator’s certificate is served, a relay never', async () => {
    const own = await createCa('own', valid);
    const operator = await createCa('operator', valid);
    const roots = join(tempDir(), 'roots.pem');
    writeFileSync(roots, operator.certificatePem);
    vi.stubEnv('NODE_EXTRA_CA_CERTS', roots);
    onTestFinished(() => void vi.unstubAllEnvs());
    const ofFile = { caPem: own.certificatePem, pins: [pinOf(own.certificatePem)] };
    const goes = async (ca: KeyedCertificate, host: string, part: Partial<Trust>) => {
      const { url } = await listener(keyed(await issueServer(ca, [host], valid)));
      const outcome = await dial(new Dialer(trust(url, { ...ofFile, ...part })));
      return typeof outcome === 'object';
    };
    const relay = relayHostOf('4216');
    expect([
      await goes(operator, '127.0.0.1', { systemRoots: true }),
      // An operator's certificate has run out on the day: ours serves for it.
      await goes(own, '127.0.0.1', { systemRoots: true }),
      await goes(operator, '127.0.0.1', { systemRoots: false }),
      await goes(own, relay, { systemRoots: true, relayOf: '4216' }),
      await goes(operator, relay, { systemRoots: true, relayOf: '4216' }),
      await goes(await createCa('nobody', valid), '127.0.0.1', { systemRoots: true }),
    ]).toEqual([true, true, false, true, false, false]);
  });

  it('has no channel without TLS', async () => {
    const server = createTcp();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const socket: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    onTestFinished(() => void socket.destroy());
    expect([channelAtAgent(socket).binding, channelOf(socket)]).toEqual(['', '']);
  });
});
