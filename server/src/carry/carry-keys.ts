import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { carryLimits, type CarryKeys } from '@ppe-pulse/protocol/carry';
import { agentIdOf, isSignedBy } from '../access/keys.ts';

const inflate = promisify(gunzip);

/** Signatures and checksums of this runtime. */
export const carryKeys: CarryKeys = {
  isSignedBy,
  agentIdOf,
  sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
};

/** The text of a verified part; undefined for more of it than a part may hold, or no gzip at all. */
export async function unpack(packed: Uint8Array): Promise<string | undefined> {
  try {
    const text = await inflate(packed, { maxOutputLength: carryLimits.partTextBytes });
    return text.toString('utf8');
  } catch {
    return undefined;
  }
}
