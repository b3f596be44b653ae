import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { AGENT_PATH, AGENT_SUBPROTOCOL } from '@ppe-pulse/protocol';
import type { KeyedCertificate } from '../../server/src/access/certificates.ts';

/**
 * Somebody between an agent and its collector who even has a certificate that the agent believes: he
 * ends TLS, opens his own to the collector and hands every frame on, reading it.
 */
export async function tlsMiddle(
  to: { readonly url: string; readonly caPem: string },
  own: KeyedCertificate,
): Promise<{ url: string; read: string[] }> {
  const server = createServer({ key: own.keyPem, cert: own.certificatePem });
  const read: string[] = [];
  const sockets = new WebSocketServer({ server, handleProtocols: () => AGENT_SUBPROTOCOL });
  sockets.on('connection', (agent) => {
    const url = to.url.replace(/^http/, 'ws') + AGENT_PATH;
    const collector = new WebSocket(url, AGENT_SUBPROTOCOL, { ca: to.caPem });
    const waiting: string[] = [];
    const hand = (text: string): void => {
      read.push(text);
      if (collector.readyState === WebSocket.OPEN) collector.send(text);
      else waiting.push(text);
    };
    agent.on('message', (data: Buffer) => hand(data.toString('utf8')));
    collector.on('open', () => {
      for (const text of waiting) collector.send(text);
    });
    collector.on('message', (data: Buffer) => {
      read.push(data.toString('utf8'));
      agent.send(data.toString('utf8'));
    });
    collector.on('close', (code) => agent.close(code >= 4_000 ? code : 1_000));
    agent.on('close', () => collector.close());
    collector.on('error', () => undefined);
    agent.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, read };
}
