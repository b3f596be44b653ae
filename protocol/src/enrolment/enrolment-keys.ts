/** Keys of the side that reads documents, handed in: this package knows no library for them. */
export interface EnrolmentKeys {
  /** False for anything malformed. */
  isSignedBy(publicKey: string, text: string, signature: string): boolean;
  /** The id that belongs to an agent's public key. */
  agentIdOf(publicKey: string): string;
  /** The id that belongs to a collector's public key. */
  collectorIdOf(publicKey: string): string;
}
