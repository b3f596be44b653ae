/** What both sides sign: it names the protocol, both parties and both fresh nonces. */
export interface HandshakeTranscript {
  readonly agentId: string;
  readonly bootId: string;
  readonly agentNonce: string;
  readonly collectorId: string;
  readonly collectorNonce: string;
  /**
   * What only the two ends of this very TLS connection know (RFC 5705, RFC 9266), base64url; empty
   * without TLS. A signature that somebody in the middle hands on does not fit his own connection.
   */
  readonly channel: string;
}

/** Label and bytes of the value that `channel` is, for `exportKeyingMaterial`. */
export const CHANNEL_LABEL = 'EXPORTER-ppe-pulse-agent-v1';
export const CHANNEL_BYTES = 32;

/** The name in the certificate of a ППЭ's relay. It is no address: nobody looks it up. */
export function relayHostOf(siteCode: string): string {
  return `ppe-${siteCode}.relay.ppe-pulse.internal`;
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
    transcript.channel,
  ].join('\n');
}
