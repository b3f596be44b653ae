import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  UPDATE_FILE_BYTES,
  splitUpdateBundle,
  type UpdateBundle,
} from '@ppe-pulse/protocol/update';

/** Where a bundle from a flash drive is laid for the service: who may write there may update. */
export function droppedBundleFile(dataDir: string): string {
  return join(dataDir, 'agent.update');
}

/** A bundle that was laid there, and is taken away; `broken` when the file is none. */
export function takeDroppedBundle(dataDir: string): UpdateBundle | 'broken' | undefined {
  const path = droppedBundleFile(dataDir);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return undefined;
  try {
    if (size > UPDATE_FILE_BYTES) return 'broken';
    return splitUpdateBundle(readFileSync(path)) ?? 'broken';
  } catch {
    return 'broken';
  } finally {
    rmSync(path, { force: true });
  }
}
