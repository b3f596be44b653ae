import { createHash, createPrivateKey, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { AgentKey, PinnedCollector } from '@ppe-pulse/protocol';
import { agentIdOf, isSignedBy } from '../access/keys.ts';

/** PKCS#8 head of an Ed25519 private key (RFC 8410); the 32 bytes of the seed follow. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The key of a simulated workstation: made of the seed and its name, so that the same seed is the
 * same fleet. Whoever knows the seed knows the key: it protects nothing and must not.
 */
export function simulatedKey(seed: number, name: string | number): AgentKey {
  // The private half is made when it is needed: a country has 70,000 of them. As a JWK it comes with
  // its public half, for a third of the time that making a key of that half takes.
  const publicKey = privateKeyOf(seed, name).export({ format: 'jwk' }).x;
  if (publicKey === undefined) throw new Error('an Ed25519 key has a public half');
  return {
    agentId: agentIdOf(publicKey),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text), privateKeyOf(seed, name)).toString('base64url'),
  };
}

/** The collector by the public key that its API told to a holder of its token. */
export function pinnedCollector(id: string, publicKey: string): Omit<PinnedCollector, 'channel'> {
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

function privateKeyOf(seed: number, name: string | number): KeyObject {
  const bytes = createHash('sha256').update(`ppe-pulse simulate ${seed} ${name}`).digest();
  return createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, bytes]),
    format: 'der',
    type: 'pkcs8',
  });
}
