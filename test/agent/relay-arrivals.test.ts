import { once } from 'node:events';
import { createServer, get, type Server } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemTimers } from '../../agent/src/platform/timers.ts';
import { Arrivals } from '../../agent/src/relay/arrivals.ts';
import { Strangers } from '../../agent/src/relay/strangers.ts';
import { createCa, issueServer } from '../../server/src/access/certificates.ts';
import { until } from '../support/processes.ts';

const valid = { fromMs: Date.UTC(2000, 0, 1), toMs: Date.UTC(2090, 0, 1) };

/** A server over TLS that counts who arrives, two of an address. */
async function counted() {
  const ca = await createCa('test', valid);
  const { keyPem: key, certificatePem: cert } = await issueServer(ca, ['127.0.0.1'], valid);
  const strangers = new Strangers({ inAll: 100, perAddress: 2 });
  let refused = 0;
  const known: boolean[] = [];
  const server: Server = createServer({ key, cert }, ({ socket }, response) => {
    // As the socket of a member that has shown who it is: it counts no longer.
    const leave = arrivals.leaveOf(socket);
    known.push(leave !== undefined);
    leave?.();
    response.write('proven');
  });
  const arrivals = new Arrivals(server, {
    strangers,
    timers: systemTimers(),
    refused: () => (refused += 1),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const to = { host: '127.0.0.1', port };
  const silent = (): Socket => {
    const socket = connect(to);
    onTestFinished(() => void socket.destroy());
    return socket.on('error', () => undefined).resume();
  };
  /** Asks over TLS; answers the end of the connection once it counts no longer. */
  const proven = async (): Promise<() => void> => {
    const asked = get({ ...to, ca: ca.certificatePem, agent: false });
    onTestFinished(() => void asked.destroy());
    asked.on('error', () => undefined);
    const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
    response.on('error', () => undefined);
    return () => asked.destroy();
  };
  return { strangers, silent, proven, known, refused: () => refused };
}

describe('connections to a relay over TLS', { timeout: 20_000 }, () => {
  it('count before the handshake, until they are proven, and once', async () => {
    const { strangers, silent, proven, known, refused } = await counted();
    const ends = [await proven(), await proven(), await proven()];
    expect([known, strangers.count]).toEqual([[true, true, true], 0]);
    const held = [silent(), silent()];
    await until(() => strangers.count === 2, 'two are here');
    const third = silent();
    await once(third, 'close');
    expect([refused(), strangers.count]).toEqual([1, 2]);
    held[0]?.destroy();
    await until(() => strangers.count === 1, 'one has gone');
    for (const end of ends) end();
    // Those that say nothing are cut; those that were proven are not counted off again.
    if (held[1]) await once(held[1], 'close');
    await until(() => strangers.count === 0, 'nobody is left');
    await proven();
    expect(strangers.count).toBe(0);
  });
});
