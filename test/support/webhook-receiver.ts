import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  createServer as createPlain,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { CertificateFiles } from '../parts/tls-server.ts';

/** A request that a receiver got. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** `webhook-id` of it. */
  readonly id: string;
}

/** How a receiver behaves to a request. */
export type Behaviour = (request: Received, response: ServerResponse) => void;

/** A receiver of webhooks on loopback. */
export interface WebhookReceiver {
  readonly url: string;
  readonly port: number;
  /** All that was received, in its order; also what was answered with an error. */
  readonly received: readonly Received[];
  /** What it answers from now on. */
  behave(behaviour: Behaviour): void;
  /** Connections that were opened so far. */
  connections(): number;
  /** Dies: whoever is connected is cut off. */
  stop(): Promise<void>;
  /** Comes back on its port. */
  start(): Promise<void>;
}

/** Answers with a status. */
export function answering(status: number, headers: Record<string, string> = {}): Behaviour {
  return (_request, response) => {
    response.writeHead(status, headers).end('an answer that nobody keeps');
  };
}

/** Answers nothing at all. */
export const silent: Behaviour = () => undefined;

/** Says yes and breaks off in the middle of it. */
export const breakingOff: Behaviour = (_request, response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('half of an', () => response.destroy());
};

/** Says yes and goes on for ever. */
export const endless: Behaviour = (_request, response) => {
  response.writeHead(200);
  const more = (): void => {
    if (response.destroyed) return;
    if (response.write('x'.repeat(16_384))) setImmediate(more);
    else response.once('drain', more);
  };
  response.on('error', () => response.destroy());
  more();
};

/** Opens a receiver; it is gone with the test, also when that fails. */
export async function webhookReceiver(
  behaviour: Behaviour = answering(204),
  certificate?: CertificateFiles,
): Promise<WebhookReceiver> {
  const receiver = new Receiver(behaviour, certificate);
  onTestFinished(() => receiver.stop());
  await receiver.start();
  return receiver;
}

class Receiver implements WebhookReceiver {
  readonly received: Received[] = [];
  port = 0;
  #behaviour: Behaviour;
  readonly #certificate: CertificateFiles | undefined;
  #server: Server | undefined;
  #connections = 0;

  constructor(behaviour: Behaviour, certificate: CertificateFiles | undefined) {
    this.#behaviour = behaviour;
    this.#certificate = certificate;
  }

  get url(): string {
    return `${this.#certificate ? 'https' : 'http'}://127.0.0.1:${this.port}/hook`;
  }

  behave(behaviour: Behaviour): void {
    this.#behaviour = behaviour;
  }

  connections(): number {
    return this.#connections;
  }

  async start(): Promise<void> {
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#receive(request, response);
    };
    const server = this.#certificate
      ? createTls(
          {
            cert: readFileSync(this.#certificate.certificate),
            key: readFileSync(this.#certificate.key),
          },
          onRequest,
        )
      : createPlain(onRequest);
    server.on('connection', () => (this.#connections += 1));
    server.on('tlsClientError', () => undefined);
    this.#server = server;
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    request.setEncoding('utf8');
    try {
      for await (const chunk of request) body += String(chunk);
    } catch {
      // Cut off by the sender: it was not received.
      return;
    }
    const id = request.headers['webhook-id'];
    const received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body,
      id: typeof id === 'string' ? id : '',
    };
    this.received.push(received);
    this.#behaviour(received, response);
  }
}
