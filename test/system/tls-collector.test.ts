import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { closeCodes } from '@ppe-pulse/protocol';
import { renewServer } from '../../server/src/access/authority.ts';
import { issueServer } from '../../server/src/access/certificates.ts';
import { tlsFolder } from '../../server/src/access/tls-files.ts';
import { AgentPeer, newIdentity, type PeerIdentity } from '../support/agent-peer.ts';
import { commands, listening, runToEnd, start, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { askOverTls, tlsCollector, type TlsCollector } from '../support/tls-collector.ts';
import { tlsMiddle } from '../support/tls-middle.ts';

const placement = { siteCode: '0042', roomCode: '0012', role: 'organizer', duty: 'main' };

async function enrol(it_: TlsCollector, { publicKey }: PeerIdentity): Promise<void> {
  const body = { publicKey, placement };
  const { status } = await askOverTls(it_, '/api/v1/workstations', { method: 'POST', body });
  if (status > 201) throw new Error(`enrolment answered ${status}`);
}

/** The certificate that is served now. */
async function served({ collector, caPem }: TlsCollector): Promise<string> {
  const { port } = new URL(collector.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), ca: caPem }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? '');
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('a collector that speaks TLS', { timeout: 60_000 }, () => {
  it('says so to browsers, and takes an agent in over a channel of their own', async () => {
    const world = await tlsCollector();
    const { headers } = await askOverTls(world, '/healthz');
    expect(headers['strict-transport-security']).toMatch(/max-age/);
    const identity = newIdentity();
    await enrol(world, identity);
    const peer = await AgentPeer.join({ url: world.collector.url, ca: world.caPem }, identity);
    expect(peer.channel).toMatch(/^[A-Za-z0-9_-]{43}$/);
    peer.send(peer.heartbeat(1));
    await peer.next('ack');
    const overview = await askOverTls(world, '/api/v1/overview');
    expect(overview.text).not.toContain('listensWithoutTls');
  });

  it('is not fooled by somebody in the middle whom agents believe: both sides find out', async () => {
    const world = await tlsCollector();
    const identity = newIdentity();
    await enrol(world, identity);
    const folder = tlsFolder(world.dataDir);
    const ca = {
      keyPem: readFileSync(join(folder, 'ca.key'), 'utf8'),
      certificatePem: world.caPem,
    };
    const own = await issueServer(ca, ['127.0.0.1'], { fromMs: 0, toMs: Date.now() + 1e9 });
    const middle = await tlsMiddle({ url: world.collector.url, caPem: world.caPem }, own);
    // The agent's hands, believing all: its proof is for its own channel, so the collector refuses it.
    const peer = await AgentPeer.connect({ url: middle.url, ca: world.caPem }, identity);
    const hello = peer.hello();
    peer.send(hello);
    const challenge = await peer.next('challenge');
    peer.send({ type: 'proof', signature: peer.prove(hello, challenge) });
    await until(() => peer.closeCode !== undefined, 'it is closed');
    expect(peer.closeCode).toBe(closeCodes.notAuthenticated.code);
    // The real agent: the collector's signature is for another channel, so it says no more.
    const home = tempDir();
    const config = join(home, 'agent.yaml');
    const { text } = await askOverTls(world, '/api/v1/collector');
    const { publicKey } = JSON.parse(text) as { publicKey: string };
    const collector = { url: middle.url.replace('http', 'ws'), publicKey, ca: world.caPem };
    writeFileSync(config, JSON.stringify({ collector }));
    const told = await runToEnd(commands.agent, ['identity', '--json', '--config', config]);
    await enrol(world, JSON.parse(told.output) as PeerIdentity);
    middle.read.length = 0;
    const agent = start(commands.agent, ['run', '--config', config]);
    await until(() => agent.errors().includes('does not hold the pinned key'), 'it finds out');
    expect(middle.read.filter((each) => each.includes('"proof"'))).toEqual([]);
    expect(middle.read.filter((each) => each.includes('"heartbeat"'))).toEqual([]);
  });

  it('refuses a handshake that was recorded on another connection', async () => {
    const world = await tlsCollector();
    const identity = newIdentity();
    await enrol(world, identity);
    const line = { url: world.collector.url, ca: world.caPem };
    const first = await AgentPeer.connect(line, identity);
    const hello = first.hello();
    first.send(hello);
    const proof = { type: 'proof', signature: first.prove(hello, await first.next('challenge')) };
    first.send(proof);
    await first.next('welcome');
    const second = await AgentPeer.connect(line, identity);
    second.send(hello);
    await second.next('challenge');
    second.send(proof);
    await until(() => second.closeCode !== undefined, 'it is closed');
    expect(second.closeCode).toBe(closeCodes.notAuthenticated.code);
  });

  it('takes a renewed certificate up later when the system does not let it now', async () => {
    const world = await tlsCollector();
    const before = await served(world);
    const tickets = join(world.dataDir, 'tls-tickets.key');
    rmSync(tickets);
    mkdirSync(tickets);
    await renewServer(world.dataDir, [], Date.now());
    // It has looked in between, and goes on.
    await sleep(6_000);
    expect(await served(world)).toBe(before);
    rmSync(tickets, { recursive: true });
    await until(async () => (await served(world)) !== before, 'the new one is served', 20_000);
  });

  it('serves a renewed certificate without a restart; who trusts the authority notices nothing', async () => {
    const world = await tlsCollector();
    const before = await served(world);
    await renewServer(world.dataDir, [], Date.now());
    await until(async () => (await served(world)) !== before, 'the new one is served', 20_000);
    const identity = newIdentity();
    await enrol(world, identity);
    await AgentPeer.join({ url: world.collector.url, ca: world.caPem }, identity);
    const left = readFileSync(join(world.dataDir, 'collector.cert'), 'utf8');
    expect(new X509Certificate(left).fingerprint256).toBe(await served(world));
  });
});

