import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The bundle is flat, and its workers stand in it by these names. */
const BUNDLE = /[\\/]dist[\\/]bundle[\\/]/;

/** A worker of the collector, by its place in `src` without the ending, and its name in the bundle. */
export interface WorkerPlace {
  readonly compiled: string;
  readonly bundled: string;
}

/**
 * The file that a thread runs: in the bundle beside its own, else the compiled one; a test that reads the
 * source gets that as well. `ownUrl` is of a module of `src`.
 */
export function workerFile(ownUrl: string, { compiled, bundled }: WorkerPlace): string {
  const own = fileURLToPath(ownUrl);
  const path = BUNDLE.test(own)
    ? join(dirname(own), `${bundled}.js`)
    : join(own.replace(/([\\/]server[\\/])(?:src|dist)[\\/].*$/, '$1dist'), `${compiled}.js`);
  if (existsSync(path)) return path;
  throw new Error(`${path} is missing: build first (npm run build)`);
}
