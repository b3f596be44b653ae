import {
  PROTOCOL_VERSION,
  ProtocolError,
  handshakeText,
  type AgentHello,
  type Challenge,
  type HandshakeTranscript,
  type Inventory,
  type Proof,
} from '@ppe-pulse/protocol';
import { collectorIdOf, isSignedBy, type Identity } from '../platform/identity.ts';

/** What this workstation says of itself. */
export interface Introduction {
  readonly identity: Identity;
  readonly bootId: string;
  readonly agentVersion: string;
  readonly capabilities: readonly string[];
  readonly inventory: Inventory;
}

/** The first frame. `nonce` is fresh for each connection. */
export function helloOf(introduction: Introduction, nonce: string): AgentHello {
  const { identity, bootId, agentVersion, capabilities, inventory } = introduction;
  return {
    type: 'hello',
    protocol: PROTOCOL_VERSION,
    agentId: identity.agentId,
    publicKey: identity.publicKey,
    bootId,
    nonce,
    agentVersion,
    capabilities: [...capabilities],
    inventory,
  };
}

/**
 * The answer to a challenge. Throws a `ProtocolError` when the challenger does not hold the pinned
 * key: then this is not our collector, and nothing more is said to it.
 */
export function answerChallenge(
  hello: AgentHello,
  challenge: Challenge,
  identity: Identity,
  pinnedKey: string,
): Proof {
  if (challenge.protocol !== PROTOCOL_VERSION) {
    throw new ProtocolError(
      'unsupportedProtocol',
      `collector speaks protocol ${challenge.protocol}`,
    );
  }
  const transcript: HandshakeTranscript = {
    agentId: hello.agentId,
    bootId: hello.bootId,
    agentNonce: hello.nonce,
    collectorId: challenge.collectorId,
    collectorNonce: challenge.nonce,
  };
  const isOurs =
    challenge.collectorId === collectorIdOf(pinnedKey) &&
    isSignedBy(pinnedKey, handshakeText('collector', transcript), challenge.signature);
  if (!isOurs)
    throw new ProtocolError('wrongCollector', 'the collector does not hold the pinned key');
  return { type: 'proof', signature: identity.sign(handshakeText('agent', transcript)) };
}
