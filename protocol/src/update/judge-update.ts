import { compareVersions } from './release-version.ts';
import {
  readUpdateManifest,
  type UpdateManifest,
  type UpdateOfferText,
  type UpdateSignature,
} from './update-manifest.ts';
import type { UpdateRoot } from './update-root.ts';
import { UPDATE_PRODUCT, type UpdateRefusal } from './update-words.ts';

/** Checks an Ed25519 signature over UTF-8 text; key and signature are base64url. */
export type CheckSignature = (publicKey: string, text: string, signature: string) => boolean;

/** What a judgement of an update rests on beside its signatures. */
export interface UpdateFacts {
  /** The newest version that this workstation has or had: what runs, and what was installed. */
  readonly version: string;
  /** Of Node: `24.21.0`. */
  readonly runtime: string;
  /** Versions that were taken back here. */
  readonly bad: readonly string[];
  /** A rehearsal is on, or near. */
  readonly isFrozen: boolean;
  /** Bytes free where versions are kept. */
  readonly freeBytes: number;
}

export type UpdateJudgement =
  | { readonly kind: 'accepted'; readonly manifest: UpdateManifest }
  | { readonly kind: 'refused'; readonly reason: UpdateRefusal };

/** Room that is left on the disk: the journal is worth more than a new version. */
const SPARE_BYTES = 64_000_000;

/** Whether an offered update is taken. Pure; nothing of it is trusted before the signatures hold. */
export function judgeUpdate(
  offer: UpdateOfferText,
  believed: { readonly root: UpdateRoot; readonly isSignedBy: CheckSignature },
  facts: UpdateFacts,
  nowMs: number,
): UpdateJudgement {
  const signed = judgeSignatures(offer, believed.root, believed.isSignedBy);
  if (signed.kind === 'refused') return signed;
  const reason = refusalOf(signed.manifest, facts, nowMs);
  return reason === undefined ? signed : { kind: 'refused', reason };
}

/**
 * Whether enough of the right keys signed a manifest: by the root's threshold, and where it brings a
 * new root by the new one's as well. Says nothing of whether it is wanted here and now.
 */
export function judgeSignatures(
  { manifest: text, signatures }: UpdateOfferText,
  root: UpdateRoot,
  isSignedBy: CheckSignature,
): UpdateJudgement {
  const manifest = readUpdateManifest(text);
  if (manifest === undefined) return { kind: 'refused', reason: 'badManifest' };
  const reason =
    manifest.product === UPDATE_PRODUCT
      ? signatureFault(text, signatures, { root, manifest, isSignedBy })
      : 'otherProduct';
  return reason === undefined ? { kind: 'accepted', manifest } : { kind: 'refused', reason };
}

function signatureFault(
  text: string,
  signatures: readonly UpdateSignature[],
  by: {
    readonly root: UpdateRoot;
    readonly manifest: UpdateManifest;
    readonly isSignedBy: CheckSignature;
  },
): UpdateRefusal | undefined {
  const { root, manifest, isSignedBy } = by;
  if (manifest.rootVersion !== root.version) return 'unknownKey';
  const roots = manifest.nextRoot === undefined ? [root] : [root, manifest.nextRoot];
  const keys = new Map(roots.flatMap((each) => each.keys).map((key) => [key.publicKey, key]));
  const signers: string[] = [];
  for (const { keyId, signature } of signatures) {
    const known = [...keys.values()].filter(({ id }) => id === keyId);
    // Two keys of one name would be a slip of the signers, or a trick: neither is believed.
    const [key] = known;
    if (key === undefined || known.length > 1) return 'unknownKey';
    if (signers.includes(key.publicKey)) return 'sameKeyTwice';
    if (!isSignedBy(key.publicKey, text, signature)) return 'tampered';
    signers.push(key.publicKey);
  }
  const isEnough = roots.every(
    (each) =>
      each.keys.filter(({ publicKey }) => signers.includes(publicKey)).length >= each.threshold,
  );
  return isEnough ? undefined : 'tooFewSignatures';
}

function refusalOf(
  manifest: UpdateManifest,
  facts: UpdateFacts,
  nowMs: number,
): UpdateRefusal | undefined {
  if (nowMs >= manifest.expiresAtMs) return 'expired';
  if (compareVersions(manifest.version, facts.version) <= 0) return 'downgrade';
  if (facts.bad.includes(manifest.version)) return 'knownBad';
  if (Number.parseInt(facts.runtime, 10) < manifest.runtimeMajor) return 'runtimeTooOld';
  if (facts.isFrozen) return 'frozen';
  const neededBytes = manifest.size + manifest.packedSize + SPARE_BYTES;
  return facts.freeBytes < neededBytes ? 'noSpace' : undefined;
}
