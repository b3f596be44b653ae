import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  compareVersions,
  isReleaseVersion,
  judgeSignatures,
  readUpdateManifest,
  readUpdateSignatures,
  type UpdateRoot,
} from '@ppe-pulse/protocol/update';
import { readJson } from '../journal/durable-file.ts';
import { readText } from '../platform/files.ts';
import { isSignedBy } from '../platform/signature.ts';

/** What lies in the folder of a version. */
export const AGENT_FILE = 'agent.mjs';
export const MANIFEST_FILE = 'manifest.json';
export const SIGNATURES_FILE = 'signatures.json';

/** Names of the versions in a folder, the newest first. */
export function versionsIn(versionsDir: string): string[] {
  try {
    const names = readdirSync(versionsDir).filter((name) => isReleaseVersion(name));
    return names.sort((one, other) => compareVersions(other, one));
  } catch {
    // There is none, or none to be read.
    return [];
  }
}

/** The agent of an installed version when it is what its manifest says; the package vouches for that. */
export function installedAgent(versionsDir: string, version: string): string | undefined {
  const manifest = readJson(join(versionsDir, version, MANIFEST_FILE));
  if (typeof manifest !== 'object' || manifest === null || !('sha256' in manifest))
    return undefined;
  return typeof manifest.sha256 === 'string'
    ? agentWithHash(join(versionsDir, version, AGENT_FILE), manifest.sha256)
    : undefined;
}

/** The agent of a version that came as an update, when its signers vouch for the bytes on this disk. */
export function updatedAgent(
  versionsDir: string,
  version: string,
  roots: readonly UpdateRoot[],
): string | undefined {
  const manifest = readText(join(versionsDir, version, MANIFEST_FILE)) ?? '';
  const signatures = readUpdateSignatures(
    readText(join(versionsDir, version, SIGNATURES_FILE)) ?? '',
  );
  // It was signed under the keys of its time, which may have been followed by others since.
  const rootVersion = readUpdateManifest(manifest)?.rootVersion;
  const root = roots.find((each) => each.version === rootVersion);
  if (!signatures || !root) return undefined;
  const judged = judgeSignatures({ manifest, signatures }, root, isSignedBy);
  if (judged.kind === 'refused' || judged.manifest.version !== version) return undefined;
  return agentWithHash(join(versionsDir, version, AGENT_FILE), judged.manifest.sha256);
}

function agentWithHash(path: string, sha256: string): string | undefined {
  try {
    const found = createHash('sha256').update(readFileSync(path)).digest('hex');
    return found === sha256 ? path : undefined;
  } catch {
    return undefined;
  }
}
