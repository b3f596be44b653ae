import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import {
  joinUpdateBundle,
  type UpdateOfferText,
  type UpdateRoot,
  type UpdateSignature,
} from '@ppe-pulse/protocol/update';

/** A key that signs updates. */
export interface Signer {
  readonly id: string;
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** What a bundle of a test is made of. */
export interface MadeUpdate extends UpdateOfferText {
  readonly packed: Buffer;
  /** The file, as it lies on a flash drive. */
  readonly file: Buffer;
}

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

export function newSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(12);
  return {
    id: `k-${sha256(raw).slice(0, 16)}`,
    publicKey: raw.toString('base64url'),
    privateKey,
  };
}

export function rootOf(signers: readonly Signer[], version = 1, threshold = 2): UpdateRoot {
  return { version, threshold, keys: signers.map(({ id, publicKey }) => ({ id, publicKey })) };
}

export function signatureOf({ id, privateKey }: Signer, manifest: string): UpdateSignature {
  return {
    keyId: id,
    signature: sign(null, Buffer.from(manifest), privateKey).toString('base64url'),
  };
}

/** A manifest's text over these bytes of an agent, changed by `part`. */
export function manifestOf(agent: Buffer, packed: Buffer, part: object = {}): string {
  return JSON.stringify({
    format: 'ppe-pulse.update.v1',
    product: 'ppe-pulse-agent',
    version: '0.2.0',
    runtime: '>=20',
    sha256: sha256(agent),
    size: agent.length,
    packedSha256: sha256(packed),
    packedSize: packed.length,
    createdAt: '2024-04-01T00:00:00.000Z',
    expiresAt: '2099-01-01T00:00:00.000Z',
    rootVersion: 1,
    ...part,
  });
}

/** A bundle over an agent's text, signed by these. */
export function updateOf(
  text: string | Buffer,
  signers: readonly Signer[],
  part: object = {},
): MadeUpdate {
  const agent = Buffer.from(text);
  // Tests of a megabyte have no time for the best compression.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
  const packed = brotliCompressSync(agent, { params });
  const manifest = manifestOf(agent, packed, part);
  const signatures = signers.map((signer) => signatureOf(signer, manifest));
  const file = Buffer.from(joinUpdateBundle({ manifest, signatures, packed }));
  return { manifest, signatures, packed, file };
}

/** An installed tree: launcher, keys, and one version whose agent is this text. */
export function installTree(
  folder: string,
  tree: {
    readonly launcher: Buffer | string;
    readonly root: UpdateRoot;
    readonly version: string;
    readonly agent: Buffer | string;
  },
): string {
  const { launcher, root, version, agent } = tree;
  const own = join(folder, 'versions', version);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(folder, 'launcher.mjs'), launcher);
  writeFileSync(join(folder, 'update-root.json'), JSON.stringify(root));
  writeFileSync(join(own, 'agent.mjs'), agent);
  const bytes = Buffer.from(agent);
  writeFileSync(
    join(own, 'manifest.json'),
    JSON.stringify({
      product: 'ppe-pulse-agent',
      version,
      sha256: sha256(bytes),
      size: bytes.length,
    }),
  );
  return folder;
}
