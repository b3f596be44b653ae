import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { PackageBytes } from '@ppe-pulse/protocol';
import { openKeyStream } from './key-stream.ts';

const BLOCK_BYTES = 256 * 1024;
/** Hashed in one go: about a millisecond of the event loop. */
const TURN_BYTES = 4 * BLOCK_BYTES;
/** Kept: rehearsals of a region repeat one size with a few seeds. */
const KEPT = 16;

/** SHA-256 of packages, each counted once and without holding up the event loop. */
export class PackageHashes {
  readonly #known = new Map<string, Promise<string>>();

  /** Hex. Rejects only with the reason of an abort. */
  of(seed: number, bytes: number, signal: AbortSignal): Promise<string> {
    const key = `${seed} ${bytes}`;
    const known = this.#known.get(key);
    if (known) return known;
    const fresh = hashOf(seed, bytes, signal);
    this.#known.set(key, fresh);
    fresh.catch(() => this.#known.delete(key));
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KEPT) break;
      this.#known.delete(oldest);
    }
    return fresh;
  }
}

async function hashOf(seed: number, bytes: number, signal: AbortSignal): Promise<string> {
  const source = new PackageBytes(seed, openKeyStream);
  const hash = createHash('sha256');
  while (source.offset < bytes) {
    const to = Math.min(bytes, source.offset + TURN_BYTES);
    while (source.offset < to) hash.update(source.next(Math.min(BLOCK_BYTES, to - source.offset)));
    await turn(undefined, { signal });
  }
  return hash.digest('hex');
}
