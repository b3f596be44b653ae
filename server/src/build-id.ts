import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COLLECTOR_VERSION } from './version.ts';

/** Names the board that is served: boards reload themselves when it changes. */
export function buildIdOf(boardDir: string): string {
  if (boardDir === '') return COLLECTOR_VERSION;
  try {
    // The page names its scripts by content hash, so its own hash is the build's.
    const page = readFileSync(join(boardDir, 'index.html'));
    const hash = createHash('sha256').update(page).digest('hex').slice(0, 12);
    return `${COLLECTOR_VERSION}-${hash}`;
  } catch {
    return COLLECTOR_VERSION;
  }
}