describe('ppe-collector tls', { timeout: 60_000 }, () => {
  it('makes an authority and a certificate once, for names and for this machine', async () => {
    const dataDir = tempDir();
    const flags = ['--data', dataDir, '--json'];
    const names = ['--name', 'pulse.region.example', '--name', '10.1.2.3'];
    const made = await runToEnd(commands.collector, ['tls', 'init', ...names, ...flags]);
    const view = JSON.parse(made.output) as { hosts: string[]; pin: string; authorities: string[] };
    expect([made.code, view.hosts]).toEqual([
      0,
      ['pulse.region.example', '10.1.2.3', 'localhost', '127.0.0.1', '::1'],
    ]);
    for (const key of ['ca.key', 'server.key'])
      expect(statSync(join(tlsFolder(dataDir), key)).mode & 0o777).toBe(0o600);
    const again = await runToEnd(commands.collector, ['tls', 'init', ...flags]);
    expect([again.code, again.errors]).toEqual([78, expect.stringContaining('"tls renew"')]);
    const renewed = await runToEnd(commands.collector, ['tls', 'renew', ...flags]);
    const after = JSON.parse(renewed.output) as typeof view;
    // Another key under the same authority, for the same names.
    expect([after.hosts, after.authorities]).toEqual([view.hosts, view.authorities]);
    expect(after.pin).not.toBe(view.pin);
  });

  it('names what is wrong', async () => {
    const dataDir = tempDir();
    const says = async (...words: string[]) => {
      const { code, errors } = await runToEnd(commands.collector, [...words, '--data', dataDir]);
      return [code, errors.trim()];
    };
    expect(await says('tls', 'inti')).toEqual([64, expect.stringContaining('did you mean "init"')]);
    expect(await says('tls', 'init', '--name', 'https://x/')).toEqual([
      64,
      expect.stringContaining('--name needs a host name'),
    ]);
    expect(await says('tls', 'show')).toEqual([
      78,
      expect.stringContaining('run "ppe-collector tls init"'),
    ]);
    expect(await says('tls', 'init')).toEqual([0, '']);
    writeFileSync(join(tlsFolder(dataDir), 'server.key'), 'torn');
    expect(await says('serve', '--port', '0')).toEqual([78, expect.stringContaining('damaged')]);
  });

  it('lets a collector listen beyond this machine; its own commands know it by what it shows', async () => {
    const dataDir = tempDir();
    await runToEnd(commands.collector, ['tls', 'init', '--data', dataDir]);
    const child = start(commands.collector, [
      'serve',
      '--port',
      '0',
      '--host',
      '0.0.0.0',
      '--data',
      dataDir,
    ]);
    const { url } = await listening(dataDir, child);
    expect(url).toMatch(/^https:/);
    const target = join(tempDir(), 'copy');
    const backup = await runToEnd(commands.collector, ['backup', target, '--data', dataDir]);
    expect([backup.code, backup.errors]).toEqual([0, '']);
    child.kill('SIGTERM');
    await child.ended;
    expect(existsSync(join(dataDir, 'collector.cert'))).toBe(false);
  });
});
