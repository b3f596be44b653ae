import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HttpExchange } from '../../agent/src/platform/http-exchange.ts';
import { IppSource } from '../../agent/src/probes/printer/ipp-source.ts';
import { SnmpSource } from '../../agent/src/probes/printer/snmp-source.ts';
import { fuzzSeed } from '../support/fuzz.ts';

/** A printer over TCP that does one thing, and how many bytes it could get rid of. */
async function printerThat(acts: (socket: Socket, written: (bytes: number) => void) => void) {
  const sockets = new Set<Socket>();
  let wasted = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => acts(socket, (bytes) => (wasted += bytes)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const exchange = new HttpExchange();
  onTestFinished(() => {
    exchange.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const source = new IppSource(`ipp://127.0.0.1:${port}/ipp/print`, exchange);
  return {
    wasted: () => wasted,
    async look() {
      const startMs = performance.now();
      const look = await source.look(0, new AbortController().signal);
      return {
        reason: look.kind === 'failed' ? look.reason : look.kind,
        tookMs: performance.now() - startMs,
      };
    },
  };
}

const head = (length: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/ipp\r\n${length}\r\n\r\n`;

/** Writes for as long as somebody reads. */
function pour(socket: Socket, written: (bytes: number) => void, fill = 'a'): void {
  const piece = Buffer.alloc(64 * 1024, fill);
  const more = (): void => {
    while (!socket.destroyed) {
      written(piece.length);
      if (!socket.write(piece)) break;
    }
  };
  socket.on('drain', more);
  more();
}

describe('an IPP printer', () => {
  it.each<[string, Parameters<typeof printerThat>[0], string]>([
    ['says nothing', () => undefined, 'noAnswer'],
    [
      'drips a byte a 50 ms',
      (socket) => {
        socket.write(head('content-length: 5000'));
        const timer = setInterval(() => socket.write('\u0001'), 50);
        socket.on('close', () => clearInterval(timer));
      },
      'noAnswer',
    ],
    [
      'promises 4 GB and sends them',
      (socket, written) => {
        socket.write(head('content-length: 4294967296'));
        pour(socket, written);
      },
      'badAnswer',
    ],
    [
      'sends a head without end',
      (socket, written) => {
        socket.write('HTTP/1.1 200 OK\r\nx: ');
        pour(socket, written);
      },
      'badAnswer',
    ],
    [
      'sends blanks without end',
      (socket, written) => {
        socket.write('HTTP/1.1 200 OK\r\nx: ');
        pour(socket, written, ' ');
      },
      'badAnswer',
    ],
    ['is no web server', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'badAnswer'],
    [
      'hangs up in the middle',
      (socket) => socket.end(`${head('content-length: 500')}\u0001\u0001`),
      'badAnswer',
    ],
    [
      'answers a page for people',
      (socket) => socket.end(`${head('content-length: 12')}<html></html`),
      'badAnswer',
    ],
    [
      'wants a login',
      (socket) => socket.end('HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n'),
      'unauthorised',
    ],
    [
      'has no such path',
      (socket) => socket.end('HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n'),
      'notFound',
    ],
    [
      'sends one elsewhere',
      (socket) =>
        socket.end('HTTP/1.1 302 Go\r\nlocation: http://192.0.2.1/\r\ncontent-length: 0\r\n\r\n'),
      'badAnswer',
    ],
  ])('that %s is cut off', { timeout: 10_000 }, async (_, acts, reason) => {
    const printer = await printerThat(acts);
    const look = await printer.look();
    expect(look.reason).toBe(reason);
    expect(look.tookMs).toBeLessThan(5_000);
    // What buffers hold, and what comes between two looks at the socket, is on top of the budget.
    expect(printer.wasted()).toBeLessThan(200 * 1024 * 1024);
  });
});

/** An SNMP agent that answers each datagram as it likes. */
async function agentThat(answers: (request: Buffer) => readonly Buffer[]) {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (request, from) => {
    asked += 1;
    for (const reply of answers(request)) socket.send(reply, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const source = new SnmpSource({ host: '127.0.0.1', port, community: 'public' });
  onTestFinished(() => {
    source.close();
    socket.close();
  });
  return {
    asked: () => asked,
    async look() {
      const startMs = performance.now();
      const look = await source.look(startMs);
      return { look, tookMs: performance.now() - startMs };
    },
  };
}

/** Rewrites a request into its own reply: PDU type GetResponse, every value an integer or a NULL. */
function echo(request: Buffer): Buffer {
  const reply = Buffer.from(request);
  const pdu = reply.findIndex((byte, at) => at > 8 && (byte === 0xa0 || byte === 0xa1));
  if (pdu >= 0) reply[pdu] = 0xa2;
  return reply;
}

describe('an SNMP agent', () => {
  it.each<[string, (request: Buffer) => readonly Buffer[]]>([
    ['says nothing', () => []],
    ['answers nonsense', () => [Buffer.from('not SNMP at all')]],
    ['answers half a message', (request) => [request.subarray(0, request.length / 2)]],
    ['claims 2 GB', () => [Buffer.from('3084ffffffff020101', 'hex')]],
    ['nests without end', () => [Buffer.from('30'.repeat(1_400), 'hex')]],
    ['answers a thousand times', (request) => Array.from({ length: 1_000 }, () => request)],
    ['gives back what it was asked, without values', (request) => [echo(request)]],
  ])('that %s is given up in time', { timeout: 15_000 }, async (_, answers) => {
    const agent = await agentThat(answers);
    const { look, tookMs } = await agent.look();
    expect(tookMs).toBeLessThan(9_000);
    expect(agent.asked()).toBeLessThan(200);
    if (look.kind === 'failed') expect(['noAnswer', 'badAnswer']).toContain(look.reason);
    else expect(look.sighting.lifePages).toBeUndefined();
  });

  it('is survived whatever bytes come', { timeout: 30_000 }, async () => {
    const seed = fuzzSeed('SNMP datagrams');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(), async (noise, at) => {
        const agent = await agentThat((request) => {
          const reply = echo(request);
          for (const [offset, byte] of noise.entries()) {
            if (byte % 7 === 0) reply[(at + offset) % reply.length] = byte;
          }
          return [reply, Buffer.from(noise)];
        });
        const { look } = await agent.look();
        expect(['seen', 'failed']).toContain(look.kind);
      }),
      { seed, numRuns: 12, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: false },
    );
  });
});
