/** One agent's socket and handshake, by hand: what benches load a collector with. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { AGENT_PATH, AGENT_SUBPROTOCOL, handshakeText } from '@ppe-pulse/protocol';
import { channelOf } from '../../server/dist/access/channel.js';
import { workstation } from './workstations.mjs';

/**
 * Opens the socket of the n-th workstation; with `handshake` as a real agent does, with `agentOfTls`
 * over TLS.
 */
export async function joinOne(url, number, handshake, agentOfTls) {
  const socket = new WebSocket(url + AGENT_PATH, AGENT_SUBPROTOCOL, {
    perMessageDeflate: false,
    ...(agentOfTls && { agent: agentOfTls }),
  });
  let channel = '';
  socket.on('upgrade', (response) => (channel = channelOf(response.socket)));
  const agent = { socket, number, id: '', bootId: randomBytes(8).toString('hex'), seq: 0 };
  await once(socket, 'open');
  if (handshake) agent.welcome = await shakeHands(agent, channel);
  return agent;
}

async function shakeHands(agent, channel) {
  const own = workstation(agent.number);
  agent.id = own.id;
  const nonce = randomBytes(32).toString('base64url');
  const inventory = {
    platform: 'linux',
    arch: 'x64',
    osRelease: '6',
    cpuCores: 4,
    ramBytes: 8e9,
    runtime: 'bench',
  };
  agent.socket.send(
    JSON.stringify({
      type: 'hello',
      protocol: 1,
      agentId: own.id,
      bootId: agent.bootId,
      publicKey: own.publicKey,
      nonce,
      agentVersion: '0.1.0',
      capabilities: [],
      inventory,
    }),
  );
  const [data] = await once(agent.socket, 'message');
  const challenge = JSON.parse(data.toString());
  const text = handshakeText('agent', {
    agentId: own.id,
    bootId: agent.bootId,
    agentNonce: nonce,
    collectorId: challenge.collectorId,
    collectorNonce: challenge.nonce,
    channel,
  });
  agent.socket.send(JSON.stringify({ type: 'proof', signature: own.sign(text) }));
  const [welcome] = await once(agent.socket, 'message');
  return JSON.parse(welcome.toString());
}
