import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { AgentKey, PinnedCollector } from '@ppe-pulse/protocol';
import { agentIdOf, isSignedBy } from '../access/keys.ts';

/** PKCS#8 head of an Ed25519 private key (RFC 8410); the 32 bytes of the seed follow. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
/** DER prefix of an Ed25519 SubjectPublicKeyInfo: the raw key follows. */
const SPKI_PREFIX_BYTES = 12;

/**
 * The key of a simulated workstation: made of the seed and its number, so that the same seed is the
 * same fleet. Whoever knows the seed knows the key: it protects nothing and must not.
 */
export function simulatedKey(seed: number, index: number): AgentKey {
  // The private half is made when it is needed: a country has 70,000 of them.
  const spki = createPublicKey(privateKeyOf(seed, index)).export({ format: 'der', type: 'spki' });
  const publicKey = spki.subarray(SPKI_PREFIX_BYTES).toString('base64url');
  return {
    agentId: agentIdOf(publicKey),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text), privateKeyOf(seed, index)).toString('base64url'),
  };
}

/** The collector by the public key that its API told to a holder of its token. */
export function pinnedCollector(id: string, publicKey: string): PinnedCollector {
  return { id, hasSigned: (text, signature) => isSignedBy(publicKey, text, signature) };
}

/** The id of a start: no two runs of the simulator may ever share one, or seq would repeat. */
export function simulatedBootId(runId: string, agentId: string, boot: string): string {
  return createHash('sha256').update(`${runId} ${agentId} ${boot}`).digest('hex').slice(0, 16);
}

export function freshRunId(): string {
  return randomBytes(8).toString('hex');
}

export function freshNonce(): string {
  return randomBytes(32).toString('base64url');
}

function privateKeyOf(seed: number, index: number): KeyObject {
  const bytes = createHash('sha256').update(`ppe-pulse simulate ${seed} ${index}`).digest();
  return createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, bytes]),
    format: 'der',
    type: 'pkcs8',
  });
}
