import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import {
  UPDATE_FORMAT,
  UPDATE_PRODUCT,
  joinUpdateBundle,
  type UpdateRoot,
  type UpdateSignature,
} from '@ppe-pulse/protocol/update';

/** A person who signs updates. */
export interface Signer {
  readonly id: string;
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

export function newSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(12);
  return {
    id: `k-${sha256Of(raw).slice(0, 16)}`,
    publicKey: raw.toString('base64url'),
    privateKey,
  };
}

/** Two of these must agree. */
export function rootOf(signers: readonly Signer[]): UpdateRoot {
  const keys = signers.map(({ id, publicKey }) => ({ id, publicKey }));
  return { version: 1, threshold: 2, keys };
}

export function signatureOf({ id, privateKey }: Signer, manifest: string): UpdateSignature {
  const signature = sign(null, Buffer.from(manifest), privateKey).toString('base64url');
  return { keyId: id, signature };
}

/** The manifest of an agent's text as it stands in a bundle, changed by `part`. */
export function manifestOf(agent: Uint8Array, packed: Uint8Array, part: object = {}): string {
  return JSON.stringify({
    format: UPDATE_FORMAT,
    product: UPDATE_PRODUCT,
    version: '0.2.0',
    runtime: '>=20',
    sha256: sha256Of(agent),
    size: agent.length,
    packedSha256: sha256Of(packed),
    packedSize: packed.length,
    createdAt: '2026-01-01T00:00:00Z',
    expiresAt: '2126-01-01T00:00:00Z',
    rootVersion: 1,
    ...part,
  });
}

/** A bundle of a text, signed by these. */
export function signedUpdate(
  signers: readonly Signer[],
  part: object = {},
  agent: Uint8Array = Buffer.from('export {};\n'),
): Uint8Array {
  const packed = brotliCompressSync(agent);
  const manifest = manifestOf(agent, packed, part);
  const signatures = signers.map((signer) => signatureOf(signer, manifest));
  return joinUpdateBundle({ manifest, signatures, packed });
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
