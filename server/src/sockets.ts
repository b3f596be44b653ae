import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { RefusalLog, closeCodes, limits, type CloseCodeName } from '@ppe-pulse/protocol';
import { channelOf } from './access/channel.ts';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Log } from './log.ts';
import { UnprovenSockets, networkOf, type Admission } from './unproven.ts';

/** A client's end of a socket: the simulator speaks to a collector as agents do. */
export { WebSocket as SocketClient } from 'ws';

/** A WebSocket that carries text frames only. The rest of the server knows no other. */
export interface TextSocket {
  /** Peer's address for logs. */
  readonly remote: string;
  /** Binds a handshake to the TLS connection under the socket; empty without TLS. */
  readonly channel: string;
  /** Bytes waiting in our memory for a slow peer. */
  readonly bufferedBytes: number;
  onText(handle: (text: string) => void): void;
  onClose(handle: (code: number) => void): void;
  /**
   * Sends text; a frame for a socket that is closing is dropped. A peer that has left more than its
   * path's `maxBufferedBytes` unread is closed with `tooSlow`.
   */
  send(frame: string | Buffer): void;
  /**
   * Sends what a peer must have first, however large it is: while it is read, the path's limit is for
   * what comes after it. Buffers may wait for many peers, so that they cost their size once.
   */
  sendFirst(frames: readonly Buffer[]): void;
  /** Closes with the code; the first close of a socket is counted by its reason. */
  close(code: number, reason: string): void;
  /** The peer has shown who it is: it no longer holds a place among the unproven. */
  proven(): void;
  /**
   * Pings and tells whether the pong came within the time: false is a half-open line, or a socket
   * that is closed. One question at a time: who asks meanwhile gets the same answer.
   */
  isAlive(withinMs: number): Promise<boolean>;
}

/** Who comes in by a path. */
export type Door = 'agent' | 'board';

/** Why an upgrade was refused before there was a socket. */
export interface UpgradeRefusal {
  readonly status: 401 | 404 | 503;
}

/** The reasons by which refused upgrades are counted. */
export type UpgradeRefusalReason =
  | 'badRequest'
  | 'notSignedIn'
  | 'notFound'
  | 'unavailable'
  | Extract<Admission, { kind: 'refused' }>['reason'];

/** What sockets count; `/metrics` shows it. */
export interface SocketCounters {
  /** A socket that we closed, once each. */
  closed(door: Door, name: CloseCodeName): void;
  refused(reason: UpgradeRefusalReason): void;
  /** Sockets that are open and not proven, now. */
  unproven(count: number): void;
}

/** One path of the HTTP server that upgrades to sockets. */
export interface SocketPath {
  readonly path: string;
  readonly subprotocol: string;
  readonly door: Door;
  readonly maxFrameBytes: number;
  readonly maxBufferedBytes: number;
  /** True when `refuse` has seen a credential; false for peers that prove themselves in the socket. */
  readonly isProvenAtUpgrade: boolean;
  /** Decides before the upgrade; undefined lets it through. */
  readonly refuse: (request: IncomingMessage) => UpgradeRefusal | undefined;
  /** Is told of every socket before it says a word. */
  readonly opened?: (request: IncomingMessage, socket: TextSocket) => void;
}

/** Sockets of one path, by subprotocol. */
export interface SocketServer {
  onSocket(subprotocol: string, handle: (socket: TextSocket) => void): void;
  /** Waits a moment for peers to answer the closes that were sent, then cuts the rest. */
  close(): Promise<void>;
}

/** Where sockets report to. */
export interface SocketReports {
  readonly log: Log;
  readonly counters: SocketCounters;
}

/** A peer that does not answer our close is cut after this. */
const CLOSE_GRACE_MS = 2_000;
/** Pings and pongs are counted in windows of this length against `controlFramesPerSecond`. */
const CONTROL_WINDOW_MS = 10_000;
const reasonOfStatus = { 401: 'notSignedIn', 404: 'notFound', 503: 'unavailable' } as const;
const statusTexts = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  503: 'Service Unavailable',
} as const;
const closeNames = new Map<number, CloseCodeName>(
  Object.entries(closeCodes).map(([name, { code }]) => [code, name as CloseCodeName]),
);
/** Errors of ws by what it closes with; its others are broken framing, 1002. */
const closeNamesOfErrors: Readonly<Record<string, CloseCodeName>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'frameTooBig',
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 'frameTooBig',
  WS_ERR_INVALID_UTF8: 'notUtf8',
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 'tooManyPieces',
};

