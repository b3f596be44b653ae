import { AGENT_PATH, AGENT_SUBPROTOCOL, limits } from '@ppe-pulse/protocol';
import { WebSocket, type RawData } from 'ws';

/** The listening side of a relay: this file is the one that knows the library. */
export { WebSocketServer, type RawData, type WebSocket as ServerSocket } from 'ws';

/** What a socket tells its owner. */
export interface SocketListener {
  opened(): void;
  text(text: string): void;
  /**
   * Once, whatever the cause; 1006 when there was no close frame. `retryAfterMs`: the collector
   * refused the upgrade and said when to ask again.
   */
  closed(code: number, detail: string, retryAfterMs?: number): void;
}

/** A text-only client socket. */
export interface AgentSocket {
  send(text: string): void;
  /** Bytes that the line has not taken yet. */
  readonly bufferedBytes: number;
  close(code: number, reason: string): void;
  /** Cuts it without a word; `closed` is not called any more. */
  abandon(): void;
}

/** Opens a socket to `url` (ws://host:port). No compression: it costs 5–90 times the CPU. */
export function openSocket(url: string, listener: SocketListener): AgentSocket {
  const socket = new WebSocket(new URL(AGENT_PATH, url), AGENT_SUBPROTOCOL, {
    perMessageDeflate: false,
    maxPayload: limits.collectorFrameBytes,
    handshakeTimeout: limits.handshakeMs,
    followRedirects: false,
  });
  socket.binaryType = 'nodebuffer';
  let isAbandoned = false;
  let detail = '';
  let retryAfterMs: number | undefined;
  socket.on('open', () => {
    if (!isAbandoned) listener.opened();
  });
  socket.on('message', (data: RawData, isBinary) => {
    if (isAbandoned || isBinary || !Buffer.isBuffer(data)) return;
    listener.text(data.toString('utf8'));
  });
  socket.on('unexpected-response', (_request, response) => {
    detail = `HTTP ${response.statusCode ?? 0}`;
    retryAfterMs = retryAfterOf(response.headers['retry-after']);
    // The close event follows.
    socket.terminate();
  });
  // The close event follows every error; here it only gets its cause.
  socket.on('error', (error) => (detail ||= error.message));
  socket.on('close', (code, reason) => {
    if (!isAbandoned) listener.closed(code, detail || reason.toString('utf8'), retryAfterMs);
  });
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    close: (code, reason) => socket.close(code, reason),
    abandon: () => {
      isAbandoned = true;
      socket.terminate();
    },
  };
}

/** Seconds of a `Retry-After` (RFC 9110) as milliseconds; its date form is not used by collectors. */
function retryAfterOf(header: string | undefined): number | undefined {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) && seconds > 0
    ? seconds * 1_000
    : undefined;
}
