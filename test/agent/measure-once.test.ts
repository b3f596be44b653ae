import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Mode } from '@ppe-pulse/protocol';
import { measureOnce } from '../../agent/src/cli/measure-once.ts';
import { loadConfig } from '../../agent/src/config.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { tempDir } from '../support/temp-dir.ts';

/** A server that counts who came. */
async function listen() {
  const seen = { connections: 0, port: 0 };
  const server = createServer((socket) => {
    seen.connections += 1;
    socket.on('error', () => undefined).resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  seen.port = (server.address() as AddressInfo).port;
  return seen;
}

async function look(mode: Mode) {
  const [collector, portal, reserve] = await Promise.all([listen(), listen(), listen()]);
  const folder = tempDir();
  const path = join(folder, 'agent.yaml');
  const host = '127.0.0.1';
  writeFileSync(
    path,
    JSON.stringify({
      mode,
      dataDir: folder,
      collector: { url: `ws://${host}:${collector.port}` },
      line: {
        portals: [{ host, port: portal.port, security: 'plain' }],
        reserve: { host, port: reserve.port },
      },
    }),
  );
  const { heartbeat } = await measureOnce(loadConfig(path, {}), createLog('silent'));
  return {
    heartbeat,
    connections: [collector, portal, reserve].map(({ connections }) => connections),
  };
}

describe('a single look', { timeout: 30_000 }, () => {
  it('opens each connection once in mode prep, and has rates', async () => {
    const { heartbeat, connections } = await look('prep');
    expect(connections).toEqual([1, 1, 1]);
    expect(heartbeat.metrics).toHaveProperty(['pc.cpu.ratio']);
  });

  it('opens none in mode quiet', async () => {
    const { heartbeat, connections } = await look('quiet');
    expect(connections).toEqual([0, 0, 0]);
    expect(heartbeat.metrics).toHaveProperty(['pc.cpu.ratio']);
  });

  it('measures nothing in mode off', async () => {
    const { heartbeat, connections } = await look('off');
    expect([connections, heartbeat.metrics]).toEqual([[0, 0, 0], {}]);
  });
});
