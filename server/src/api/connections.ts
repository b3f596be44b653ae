import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { UnprovenSockets, type UnprovenBounds } from '../unproven.ts';

/**
 * Bounds the connections of an HTTP server that are no sockets: each costs a file descriptor before a
 * byte of it is read. One that is upgraded gives its place back, so that a whole region of agents behind
 * one address takes none for long; one that finds no place is cut without a word, before TLS.
 */
export function boundConnections(
  server: Server,
  bounds: UnprovenBounds,
  refused: () => void,
): void {
  const places = new UnprovenSockets(bounds);
  const leaves = new Map<string, () => void>();
  server.on('connection', (socket: Socket) => {
    const place = places.admit(socket.remoteAddress ?? '');
    if (place.kind === 'refused') {
      refused();
      socket.destroy();
      return;
    }
    const name = nameOf(socket);
    leaves.set(name, place.leave);
    socket.once('close', () => {
      if (leaves.get(name) === place.leave) leaves.delete(name);
      place.leave();
    });
  });
  server.on('upgrade', ({ socket }: IncomingMessage) => leaves.get(nameOf(socket))?.());
}

/** Both ends of a connection: the same for it and for the TLS over it, which are two objects. */
function nameOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
