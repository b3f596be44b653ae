import { createHash } from 'node:crypto';
import { brotliDecompressSync } from 'node:zlib';
import {
  judgeSignatures,
  splitUpdateBundle,
  type UpdateBundle,
  type UpdateManifest,
  type UpdateRoot,
} from '@ppe-pulse/protocol/update';
import { isSignedBy } from '../access/keys.ts';
import { RefusedUpdate, type RolloutRefusal } from './update-refusal.ts';

/** A bundle whose signatures and bytes were checked. */
export interface CheckedBundle extends UpdateBundle {
  readonly parsed: UpdateManifest;
}

const sentences: Partial<Readonly<Record<RolloutRefusal, string>>> = {
  badManifest: 'its manifest is not of this format',
  otherProduct: 'it is an update of another product',
  unknownKey:
    'it is signed by a key that this collector does not know, or under another set of keys',
  sameKeyTwice: 'one key signed it twice, and two different ones are needed',
  tampered: 'its bytes are not what was signed: copy it again',
  tooFewSignatures: 'too few of the known keys signed it',
};

/**
 * Checks a bundle as agents will. They trust this collector in nothing: what is refused here only
 * saves them the way. Throws a `RefusedUpdate`.
 */
export function checkBundle(file: Uint8Array, root: UpdateRoot, nowMs: number): CheckedBundle {
  const bundle = splitUpdateBundle(file);
  if (!bundle) {
    const detail =
      'this is no update bundle: it begins with a line of its manifest and one of signatures';
    throw new RefusedUpdate('notABundle', detail);
  }
  const judged = judgeSignatures(bundle, root, isSignedBy);
  if (judged.kind === 'refused')
    throw new RefusedUpdate(judged.reason, refusalSentence(judged.reason));
  const { manifest } = judged;
  if (!isWhole(bundle.packed, manifest))
    throw new RefusedUpdate('tampered', sentences.tampered ?? '');
  if (nowMs >= manifest.expiresAtMs) {
    const since = new Date(manifest.expiresAtMs).toISOString();
    throw new RefusedUpdate('expired', `no agent takes it since ${since}: have it signed anew`);
  }
  return { ...bundle, parsed: manifest };
}

/** What a refusal means, for people. */
export function refusalSentence(reason: RolloutRefusal): string {
  return sentences[reason] ?? reason;
}

function isWhole(packed: Uint8Array, manifest: UpdateManifest): boolean {
  if (packed.length !== manifest.packedSize || sha256Of(packed) !== manifest.packedSha256)
    return false;
  const agent = unpacked(packed, manifest.size);
  return agent !== null && agent.length === manifest.size && sha256Of(agent) === manifest.sha256;
}

/** Null when it does not unpack to at most so much: signers make mistakes as well. */
function unpacked(packed: Uint8Array, most: number): Uint8Array | null {
  try {
    return brotliDecompressSync(packed, { maxOutputLength: most });
  } catch {
    return null;
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
