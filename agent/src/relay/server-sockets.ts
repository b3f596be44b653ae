import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { closeCodes, limits, type CloseCodeName, type PeerSocket } from '@ppe-pulse/protocol';
import { WebSocketServer, type RawData, type ServerSocket } from '../link/socket.ts';
import { channelOf } from '../link/trust.ts';

/** Why an upgrade is refused. A 503 says when to come again. */
export interface UpgradeRefusal {
  readonly status: 403 | 404 | 503;
}

/** The one path of a server that upgrades to sockets. */
export interface SocketPath {
  readonly path: string;
  readonly subprotocol: string;
  readonly maxFrameBytes: number;
  /** A peer that leaves more than this unread is closed with `tooSlow`. */
  readonly maxBufferedBytes: number;
  /** Decides before the upgrade: a refusal, or what is called when the peer is no stranger any more. */
  readonly admit: (request: IncomingMessage) => UpgradeRefusal | { readonly leave: () => void };
}

/** A peer that does not answer our close is cut after this. */
const CLOSE_GRACE_MS = 2_000;
/** A stop waits this long for all of them. */
const STOP_GRACE_MS = 500;
/** Pings and pongs are counted in windows of this length. */
const CONTROL_WINDOW_MS = 10_000;
const statusTexts = { 403: 'Forbidden', 404: 'Not Found', 503: 'Service Unavailable' } as const;

/** Serves text-only sockets at one path. Closing waits a moment for peers to answer theirs. */
export function serveSockets(
  server: Server,
  path: SocketPath,
  handle: (socket: PeerSocket) => void,
): { close(): Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: path.maxFrameBytes,
    maxFragments: limits.framePieces,
    maxBufferedChunks: limits.framePieces,
    autoPong: false,
    handleProtocols: (offered) => (offered.has(path.subprotocol) ? path.subprotocol : false),
  });
  sockets.on('wsClientError', (_error, stream: Duplex) => stream.destroy());
  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    // A stream that breaks at the upgrade has nobody else to tell.
    stream.on('error', () => stream.destroy());
    const isOurs = (request.url ?? '').split('?', 1)[0] === path.path;
    const admission = isOurs ? path.admit(request) : ({ status: 404 } as const);
    if ('status' in admission) {
      refuse(stream, admission.status);
      return;
    }
    stream.once('close', admission.leave);
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const remote = request.socket.remoteAddress ?? '';
      const channel = channelOf(request.socket).binding;
      const text = textSocket(socket, { ...path, remote, channel, leave: admission.leave });
      if (socket.protocol === path.subprotocol) handle(text);
      else text.close(closeCodes.unsupportedProtocol.code, closeCodes.unsupportedProtocol.reason);
    });
  };
  server.on('upgrade', upgrade);
  return {
    close: async () => {
      server.off('upgrade', upgrade);
      const open = [...sockets.clients];
      await Promise.race([
        Promise.all(open.map((socket) => once(socket, 'close'))),
        pause(STOP_GRACE_MS, undefined, { ref: false }),
      ]);
      for (const socket of open) socket.terminate();
      sockets.close();
    },
  };
}

function refuse(stream: Duplex, status: keyof typeof statusTexts): void {
  const more = status === 503 ? `Retry-After: ${Math.ceil(limits.refusedRetryMs / 1_000)}\r\n` : '';
  stream.once('finish', () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${statusTexts[status]}\r\n${more}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

interface Admitted extends SocketPath {
  readonly remote: string;
  readonly channel: string;
  readonly leave: () => void;
}

function textSocket(socket: ServerSocket, admitted: Admitted): PeerSocket {
  socket.binaryType = 'nodebuffer';
  const close = (code: number, reason: string): void => {
    if (socket.readyState !== socket.OPEN) return;
    socket.close(code, reason);
    cutAfterGrace(socket);
  };
  const closeAs = (name: CloseCodeName): void =>
    close(closeCodes[name].code, closeCodes[name].reason);
  const isRead = (): boolean => {
    if (socket.bufferedAmount <= admitted.maxBufferedBytes) return true;
    closeAs('tooSlow');
    return false;
  };
  // ws has closed with the right code by itself; a peer that does not go is cut.
  socket.on('error', () => cutAfterGrace(socket));
  limitControlFrames(socket, closeAs, (data) => {
    if (socket.readyState === socket.OPEN && isRead()) socket.pong(data);
  });
  return {
    remote: admitted.remote,
    channel: admitted.channel,
    onText: (handle) => {
      socket.on('message', (data: RawData, isBinary: boolean) => {
        // Frames that were on their way when we closed are nobody's any more.
        if (socket.readyState !== socket.OPEN) return;
        if (isBinary || !Buffer.isBuffer(data)) closeAs('badFrame');
        else handle(data.toString('utf8'));
      });
    },
    onClose: (handle) => {
      socket.on('close', (code: number) => handle(code));
    },
    send: (text) => {
      if (socket.readyState === socket.OPEN && isRead()) socket.send(text);
    },
    close,
    proven: admitted.leave,
  };
}

function cutAfterGrace(socket: ServerSocket): void {
  const timer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
  socket.once('close', () => clearTimeout(timer));
}

/** Frames below the messages cost time as well, and no session counts them. */
function limitControlFrames(
  socket: ServerSocket,
  closeAs: (name: CloseCodeName) => void,
  answer: (data: Buffer) => void,
): void {
  let windowStartMs = Number.NEGATIVE_INFINITY;
  let frames = 0;
  const isWithinRate = (): boolean => {
    const nowMs = performance.now();
    if (nowMs - windowStartMs >= CONTROL_WINDOW_MS) {
      windowStartMs = nowMs;
      frames = 0;
    }
    frames += 1;
    if (frames <= (limits.controlFramesPerSecond * CONTROL_WINDOW_MS) / 1_000) return true;
    closeAs('tooManyFrames');
    return false;
  };
  socket.on('ping', (data: Buffer) => {
    if (isWithinRate()) answer(data);
  });
  socket.on('pong', isWithinRate);
}
