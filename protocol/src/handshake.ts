/** What both sides sign: it names the protocol, both parties and both fresh nonces. */
export interface HandshakeTranscript {
  readonly agentId: string;
  readonly bootId: string;
  readonly agentNonce: string;
  readonly collectorId: string;
  readonly collectorNonce: string;
}

/**
 * Bytes that a party signs with its Ed25519 key, as text. The leading word keeps a signature of one
 * side from being used as the other's.
 */
export function handshakeText(
  signer: 'agent' | 'collector',
  transcript: HandshakeTranscript,
): string {
  return [
    `ppe-pulse.agent.v1 ${signer}`,
    transcript.agentId,
    transcript.bootId,
    transcript.agentNonce,
    transcript.collectorId,
    transcript.collectorNonce,
  ].join('\n');
}