/** Serves WebSockets on an HTTP server. Compression stays off: it costs 5–90 times the CPU. */
export function createSocketServer(
  server: Server,
  paths: readonly SocketPath[],
  reports: SocketReports,
): SocketServer {
  const { log, counters } = reports;
  const handlers = new Map<string, (socket: TextSocket) => void>();
  const unproven = new UnprovenSockets({
    inAll: limits.unprovenSockets,
    perAddress: limits.unprovenSocketsPerAddress,
  });
  const refusals = new RefusalLog();
  const servers = new Map(paths.map((each) => [each.path, openPath(each, counters)]));
  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on('error', (error) => log.debug({ error: error.message }, 'socket error at upgrade'));
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const found = servers.get(path);
    const refusal = found ? found.refuse(request) : ({ status: 404 } as const);
    if (!found || refusal) {
      const status = refusal?.status ?? 404;
      counters.refused(reasonOfStatus[status]);
      refuse(stream, status);
      return;
    }
    const remote = request.socket.remoteAddress ?? '';
    const place = found.isProvenAtUpgrade ? undefined : unproven.admit(remote);
    if (place?.kind === 'refused') {
      counters.refused(place.reason);
      refuse(stream, 503);
      return;
    }
    counters.unproven(unproven.count);
    const leave = (): void => {
      place?.leave();
      counters.unproven(unproven.count);
    };
    // Of the stream, not of the socket: an upgrade may fail before there is one.
    stream.once('close', leave);
    found.sockets.handleUpgrade(request, stream, head, (socket) => {
      const handle = handlers.get(found.subprotocol);
      const text = textSocket(
        socket,
        { ...found, remote, leave, refusals, channel: channelOf(request.socket) },
        reports,
      );
      if (socket.protocol !== found.subprotocol || !handle) {
        text.close(closeCodes.unsupportedProtocol.code, closeCodes.unsupportedProtocol.reason);
        return;
      }
      found.opened?.(request, text);
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

function openPath(
  path: SocketPath,
  counters: SocketCounters,
): SocketPath & { readonly sockets: WebSocketServer } {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: path.maxFrameBytes,
    maxFragments: limits.framePieces,
    maxBufferedChunks: limits.framePieces,
    // Pongs are counted and bounded like everything else that goes out.
    autoPong: false,
    handleProtocols: (offered) => (offered.has(path.subprotocol) ? path.subprotocol : false),
    clientTracking: true,
  });
  sockets.on('wsClientError', (_error, stream: Duplex) => {
    counters.refused('badRequest');
    refuse(stream, 400);
  });
  return { ...path, sockets };
}

/** The stream is ours since the upgrade: nobody else cuts a peer that does not hang up. */
function refuse(stream: Duplex, status: keyof typeof statusTexts): void {
  const more = status === 503 ? `Retry-After: ${Math.ceil(limits.refusedRetryMs / 1_000)}\r\n` : '';
  stream.once('finish', () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${statusTexts[status]}\r\n${more}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

/** What a socket was admitted with. */
interface Admitted extends SocketPath {
  readonly remote: string;
  readonly channel: string;
  readonly leave: () => void;
  readonly refusals: RefusalLog;
}

function textSocket(socket: WebSocket, admitted: Admitted, reports: SocketReports): TextSocket {
  const { remote, channel, door, maxBufferedBytes, leave } = admitted;
  const { log, counters } = reports;
  socket.binaryType = 'nodebuffer';
  let isClosedByUs = false;
  const count = (name: CloseCodeName | undefined): void => {
    if (name && !isClosedByUs) counters.closed(door, name);
    isClosedByUs = true;
  };
  const close = (code: number, reason: string): void => {
    if (socket.readyState !== socket.OPEN) return;
    count(closeNames.get(code));
    socket.close(code, reason);
    cutAfterGrace(socket);
  };
  const closeAs = (name: CloseCodeName): void =>
    close(closeCodes[name].code, closeCodes[name].reason);
  let firstBytes = 0;
  const isRead = (): boolean => {
    if (socket.bufferedAmount <= maxBufferedBytes) firstBytes = 0;
    if (socket.bufferedAmount <= maxBufferedBytes + firstBytes) return true;
    closeAs('tooSlow');
    return false;
  };
  // ws reports a peer's broken frame here, after it has closed with the right code by itself.
  socket.on('error', (error: NodeJS.ErrnoException) => {
    count(closeNameOfError(error.code));
    cutAfterGrace(socket);
    const untold = admitted.refusals.tell(networkOf(remote), performance.now());
    if (untold !== undefined) log.warn({ remote, error: error.message, untold }, 'socket error');
  });
  limitControlFrames(socket, closeAs, (data) => {
    if (socket.readyState === socket.OPEN && isRead()) socket.pong(data);
  });
  cutWhoTalksOn(socket, admitted.maxFrameBytes);
  return {
    remote,
    channel,
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    onText: (handle) => {
      socket.on('message', (data: RawData, isBinary) => {
        // Frames that were on their way when we closed are nobody's any more.
        if (socket.readyState !== socket.OPEN) return;
        if (isBinary || !Buffer.isBuffer(data)) return closeAs('badFrame');
        handle(data.toString('utf8'));
      });
    },
    onClose: (handle) => {
      socket.on('close', (code) => handle(code));
    },
    send: (frame) => {
      if (socket.readyState === socket.OPEN && isRead()) socket.send(frame, { binary: false });
    },
    sendFirst: (frames) => {
      if (socket.readyState !== socket.OPEN || !isRead()) return;
      firstBytes = frames.reduce((sum, frame) => sum + frame.length, 0);
      for (const frame of frames) socket.send(frame, { binary: false });
    },
    close,
    proven: leave,
    isAlive: createPinger(socket),
  };
}

function cutAfterGrace(socket: WebSocket): void {
  const timer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
  socket.once('close', () => clearTimeout(timer));
}

/** What ws closed with, undefined when the line just broke. */
function closeNameOfError(code = ''): CloseCodeName | undefined {
  return closeNamesOfErrors[code] ?? (code.startsWith('WS_ERR_') ? 'brokenFraming' : undefined);
}

/** Frames below the messages cost time as well, and no session counts them. */
function limitControlFrames(
  socket: WebSocket,
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

/** After our close a peer may finish its frame and say its own; whoever goes on flooding is cut. */
function cutWhoTalksOn(socket: WebSocket, maxBytes: number): void {
  let lateBytes = 0;
  const late = (data: RawData): void => {
    if (socket.readyState === socket.OPEN) return;
    // Frames without a byte cost their header.
    lateBytes += 2 + (Buffer.isBuffer(data) ? data.length : maxBytes);
    if (lateBytes > maxBytes) socket.terminate();
  };
  socket.on('message', late);
  socket.on('ping', late);
  socket.on('pong', late);
}

function createPinger(socket: WebSocket): (withinMs: number) => Promise<boolean> {
  let asked = 0;
  let answer: Promise<boolean> | undefined;
  const ask = async (withinMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      const question = Buffer.from(`alive ${(asked += 1)}`);
      const done = (isAlive: boolean): void => {
        clearTimeout(timer);
        socket.off('pong', heard);
        socket.off('close', gone);
        answer = undefined;
        resolve(isAlive);
      };
      const heard = (data: Buffer): void => {
        if (data.equals(question)) done(true);
      };
      const gone = (): void => done(false);
      const timer = setTimeout(gone, withinMs);
      socket.on('pong', heard);
      socket.on('close', gone);
      socket.ping(question);
    });
  return async (withinMs) => {
    if (socket.readyState !== socket.OPEN) return false;
    answer ??= ask(withinMs);
    return answer;
  };
}
