import { once } from 'node:events';
import { createServer, request as ask, type RequestListener } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ENROL_PATH } from '@ppe-pulse/protocol/enrolment';
import { makeRequest } from '../../agent/src/enrolment/make-request.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { EnrolForward } from '../../agent/src/relay/enrol-forward.ts';
import { goldenFile, workstation } from '../support/enrolment-documents.ts';

/** Everything of 127.0.0.0/8 is this machine on Linux alone. */
const hasManyAddresses = process.platform === 'linux';
const [place] = goldenFile.places;
const sound = place && JSON.stringify(makeRequest(goldenFile, place, workstation));

async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A relay's forwarding, and a collector behind it that answers whoever asks. */
async function forwarding(): Promise<number> {
  const collector = await listen((request, response) => {
    request.resume().on('end', () => response.writeHead(200).end('{}'));
  });
  const forward = new EnrolForward({
    identity: { agentId: workstation.agentId, publicKey: workstation.publicKey },
    siteCode: () => goldenFile.siteCode,
    collector: {
      url: `ws://127.0.0.1:${collector}`,
      caPem: undefined,
      pins: [],
      relayOf: undefined,
      systemRoots: false,
    },
    log: createLog('silent'),
    nowMs: () => performance.now(),
  });
  return listen((request, response) => forward.answer(request, response));
}

/** Says that a body follows, and sends none of it. */
async function slow(port: number, localAddress: string): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, localAddress });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`POST ${ENROL_PATH} HTTP/1.1\r\nHost: hq\r\nContent-Length: 300\r\n\r\n`);
  return socket;
}

async function enrol(port: number, localAddress: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const to = { host: '127.0.0.1', port, localAddress, path: ENROL_PATH, method: 'POST' };
    const asked = ask({ ...to, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end(sound);
  });
}

describe.runIf(hasManyAddresses)('enrolment through a Штаб', { timeout: 20_000 }, () => {
  it('is open for others while strangers keep their bodies to themselves', async () => {
    const port = await forwarding();
    const strangers: Socket[] = [];
    for (let host = 2; host < 22; host += 1)
      for (let each = 0; each < 2; each += 1) strangers.push(await slow(port, `127.0.0.${host}`));
    await pause(100);
    expect(await enrol(port, '127.0.0.1')).toBe(200);
    // Two of an address wait; a third is told so, whatever it brings.
    expect(await enrol(port, '127.0.0.2')).toBe(429);
    const cut = await Promise.all(
      strangers.map(async (socket) => socket.destroyed || once(socket, 'close')),
    );
    expect(cut).toHaveLength(40);
    expect(await enrol(port, '127.0.0.2')).toBe(200);
  });
});
