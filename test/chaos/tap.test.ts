import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { until } from '../support/processes.ts';
import { FrameReader } from './frames.ts';
import { goodLink, Tap, type LinkNature } from './tap.ts';
import { Traffic } from './traffic.ts';

const beat = (seq: number, delivery = 'live') =>
  JSON.stringify({
    type: 'heartbeat',
    bootId: '00000000000000b1',
    seq,
    delivery,
    wallMs: 5,
    monotonicMs: 7,
    verdicts: [{ id: 'net.rtt', verdict: 'warn' }],
  });
const hello = JSON.stringify({ type: 'hello', agentId: 'w-0000000000000001', bootId: 'b' });

/** A server that acks each heartbeat, a tap before it and a client behind. */
async function scene(nature: Partial<LinkNature> = {}) {
  const http = createServer((_request, response) => void response.writeHead(426).end());
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  const heard: string[] = [];
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      heard.push(text);
      const { type, bootId, seq } = JSON.parse(text) as Record<string, unknown>;
      if (type === 'hello') socket.send('{"type":"welcome"}');
      else socket.send(JSON.stringify({ type: 'ack', bootId, ranges: [[seq, seq]] }));
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const traffic = new Traffic();
  const tap = await Tap.open({
    name: 'one',
    hop: 'collector',
    nature: { ...goodLink, ...nature },
    traffic,
    farPort: () => (http.address() as AddressInfo).port,
  });
  onTestFinished(async () => {
    await tap.close();
    server.close();
    http.close();
  });
  const client = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${tap.port}/`, { perMessageDeflate: false });
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    socket.send(hello);
    return socket;
  };
  const hangUp = (): void => {
    for (const socket of server.clients) socket.terminate();
  };
  return { tap, traffic, heard, client, hangUp };
}

describe('a tap', () => {
  it('notes heartbeats and acks with the times at which they left and were passed on', async () => {
    const { traffic, heard, client } = await scene();
    const socket = await client();
    socket.send(beat(1));
    socket.send(beat(2, 'backlog'));
    await until(
      () => traffic.acks.filter((ack) => ack.passedMs !== undefined).length === 2,
      'acks',
    );
    expect(heard).toHaveLength(3);
    expect(traffic.beats).toMatchObject([
      { workstation: 'w-0000000000000001', seq: 1, verdicts: { 'net.rtt': 'warn' } },
      { workstation: 'w-0000000000000001', seq: 2, delivery: 'backlog' },
    ]);
    expect(traffic.beats[1]?.verdicts).toBeUndefined();
    expect(traffic.beats[0]?.passedMs).toBeGreaterThanOrEqual(traffic.beats[0]?.tappedMs ?? 0);
    expect(traffic.acks.map((ack) => ack.ranges)).toEqual([[[1, 1]], [[2, 2]]]);
    expect(traffic.connections[0]?.welcomedMs).toBeTypeOf('number');
  });

  it('tears connections when it is cut, refuses until it is joined again', async () => {
    const { tap, client, traffic } = await scene();
    const socket = await client();
    const torn = once(socket, 'close');
    tap.cut();
    await torn;
    await expect(client()).rejects.toThrow(/hang up|ECONNRESET/);
    tap.join();
    await client();
    expect(traffic.connections.filter(({ closedMs }) => closedMs !== undefined)).toHaveLength(1);
  });

  it('that is frozen passes nothing and closes nothing, and gives all of it when it thaws', async () => {
    const { tap, traffic, heard, client } = await scene();
    const socket = await client();
    await until(() => heard.length === 1, 'the hello');
    tap.freeze();
    socket.send(beat(1));
    await until(() => traffic.beats.length === 1, 'the heartbeat leaves');
    const alone = new WebSocket(`ws://127.0.0.1:${tap.port}/`);
    onTestFinished(() => alone.terminate());
    const opened = once(alone, 'open');
    expect(traffic.beats[0]?.passedMs).toBeUndefined();
    expect(heard).toHaveLength(1);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    tap.thaw();
    await opened;
    await until(() => traffic.acks[0]?.passedMs !== undefined, 'the ack');
  });

  it('does not tell the far end that the near one died while it was frozen', async () => {
    const { tap, traffic, heard, client } = await scene();
    const socket = await client();
    await until(() => heard.length === 1, 'the hello');
    tap.freeze();
    socket.send(beat(1), () => socket.terminate());
    await once(socket, 'close');
    await until(() => traffic.connections[0]?.closedMs !== undefined, 'the near end is gone');
    expect(heard).toHaveLength(1);
    tap.thaw();
    await until(() => heard.length === 2, 'what was on its way comes');
  });

  it('notes that the far end has closed, though the near one cannot know yet', async () => {
    const { tap, traffic, heard, client, hangUp } = await scene();
    await client();
    await until(() => heard.length === 1, 'the hello');
    tap.freeze();
    hangUp();
    await until(() => traffic.connections[0]?.farClosedMs !== undefined, 'the far end closes');
    expect(traffic.connections[0]?.closedMs).toBeUndefined();
    tap.thaw();
    await until(() => traffic.connections[0]?.closedMs !== undefined, 'the near end hears of it');
  });

  it('gives bytes as slowly as it is told, in order, delay and loss on top', async () => {
    const { tap, traffic, client } = await scene({ delayMs: 20, lossMs: () => 10 });
    const socket = await client();
    tap.slow(2_000);
    const startMs = Date.now();
    for (let seq = 1; seq <= 6; seq += 1) socket.send(beat(seq));
    await until(() => traffic.beats[5]?.passedMs !== undefined, 'the last heartbeat');
    // 6 × ~150 bytes at 2,000 a second.
    expect(Date.now() - startMs).toBeGreaterThan(300);
    const passed = traffic.beats.map((each) => each.passedMs ?? 0);
    expect(passed).toEqual([...passed].sort((a, b) => a - b));
  });

  it('lets pass unread what is no WebSocket', async () => {
    const { tap, traffic } = await scene();
    const socket: Socket = connect(tap.port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('426');
    expect(traffic.beats).toEqual([]);
  });
});

