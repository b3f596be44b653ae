import { handshakeText, type HandshakeTranscript } from '../handshake.ts';
import type { AgentHello, Challenge, Proof } from '../messages/agent.ts';
import { ProtocolError } from '../protocol-error.ts';
import { PROTOCOL_VERSION } from '../version.ts';
import type { Keyring, KnownWorkstation } from './keyring.ts';

/** A handshake after the hello: what was agreed and who it is about. */
export interface PendingHandshake {
  readonly hello: AgentHello;
  readonly workstation: KnownWorkstation;
  readonly transcript: HandshakeTranscript;
}

/** Who listens, and whom it knows. */
export interface AcceptContext {
  readonly keyring: Keyring;
  readonly find: (agentId: string) => KnownWorkstation | undefined;
}

/**
 * Checks a hello and answers the challenge. Throws a `ProtocolError` for a wrong version, an id
 * that is not its key's, or a workstation that is not known here.
 */
export function answerHello(
  hello: AgentHello,
  { keyring, find }: AcceptContext,
): { pending: PendingHandshake; challenge: Challenge } {
  if (hello.protocol !== PROTOCOL_VERSION) {
    throw new ProtocolError('unsupportedProtocol', `agent speaks protocol ${hello.protocol}`);
  }
  if (keyring.agentIdOf(hello.publicKey) !== hello.agentId) {
    throw new ProtocolError('notAuthenticated', 'the id does not belong to the public key');
  }
  const workstation = find(hello.agentId);
  if (!workstation || workstation.publicKey !== hello.publicKey) {
    throw new ProtocolError('notEnrolled', `workstation ${hello.agentId} is not enrolled`);
  }
  const transcript: HandshakeTranscript = {
    agentId: hello.agentId,
    bootId: hello.bootId,
    agentNonce: hello.nonce,
    collectorId: keyring.id,
    collectorNonce: keyring.nonce(),
  };
  return {
    pending: { hello, workstation, transcript },
    challenge: {
      type: 'challenge',
      protocol: PROTOCOL_VERSION,
      collectorId: keyring.id,
      nonce: transcript.collectorNonce,
      signature: keyring.sign(handshakeText('collector', transcript)),
    },
  };
}

/** Throws unless the proof is the agent's signature over the transcript of this very connection. */
export function verifyProof(pending: PendingHandshake, proof: Proof, keyring: Keyring): void {
  const text = handshakeText('agent', pending.transcript);
  if (keyring.isSignedBy(pending.hello.publicKey, text, proof.signature)) return;
  throw new ProtocolError('notAuthenticated', 'the proof is not signed by the key of the id');
}
