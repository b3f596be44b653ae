import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentStatus } from '../../agent/src/status-file.ts';
import { commands, runToEnd, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { hasLine, openLine, type Line } from './line.ts';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A collector on loopback of the far end: nobody at the near end can reach it. */
async function farCollector(line: Line) {
  const dataDir = tempDir();
  const flags = ['serve', '--port', '8080', '--data', dataDir];
  const serving = line.start('far', process.execPath, [commands.collector, ...flags]);
  await until(() => serving.errors().includes('collector is up'), 'the collector listens');
  const token = readFileSync(join(dataDir, 'admin.token'), 'utf8').trim();
  const script = `
    const [path, method, token, body] = process.argv.slice(1);
    const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json' };
    const init = { method, headers, ...(body && { body }) };
    const answer = await fetch('http://127.0.0.1:8080' + path, init);
    console.log(JSON.stringify({ status: answer.status, body: await answer.json() }));`;
  return async (path: string, body?: object): Promise<Answer> => {
    const args = [path, body ? 'POST' : 'GET', token, body ? JSON.stringify(body) : ''];
    const asking = ['--input-type=module', '-e', script, ...args];
    return (await line.start('far', process.execPath, asking).next()) as Answer;
  };
}

/** A workstation with its own folder, enrolled. */
async function workstation(
  ask: (path: string, body?: object) => Promise<Answer>,
  collector: { url: string; publicKey: string },
  place: { roomCode: string; role: string },
) {
  const home = tempDir();
  const config = join(home, 'agent.yaml');
  // This LAN is the test's own: nobody else reads what goes over it in the clear.
  writeFileSync(config, JSON.stringify({ collector, relay: { insecure: true } }));
  const told = await runToEnd(commands.agent, ['identity', '--json', '--config', config]);
  const { agentId, publicKey } = JSON.parse(told.output) as { agentId: string; publicKey: string };
  const placement = { siteCode: '0042', duty: 'main', ...place };
  const { status } = await ask('/api/v1/workstations', { publicKey, placement });
  expect(status).toBe(201);
  const read = (): AgentStatus | undefined => {
    const path = join(home, 'data', 'status.json');
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as AgentStatus) : undefined;
  };
  return { config, id: agentId, publicKey, status: read };
}

describe.skipIf(!hasLine())('a room on a LAN without the Internet (root, ip)', () => {
  it('reaches only the relay, and is on the board all the same', { timeout: 120_000 }, async () => {
    const line = await openLine();
    const ask = await farCollector(line);
    const { publicKey } = (await ask('/api/v1/collector')).body as { publicKey: string };
    const hq = await workstation(
      ask,
      { url: 'ws://127.0.0.1:8080', publicKey },
      { roomCode: '7777', role: 'hq' },
    );
    const relayUrl = `ws://${line.farAddress}:8085`;
    const room = await workstation(
      ask,
      { url: relayUrl, publicKey: hq.publicKey },
      { roomCode: '0012', role: 'organizer' },
    );
    const run = (end: 'near' | 'far', config: string, flags: readonly string[]) =>
      line.start(end, process.execPath, [commands.agent, 'run', ...flags, '--config', config]);
    const relay = run('far', hq.config, ['--relay']);
    await until(() => relay.errors().includes('the roster has come'), 'the relay knows the room');
    run('near', room.config, []);
    const look = async () => (await ask(`/api/v1/workstations/${room.id}`)).body;
    await until(async () => (await look()).lastSeenAt !== null, 'the room is seen', 30_000);
    expect(await look()).toMatchObject({ verdict: expect.not.stringMatching('unknown') });
    await until(() => hq.status()?.relay?.membersHere === 1, 'the relay counts it');

    // The room's own way to the collector does not exist.
    const probe = `
      const socket = require('node:net').connect({ host: '${line.farAddress}', port: 8080 });
      socket.on('connect', () => console.log('"open"'));
      socket.on('error', (error) => console.log(JSON.stringify(error.code)));`;
    expect(await line.start('near', process.execPath, ['-e', probe]).next()).toBe('ECONNREFUSED');

    line.cut();
    await until(
      () => (room.status()?.journalLag ?? 0) >= 3,
      'the journal of the room fills',
      40_000,
    );
    line.join();
    await until(() => (room.status()?.journalLag ?? 9) <= 1, 'and is taken', 60_000);
    await until(() => hq.status()?.relay?.spooled === 0, 'by the collector, too');
    expect(room.status()).toMatchObject({ droppedHeartbeats: 0 });
  });
});
