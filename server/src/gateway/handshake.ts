import {
  PROTOCOL_VERSION,
  ProtocolError,
  handshakeText,
  type AgentHello,
  type Challenge,
  type HandshakeTranscript,
  type Proof,
} from '@ppe-pulse/protocol';
import { agentIdOf, isSignedBy, type CollectorKey } from '../access/keys.ts';
import type { Enrolment } from '../state/registry.ts';

/** A handshake after the hello: what was agreed and who it is about. */
export interface PendingHandshake {
  readonly hello: AgentHello;
  readonly enrolment: Enrolment;
  readonly transcript: HandshakeTranscript;
}

/** What the first step needs. `nonce` is fresh for each connection. */
export interface HandshakeContext {
  readonly key: CollectorKey;
  readonly nonce: string;
  readonly find: (agentId: string) => Enrolment | undefined;
}

/**
 * Checks a hello and answers the challenge. Throws a `ProtocolError` for a wrong version, an id
 * that is not its key's, or a workstation that is not enrolled. Pure but for the signature.
 */
export function answerHello(
  hello: AgentHello,
  context: HandshakeContext,
): { pending: PendingHandshake; challenge: Challenge } {
  if (hello.protocol !== PROTOCOL_VERSION) {
    throw new ProtocolError('unsupportedProtocol', `agent speaks protocol ${hello.protocol}`);
  }
  if (agentIdOf(hello.publicKey) !== hello.agentId) {
    throw new ProtocolError('notAuthenticated', 'the id does not belong to the public key');
  }
  const enrolment = context.find(hello.agentId);
  if (!enrolment || enrolment.publicKey !== hello.publicKey) {
    throw new ProtocolError('notEnrolled', `workstation ${hello.agentId} is not enrolled`);
  }
  const transcript: HandshakeTranscript = {
    agentId: hello.agentId,
    bootId: hello.bootId,
    agentNonce: hello.nonce,
    collectorId: context.key.id,
    collectorNonce: context.nonce,
  };
  return {
    pending: { hello, enrolment, transcript },
    challenge: {
      type: 'challenge',
      protocol: PROTOCOL_VERSION,
      collectorId: context.key.id,
      nonce: context.nonce,
      signature: context.key.sign(handshakeText('collector', transcript)),
    },
  };
}

/** Throws unless the proof is the agent's signature over the transcript of this very connection. */
export function verifyProof(pending: PendingHandshake, proof: Proof): void {
  const text = handshakeText('agent', pending.transcript);
  if (isSignedBy(pending.hello.publicKey, text, proof.signature)) return;
  throw new ProtocolError('notAuthenticated', 'the proof is not signed by the key of the id');
}
