import { join } from 'node:path';
import {
  judgeSignatures,
  updateRootOf,
  type UpdateOfferText,
  type UpdateRoot,
} from '@ppe-pulse/protocol/update';
import { readJson } from '../journal/durable-file.ts';
import { isSignedBy } from '../platform/signature.ts';

/** Whose updates are believed: installed with the agent, beside the launcher. */
export const ROOT_FILE = 'update-root.json';
/** Manifests that brought a new set of keys, with their signatures, the oldest first. */
export const ROTATIONS_FILE = 'rotations.json';
/** Sets of keys that one installation lives through. */
const MOST_ROTATIONS = 32;

/**
 * The sets of keys from the installed one to the newest, each proven by a threshold of the one before:
 * a file in the data folder is no better than a frame of the line. Empty where nothing is installed.
 */
export function rootChain(installDir: string, versionsDir: string): readonly UpdateRoot[] {
  const installed = updateRootOf(readJson(join(installDir, ROOT_FILE)));
  if (!installed) return [];
  const chain = [installed];
  for (const offer of readRotations(versionsDir)) {
    const root = chain.at(-1);
    const judged = root && judgeSignatures(offer, root, isSignedBy);
    // An installer may have brought a newer set: what led there is passed over.
    if (judged?.kind === 'accepted' && judged.manifest.nextRoot)
      chain.push(judged.manifest.nextRoot);
  }
  return chain;
}

/** Rotations as they were kept, not looked at. */
export function readRotations(versionsDir: string): readonly UpdateOfferText[] {
  const value = readJson(join(versionsDir, ROTATIONS_FILE));
  return Array.isArray(value) ? value.slice(0, MOST_ROTATIONS).filter(isOfferText) : [];
}

function isOfferText(value: unknown): value is UpdateOfferText {
  if (typeof value !== 'object' || value === null) return false;
  const { manifest, signatures } = value as Partial<Record<string, unknown>>;
  return typeof manifest === 'string' && Array.isArray(signatures) && signatures.every(isSignature);
}

function isSignature(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { keyId, signature } = value as Partial<Record<string, unknown>>;
  return typeof keyId === 'string' && typeof signature === 'string';
}
