import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { CHANNEL_BYTES, CHANNEL_LABEL } from '@ppe-pulse/protocol';

/** What only the two ends of a TLS connection know, base64url; empty without TLS. */
export function channelOf(socket: Socket): string {
  if (!(socket instanceof TLSSocket)) return '';
  const none = Buffer.alloc(0);
  return socket.exportKeyingMaterial(CHANNEL_BYTES, CHANNEL_LABEL, none).toString('base64url');
}
