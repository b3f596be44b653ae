import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closeCodes, type CloseCodeName } from '@ppe-pulse/protocol';
import { createLog } from '../../server/src/log.ts';
import {
  createSocketServer,
  type SocketPath,
  type TextSocket,
  type UpgradeRefusalReason,
} from '../../server/src/sockets.ts';

/** What was counted, in order. */
interface Counted {
  readonly closed: [string, CloseCodeName][];
  readonly refused: UpgradeRefusalReason[];
  unproven: number;
}

/** A socket server on a real HTTP server, and a peer that is connected to it. */
async function connected(part: Partial<SocketPath> = {}) {
  const server = createServer();
  const counted: Counted = { closed: [], refused: [], unproven: 0 };
  const path: SocketPath = {
    path: '/test',
    subprotocol: 'test',
    door: 'agent',
    maxFrameBytes: 1_000,
    maxBufferedBytes: 100_000,
    isProvenAtUpgrade: false,
    refuse: () => undefined,
    ...part,
  };
  const sockets = createSocketServer(server, [path], {
    log: createLog('silent'),
    counters: {
      closed: (door, name) => counted.closed.push([door, name]),
      refused: (reason) => counted.refused.push(reason),
      unproven: (count) => (counted.unproven = count),
    },
  });
  const accepted = new Promise<TextSocket>((resolve) => sockets.onSocket('test', resolve));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const peer = new WebSocket(`ws://127.0.0.1:${port}/test`, 'test');
  onTestFinished(async () => {
    peer.terminate();
    await sockets.close();
    server.close();
  });
  const socket = await accepted;
  if (peer.readyState !== peer.OPEN) await once(peer, 'open');
  return { peer, socket, counted };
}

/** 30 MB: more than the line and what lies behind it hold. Tells the most that waited here. */
async function flood(socket: TextSocket): Promise<number> {
  const frame = 'x'.repeat(50_000);
  let most = 0;
  for (let sent = 0; sent < 600; sent += 1) {
    socket.send(frame);
    most = Math.max(most, socket.bufferedBytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return most;
}

describe('a peer that does not read', () => {
  it('is closed as too slow, and what waits for it stays bounded', async () => {
    const { peer, socket, counted } = await connected();
    peer.pause();
    const most = await flood(socket);
    expect(counted.closed).toEqual([['agent', 'tooSlow']]);
    // The limit, and the one frame that went over it.
    expect(most).toBeLessThan(100_000 + 2 * 50_100);
    peer.resume();
    const [code] = (await once(peer, 'close')) as [number];
    expect([closeCodes.tooSlow.code, 1006]).toContain(code);
  });

  it('may take its time over what it must have first, and what comes after stays bounded', async () => {
    const { peer, socket, counted } = await connected();
    peer.pause();
    const first = [Buffer.alloc(5_000_000, 'x'), Buffer.alloc(15_000_000, 'x')];
    socket.sendFirst(first);
    for (let sent = 0; sent < 3; sent += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      socket.send('y'.repeat(10_000));
    }
    // More waits than the path allows, and the peer is not blamed for it.
    expect(socket.bufferedBytes).toBeGreaterThan(1_000_000);
    expect(counted.closed).toEqual([]);
    const sizes: number[] = [];
    peer.on('message', (data: Buffer) => sizes.push(data.length));
    peer.resume();
    await expect
      .poll(() => sizes, { timeout: 20_000 })
      .toEqual([5_000_000, 15_000_000, 10_000, 10_000, 10_000]);
    peer.pause();
    socket.sendFirst(first);
    const most = await flood(socket);
    expect(counted.closed).toEqual([['agent', 'tooSlow']]);
    expect(most).toBeLessThan(20_000_000 + 100_000 + 2 * 50_100);
  });

  it('is cut when it does not even read the close', async () => {
    const { peer, socket, counted } = await connected();
    peer.pause();
    const gone = new Promise<number>((resolve) => socket.onClose(resolve));
    await flood(socket);
    expect(await gone).toBe(1006);
    expect(counted.unproven).toBe(0);
  });

  it('is not mistaken for one that reads slowly', async () => {
    const { peer, socket, counted } = await connected();
    let received = 0;
    peer.on('message', () => (received += 1));
    for (let sent = 1; sent <= 200; sent += 1) {
      socket.send('x'.repeat(50_000));
      while (socket.bufferedBytes > 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => received).toBe(200);
    expect(counted.closed).toEqual([]);
  });
});

describe('liveness', () => {
  it('is what a pong shows, to everyone who asks meanwhile', async () => {
    const { peer, socket } = await connected();
    let pings = 0;
    peer.on('ping', () => (pings += 1));
    expect(await Promise.all([socket.isAlive(5_000), socket.isAlive(5_000)])).toEqual([true, true]);
    expect(pings).toBe(1);
    expect(await socket.isAlive(5_000)).toBe(true);
    expect(pings).toBe(2);
  });

  it('is not what any other pong or frame shows', async () => {
    const { peer, socket } = await connected();
    peer.pause();
    const answer = socket.isAlive(200);
    peer.pong('alive 2');
    peer.pong();
    peer.send('still here');
    expect(await answer).toBe(false);
    peer.resume();
    expect(await socket.isAlive(5_000)).toBe(true);
  });

  it('ends with the socket, long before the time is over', async () => {
    const { peer, socket } = await connected();
    peer.pause();
    const answer = socket.isAlive(600_000);
    peer.terminate();
    expect(await answer).toBe(false);
    expect(await socket.isAlive(600_000)).toBe(false);
  });
});

describe('proof', () => {
  it('frees the place among strangers, and the end of the socket frees it once only', async () => {
    const { peer, socket, counted } = await connected();
    expect(counted.unproven).toBe(1);
    socket.proven();
    expect(counted.unproven).toBe(0);
    socket.proven();
    const gone = new Promise((resolve) => socket.onClose(resolve));
    peer.close();
    await gone;
    expect(counted.unproven).toBe(0);
  });

  it('is not asked of a peer that had its credential at the upgrade', async () => {
    const { counted } = await connected({ isProvenAtUpgrade: true });
    expect(counted.unproven).toBe(0);
  });
});

describe('closes', () => {
  it('are counted once, by the first reason', async () => {
    const { peer, socket, counted } = await connected({ door: 'board' });
    socket.close(closeCodes.replacedByNewer.code, closeCodes.replacedByNewer.reason);
    socket.close(closeCodes.internalError.code, closeCodes.internalError.reason);
    peer.send('x'.repeat(2_000));
    const [code, reason] = (await once(peer, 'close')) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4409, 'replacedByNewer']);
    expect(counted.closed).toEqual([['board', 'replacedByNewer']]);
  });

  it('that the peer asked for are nobody’s fault', async () => {
    const { peer, socket, counted } = await connected();
    const gone = new Promise<number>((resolve) => socket.onClose(resolve));
    peer.close(1000);
    expect(await gone).toBe(1000);
    expect(counted.closed).toEqual([]);
  });
});
