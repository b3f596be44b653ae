import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { boundConnections } from '../../server/src/api/connections.ts';
import { ensureAuthority, renewServer } from '../../server/src/access/authority.ts';
import { readServedTls } from '../../server/src/access/served-tls.ts';
import { loadConfig } from '../../server/src/config.ts';
import { tempDir } from '../support/temp-dir.ts';

const bounds = { inAll: 5, perAddress: 3 };
const UPGRADE =
  'GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n';

async function plainServer(answer: RequestListener): Promise<Server> {
  return createServer(answer);
}

async function secureServer(answer: RequestListener): Promise<Server> {
  const dataDir = tempDir();
  await ensureAuthority(dataDir, Date.now());
  await renewServer(dataDir, [], Date.now());
  const tls = readServedTls(loadConfig(undefined, {}, { dataDir }), Date.now());
  return createSecureServer({ ...tls }, answer);
}

/** A server that says yes to every upgrade, and what it has refused. */
async function served(make: typeof plainServer) {
  const server = await make((_request, response) => response.end('here'));
  const seen = { refused: 0 };
  boundConnections(server, bounds, () => (seen.refused += 1));
  server.on('upgrade', (_request, stream) => stream.write('HTTP/1.1 101 Yes\r\n\r\n'));
  server.on('clientError', (_error, stream) => stream.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const open = async (localAddress = '127.0.0.1'): Promise<Socket> => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  /** Until the server has seen one of its connections end. */
  const freed = async (): Promise<void> => {
    const count = promisify(server.getConnections.bind(server));
    await expect.poll(count).toBeLessThan(bounds.perAddress);
  };
  return { seen, open, freed };
}

async function isCut(socket: Socket): Promise<boolean> {
  if (socket.destroyed) return true;
  socket.resume();
  await once(socket, 'close', { signal: AbortSignal.timeout(5_000) });
  return true;
}

/** The connection's end that speaks HTTP: itself, or the TLS over it. */
async function spoken(socket: Socket, make: typeof plainServer): Promise<Socket> {
  if (make === plainServer) return socket;
  const secure = connectSecurely({ socket, rejectUnauthorized: false });
  secure.on('error', () => undefined);
  await once(secure, 'secureConnect');
  return secure;
}

describe.each([
  ['HTTP', plainServer],
  ['HTTPS', secureServer],
])('connections of %s', (_name, make) => {
  it('of one address end before those of all, and others still come in', async () => {
    const { seen, open } = await served(make);
    for (let at = 0; at < bounds.perAddress; at += 1) await open();
    expect(await isCut(await open())).toBe(true);
    expect(seen.refused).toBe(1);
    await open('127.0.0.2');
    await open('127.0.0.3');
    expect(await isCut(await open('127.0.0.4'))).toBe(true);
    expect(seen.refused).toBe(2);
  });

  it('that idle between requests hold their place, and give it back at their end', async () => {
    const { seen, open, freed } = await served(make);
    const ask = async (): Promise<Socket> => {
      const socket = await spoken(await open(), make);
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'data');
      return socket;
    };
    const idle: Socket[] = [];
    for (let at = 0; at < bounds.perAddress; at += 1) idle.push(await ask());
    await isCut(await open());
    expect(seen.refused).toBe(1);
    idle[0]?.destroy();
    await freed();
    await ask();
    expect(seen.refused).toBe(1);
  });

  it('that are upgraded leave their place to the next', async () => {
    const { seen, open } = await served(make);
    for (let at = 0; at < 4 * bounds.inAll; at += 1) {
      const socket = await spoken(await open(), make);
      socket.write(UPGRADE);
      const [data] = (await once(socket, 'data')) as [Buffer];
      expect(data.toString()).toContain('101');
    }
    expect(seen.refused).toBe(0);
  });
});
