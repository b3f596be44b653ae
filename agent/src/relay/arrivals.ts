import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Timers } from '@ppe-pulse/protocol';
import type { Strangers } from './strangers.ts';

/** What arrivals are watched with. */
export interface ArrivalsParts {
  readonly strangers: Strangers;
  readonly timers: Timers;
  /** A connection was cut at once: its address has too many that nobody knows. */
  readonly refused: () => void;
}

/** A PC of the LAN asks as soon as it has connected; who only holds the line loses it. */
const SILENT_MS = 5_000;

/**
 * Counts connections from their first packet on, before TLS and before HTTP, until they prove to be a
 * member's: else one address would fill the server with silent ones and shut it for all.
 */
export class Arrivals {
  readonly #parts: ArrivalsParts;
  readonly #here = new Map<string, { readonly leave: () => void; readonly silence: unknown }>();

  constructor(server: Server, parts: ArrivalsParts) {
    this.#parts = parts;
    server.on('connection', (socket: Socket) => this.#arrived(socket));
    server.on('request', ({ socket }: IncomingMessage) => this.#spoke(socket));
    server.on('upgrade', ({ socket }: IncomingMessage) => this.#spoke(socket));
  }

  /** What is called once this connection has proven to be a member's; undefined when it is gone. */
  leaveOf(socket: Socket): (() => void) | undefined {
    return this.#here.get(keyOf(socket))?.leave;
  }

  #arrived(socket: Socket): void {
    const { strangers, timers, refused } = this.#parts;
    const leave = strangers.admit(socket.remoteAddress ?? '');
    if (!leave) {
      refused();
      socket.destroy();
      return;
    }
    // Under TLS the request has another socket than this one, with the same two ends.
    const key = keyOf(socket);
    const arrival = { leave, silence: timers.set(() => socket.destroy(), SILENT_MS) };
    this.#here.set(key, arrival);
    socket.once('close', () => {
      timers.clear(arrival.silence);
      // Its peer may be here again already, from the same port.
      if (this.#here.get(key) === arrival) this.#here.delete(key);
      leave();
    });
  }

  #spoke(socket: Socket): void {
    this.#parts.timers.clear(this.#here.get(keyOf(socket))?.silence);
  }
}

function keyOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
