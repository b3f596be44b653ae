import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COLLECTOR_VERSION } from './version.ts';

/** What a built board says of itself: hex digits, as `hello.build` may hold them. */
const BUILD = /^[0-9a-f]{4,40}$/;

/**
 * Names the board that is served: our version and the id that the board's build gave itself. Boards
 * reload themselves when the id is another than their own.
 */
export function buildIdOf(boardDir: string): string {
  if (boardDir === '') return COLLECTOR_VERSION;
  try {
    const text = readFileSync(join(boardDir, 'version.json'), 'utf8');
    const { build } = JSON.parse(text) as { build?: unknown };
    return typeof build === 'string' && BUILD.test(build)
      ? `${COLLECTOR_VERSION}-${build}`
      : COLLECTOR_VERSION;
  } catch {
    // No board is there, or one that was never built: nothing to reload for.
    return COLLECTOR_VERSION;
  }
}
