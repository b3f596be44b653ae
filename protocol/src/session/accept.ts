import type { CloseCodeName } from '../close-codes.ts';
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
  /** Why one that is no longer known here is not: it is told, so that a person at the PC reads it. */
  readonly endOf?: (agentId: string) => EnrolmentEnd | undefined;
}

/** How an enrolment ends: a person took it back, or its last day is over. */
export type EnrolmentEnd = Extract<CloseCodeName, 'revoked' | 'expired'>;

/**
 * Checks a hello and answers the challenge. Throws a `ProtocolError` for a wrong version, an id
 * that is not its key's, or a workstation that is not known here. `channel` binds both signatures to
 * the connection under them.
 */
export function answerHello(
  hello: AgentHello,
  { keyring, find, endOf }: AcceptContext,
  channel: string,
): { pending: PendingHandshake; challenge: Challenge } {
  if (hello.protocol !== PROTOCOL_VERSION) {
    throw new ProtocolError('unsupportedProtocol', `agent speaks protocol ${hello.protocol}`);
  }
  if (keyring.agentIdOf(hello.publicKey) !== hello.agentId) {
    throw new ProtocolError('notAuthenticated', 'the id does not belong to the public key');
  }
  const workstation = find(hello.agentId);
  if (!workstation || workstation.publicKey !== hello.publicKey) {
    const why = workstation ? 'notEnrolled' : (endOf?.(hello.agentId) ?? 'notEnrolled');
    throw new ProtocolError(why, `workstation ${hello.agentId} is not enrolled`);
  }
  const transcript: HandshakeTranscript = {
    agentId: hello.agentId,
    bootId: hello.bootId,
    agentNonce: hello.nonce,
    collectorId: keyring.id,
    collectorNonce: keyring.nonce(),
    channel,
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
