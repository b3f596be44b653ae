import { handshakeText, type HandshakeTranscript } from '../handshake.ts';
import type { AgentHello, Challenge, Inventory, Proof } from '../messages/agent.ts';
import { ProtocolError } from '../protocol-error.ts';
import { PROTOCOL_VERSION } from '../version.ts';

/** A workstation's own key. The private half stays where it is. */
export interface AgentKey {
  /** `w-` and the fingerprint of the public key. */
  readonly agentId: string;
  /** Raw Ed25519 public key, base64url. */
  readonly publicKey: string;
  /** Ed25519 signature over UTF-8 text, base64url. */
  sign(text: string): string;
}

/** The collector that an agent trusts, with the library that checks signatures handed in. */
export interface PinnedCollector {
  /** Binds the handshake to the connection under it, as this end knows it; empty without TLS. */
  readonly channel: string;
  /** `c-` and the fingerprint of its public key. */
  readonly id: string;
  /** True when the pinned key signed the text. */
  hasSigned(text: string, signature: string): boolean;
}

/** What this workstation says of itself. */
export interface Introduction {
  readonly identity: AgentKey;
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
  identity: AgentKey,
  pinned: PinnedCollector,
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
    channel: pinned.channel,
  };
  const isOurs =
    challenge.collectorId === pinned.id &&
    pinned.hasSigned(handshakeText('collector', transcript), challenge.signature);
  if (!isOurs)
    throw new ProtocolError('wrongCollector', 'the collector does not hold the pinned key');
  return { type: 'proof', signature: identity.sign(handshakeText('agent', transcript)) };
}
