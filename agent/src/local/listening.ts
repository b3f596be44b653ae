import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { limits, type Timers } from '@ppe-pulse/protocol';
import { codeOf } from '../platform/errors.ts';
import type { ServerTls } from '../platform/identity.ts';
import type { Log } from '../platform/log.ts';

/** Where a server shall listen. */
export interface ListenAt {
  readonly what: string;
  readonly host: string;
  readonly port: number;
  /** TCP connections at once; more are cut. */
  readonly maxConnections: number;
  /** With it everything that it says goes over TLS. */
  readonly tls?: ServerTls | undefined;
  /** How often slow callers are looked for, ms; whoever listens to this PC alone need not wake it for that. */
  readonly lookEveryMs?: number;
  /** Why it must not listen at all, as its fault. */
  readonly forbidden?: string | undefined;
}

/** A port that is taken is asked for again this often: the other program may go. */
const AGAIN_MS = 10_000;
/** Callers that take too long are looked for this often where the LAN calls. */
const LOOK_MS = 1_000;

/**
 * An HTTP server that goes on asking for its port. A port that is taken must not stop the agent: its
 * own measuring does not depend on it.
 */
export class Listening {
  readonly server: Server;
  readonly #at: ListenAt;
  readonly #timers: Timers;
  readonly #log: Log;
  #timer: unknown;
  #isStopped = false;
  #fault: string | null = null;

  constructor(at: ListenAt, answer: RequestListener, world: { timers: Timers; log: Log }) {
    this.#at = at;
    this.#timers = world.timers;
    this.#log = world.log;
    const bounds = {
      headersTimeout: limits.requestHeadMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: at.lookEveryMs ?? LOOK_MS,
      keepAliveTimeout: 5_000,
    };
    this.server = at.tls
      ? createSecureServer({ ...bounds, ...at.tls, handshakeTimeout: limits.handshakeMs }, answer)
      : createServer(bounds, answer);
    this.server.maxConnections = at.maxConnections;
    this.server.on('error', (error) => this.#failed(error));
  }

  /** The port that was really taken, null while there is none. */
  get port(): number | null {
    const address = this.server.listening ? (this.server.address() as AddressInfo) : undefined;
    return address?.port ?? null;
  }

  /** Why it does not listen, null when it does. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Resolves when it listens or has failed for the first time. */
  async start(): Promise<void> {
    const { forbidden, what, host, port } = this.#at;
    if (forbidden !== undefined) {
      this.#fault = forbidden;
      this.#log.error({ host, port, fault: forbidden }, `${what} does not listen`);
      return;
    }
    await new Promise<void>((resolve) => {
      this.server.once('listening', resolve);
      this.server.once('error', () => resolve());
      this.#listen();
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#timers.clear(this.#timer);
    this.server.close();
    this.server.closeAllConnections();
  }

  #listen(): void {
    this.server.listen({ host: this.#at.host, port: this.#at.port }, () => {
      this.#fault = null;
      this.#log.info({ host: this.#at.host, port: this.port }, `${this.#at.what} listens`);
    });
  }

  #failed(error: Error): void {
    if (this.server.listening) return;
    this.#fault = codeOf(error);
    const { what, host, port } = this.#at;
    this.#log.error({ host, port, error: this.#fault }, `${what} cannot listen; it tries again`);
    if (this.#isStopped) return;
    this.#timers.clear(this.#timer);
    this.#timer = this.#timers.set(() => this.#listen(), AGAIN_MS);
  }
}
