import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeCodes } from '@ppe-pulse/protocol';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Log } from './log.ts';

/** A WebSocket that carries text frames only. The rest of the server knows no other. */
export interface TextSocket {
  /** Peer's address for logs. */
  readonly remote: string;
  /** Bytes waiting in our memory for a slow peer. */
  readonly bufferedBytes: number;
  onText(handle: (text: string) => void): void;
  onClose(handle: (code: number) => void): void;
  /** Sends text; a frame for a socket that is closing is dropped. */
  send(frame: string | Buffer): void;
  close(code: number, reason: string): void;
}

/** Why an upgrade was refused before there was a socket. */
export interface UpgradeRefusal {
  readonly status: 401 | 404 | 503;
}

/** One path of the HTTP server that upgrades to sockets. */
export interface SocketPath {
  readonly path: string;
  readonly subprotocol: string;
  readonly maxFrameBytes: number;
  /** Decides before the upgrade; undefined lets it through. */
  readonly refuse: (request: IncomingMessage) => UpgradeRefusal | undefined;
}

/** Sockets of one path, by subprotocol. */
export interface SocketServer {
  onSocket(subprotocol: string, handle: (socket: TextSocket) => void): void;
  /** Waits a moment for peers to answer the closes that were sent, then cuts the rest. */
  close(): Promise<void>;
}

/** A peer that does not answer our close is cut after this. */
const CLOSE_GRACE_MS = 2_000;

/** Serves WebSockets on an HTTP server. Compression stays off: it costs 5–90 times the CPU. */
export function createSocketServer(
  server: Server,
  paths: readonly SocketPath[],
  log: Log,
): SocketServer {
  const handlers = new Map<string, (socket: TextSocket) => void>();
  const servers = new Map(
    paths.map((each) => [
      each.path,
      {
        ...each,
        sockets: new WebSocketServer({
          noServer: true,
          perMessageDeflate: false,
          maxPayload: each.maxFrameBytes,
          handleProtocols: (offered) => (offered.has(each.subprotocol) ? each.subprotocol : false),
          clientTracking: true,
        }),
      },
    ]),
  );
  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on('error', (error) => log.debug({ error: error.message }, 'socket error at upgrade'));
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const found = servers.get(path);
    if (!found) return refuse(stream, 404);
    const refusal = found.refuse(request);
    if (refusal) return refuse(stream, refusal.status);
    found.sockets.handleUpgrade(request, stream, head, (socket) => {
      const handle = handlers.get(found.subprotocol);
      const text = textSocket(socket, request.socket.remoteAddress ?? '', log);
      if (socket.protocol !== found.subprotocol || !handle) {
        text.close(closeCodes.unsupportedProtocol.code, closeCodes.unsupportedProtocol.reason);
        return;
      }
      handle(text);
    });
  };
  server.on('upgrade', upgrade);
  return {
    onSocket: (subprotocol, handle) => {
      handlers.set(subprotocol, handle);
    },
    close: async () => {
      server.off('upgrade', upgrade);
      const open = [...servers.values()].flatMap(({ sockets }) => [...sockets.clients]);
      await Promise.race([
        Promise.all(open.map((socket) => once(socket, 'close'))),
        sleep(CLOSE_GRACE_MS, undefined, { ref: false }),
      ]);
      for (const socket of open) socket.terminate();
      for (const { sockets } of servers.values()) sockets.close();
    },
  };
}

function refuse(stream: Duplex, status: UpgradeRefusal['status']): void {
  stream.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function textSocket(socket: WebSocket, remote: string, log: Log): TextSocket {
  socket.binaryType = 'nodebuffer';
  // ws reports a peer's broken frame here and then closes with the right code by itself.
  socket.on('error', (error) => log.warn({ remote, error: error.message }, 'socket error'));
  const close = (code: number, reason: string): void => {
    socket.close(code, reason);
    const timer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
    socket.once('close', () => clearTimeout(timer));
  };
  return {
    remote,
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    onText: (handle) => {
      socket.on('message', (data: RawData, isBinary) => {
        // Frames that were on their way when we closed are nobody's any more.
        if (socket.readyState !== socket.OPEN) return;
        if (isBinary || !Buffer.isBuffer(data)) {
          close(closeCodes.badFrame.code, closeCodes.badFrame.reason);
          return;
        }
        handle(data.toString('utf8'));
      });
    },
    onClose: (handle) => {
      socket.on('close', (code) => handle(code));
    },
    send: (frame) => {
      if (socket.readyState === socket.OPEN) socket.send(frame, { binary: false });
    },
    close,
  };
}
