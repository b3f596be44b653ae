import {
  judgeSignatures,
  splitUpdateBundle,
  updateRootOf,
  type UpdateRoot,
} from '@ppe-pulse/protocol/update';
import { isSignedBy } from '../access/keys.ts';
import { refusalSentence } from './check-bundle.ts';
import { RefusedUpdate } from './update-refusal.ts';

/**
 * The set of keys that is to be believed from now on. The first one is whatever the administrator of
 * this collector hands over; each later one comes in the update that brings it to agents, signed by a
 * threshold of both sets. Its time may be over: who signed it did so for good. Throws a
 * `RefusedUpdate`.
 */
export function nextUpdateRoot(file: Uint8Array, current: UpdateRoot | null): UpdateRoot {
  const plain = plainRoot(file);
  if (plain) {
    if (current === null || isSame(plain, current)) return plain;
    throw new RefusedUpdate(
      'unsignedRoot',
      `nobody signed this set ${plain.version}: hand over the update that brings it, signed by two of set ${current.version}`,
    );
  }
  const bundle = splitUpdateBundle(file);
  if (!bundle)
    throw new RefusedUpdate('notABundle', 'this is neither a set of keys nor a signed update');
  if (current === null)
    throw new RefusedUpdate(
      'noUpdateRoot',
      'this collector knows no keys to check it by: hand over the update-root.json of the agents first',
    );
  const judged = judgeSignatures(bundle, current, isSignedBy);
  if (judged.kind === 'refused')
    throw new RefusedUpdate(judged.reason, refusalSentence(judged.reason));
  const { nextRoot, version } = judged.manifest;
  if (nextRoot) return nextRoot;
  throw new RefusedUpdate('bringsNoRoot', `update ${version} brings no new keys`);
}

function plainRoot(file: Uint8Array): UpdateRoot | undefined {
  try {
    return updateRootOf(JSON.parse(Buffer.from(file).toString('utf8')));
  } catch {
    // A bundle is no JSON.
    return undefined;
  }
}

function isSame(one: UpdateRoot, other: UpdateRoot): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
