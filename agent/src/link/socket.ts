import { Agent as SecureAgent } from 'node:https';
import { AGENT_PATH, AGENT_SUBPROTOCOL, limits } from '@ppe-pulse/protocol';
import { WebSocket, type RawData } from 'ws';

/** The listening side of a relay: this file is the one that knows the library. */
export { WebSocketServer, type RawData, type WebSocket as ServerSocket } from 'ws';

import { channelOf, tlsOptions, type Channel, type Trust } from './trust.ts';

/** What a socket tells its owner. */
export interface SocketListener {
  opened(channel: Channel): void;
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

/** Opens sockets to one listener; a TLS session that a collector gave is taken up again at the next. */
export class Dialer {
  readonly #trust: Trust;
  readonly #agent: SecureAgent | undefined;

  constructor(trust: Trust) {
    this.#trust = trust;
    // A session that is taken up again has no certificate (seen), and a relay's key is in its own. A ППЭ
    // has twenty PCs, a collector three thousand.
    const maxCachedSessions = trust.relayOf === undefined ? 1 : 0;
    this.#agent = trust.url.startsWith('wss:')
      ? new SecureAgent({ ...tlsOptions(trust), keepAlive: false, maxCachedSessions })
      : undefined;
  }

  /** No compression: it costs 5–90 times the CPU. */
  open(listener: SocketListener): AgentSocket {
    const url = new URL(AGENT_PATH, this.#trust.url);
    const socket = new WebSocket(url, AGENT_SUBPROTOCOL, {
      perMessageDeflate: false,
      maxPayload: limits.collectorFrameBytes,
      handshakeTimeout: limits.handshakeMs,
      followRedirects: false,
      ...(this.#agent && { agent: this.#agent }),
    });
    return agentSocket(socket, listener);
  }
}

function agentSocket(socket: WebSocket, listener: SocketListener): AgentSocket {
  socket.binaryType = 'nodebuffer';
  let channel: Channel = { binding: '', peerKey: undefined };
  socket.on('upgrade', (response) => (channel = channelOf(response.socket)));
  let isAbandoned = false;
  let detail = '';
  let retryAfterMs: number | undefined;
  socket.on('open', () => {
    if (!isAbandoned) listener.opened(channel);
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
