import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gunzipSync, gzipSync } from 'node:zlib';
import { carryLimits, type CarryKeys, type PartSigner } from '@ppe-pulse/protocol/carry';
import { collectorIdOf, isSignedBy, type Identity } from '../platform/identity.ts';
import { AGENT_VERSION } from '../version.ts';

const inflate = promisify(gunzip);
/** A bomb stops here. */
const bounds = { maxOutputLength: carryLimits.partTextBytes };

/** Signatures and checksums of this runtime. */
export const carryKeys: CarryKeys = {
  isSignedBy,
  // Both ids are the same fingerprint under another letter.
  agentIdOf: (publicKey) => collectorIdOf(publicKey).replace(/^c/, 'w'),
  sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
};

/** This workstation as the writer of parts. */
export function partSigner(identity: Identity, siteCode: string | undefined): PartSigner {
  return {
    agentId: identity.agentId,
    publicKey: identity.publicKey,
    agentVersion: AGENT_VERSION,
    siteCode,
    sign: (text) => identity.sign(text),
    sha256: (bytes) => carryKeys.sha256(bytes),
    pack: (text) => gzipSync(text),
  };
}

/** The text of a verified part; undefined for more of it than a part may hold, or no gzip at all. */
export function unpackNow(packed: Uint8Array): string | undefined {
  try {
    return gunzipSync(packed, bounds).toString('utf8');
  } catch {
    return undefined;
  }
}

/** The same beside other work. */
export async function unpack(packed: Uint8Array): Promise<string | undefined> {
  try {
    return (await inflate(packed, bounds)).toString('utf8');
  } catch {
    return undefined;
  }
}