describe('the reader of frames', () => {
  it('finds texts however the bytes are cut', () => {
    const long = 'x'.repeat(70_000);
    const head = Buffer.from('HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n');
    const bytes = Buffer.concat([head, frame('ab'), frame(long), frame('y'.repeat(300))]);
    for (const step of [1, 7, 1_000, bytes.length]) {
      const reader = new FrameReader();
      const texts = [];
      for (let at = 0; at < bytes.length; at += step)
        texts.push(...reader.push(bytes.subarray(at, at + step)));
      expect(texts.map(({ text }) => text.length)).toEqual([2, 70_000, 300]);
      expect(texts.map(({ endByte }) => endByte)).toEqual([
        head.length + 4,
        head.length + 4 + 70_010,
        bytes.length,
      ]);
    }
  });

  it('joins a text that came in parts with a ping between them', () => {
    const reader = new FrameReader();
    const texts = reader.push(
      Buffer.concat([
        Buffer.from('GET / HTTP/1.1\r\nUpgrade: WebSocket\r\n\r\n'),
        Buffer.from([0x01, 1, 0x61]),
        Buffer.from([0x89, 0]),
        Buffer.from([0x80, 1, 0x62]),
      ]),
    );
    expect(texts.map(({ text }) => text)).toEqual(['ab']);
  });
});

/** A whole text frame as a server sends it. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length < 126) return Buffer.concat([Buffer.from([0x81, payload.length]), payload]);
  const isShort = payload.length < 65_536;
  const length = Buffer.alloc(isShort ? 2 : 8);
  if (isShort) length.writeUInt16BE(payload.length);
  else length.writeBigUInt64BE(BigInt(payload.length));
  return Buffer.concat([Buffer.from([0x81, isShort ? 126 : 127]), length, payload]);
}
