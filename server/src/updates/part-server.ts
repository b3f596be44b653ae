import { limits, type UpdatePart } from '@ppe-pulse/protocol';
import { RateLimit } from '../em/rate.ts';

/** What parts are sent through. */
export interface PartServerParts {
  readonly bytesPerSecond: number;
  readonly monotonicMs: () => number;
  readonly send: (workstationId: string, part: UpdatePart) => void;
}

/**
 * Sends parts of updates at a bounded rate, all agents together. A workstation has one part on its way:
 * what it asks meanwhile is not queued, it asks for the next one when it has this one.
 */
export class PartServer {
  readonly #parts: PartServerParts;
  readonly #rate: RateLimit;
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  constructor(parts: PartServerParts) {
    this.#parts = parts;
    this.#rate = new RateLimit(parts.bytesPerSecond);
  }

  /** The part, or that it comes when its turn is; undefined when there is nothing at the offset. */
  serve(
    workstationId: string,
    { version, packed }: { readonly version: string; readonly packed: Uint8Array },
    offset: number,
  ): UpdatePart | 'later' | undefined {
    if (offset >= packed.length) return undefined;
    if (this.#waiting.has(workstationId)) return 'later';
    const bytes = packed.subarray(offset, offset + limits.updatePartBytes);
    const data = Buffer.from(bytes).toString('base64');
    const part: UpdatePart = { type: 'updatePart', version, offset, data };
    const waitMs = this.#rate.book(bytes.length, this.#parts.monotonicMs());
    if (waitMs < 1) return part;
    const timer = setTimeout(() => {
      this.#waiting.delete(workstationId);
      this.#parts.send(workstationId, part);
    }, waitMs);
    this.#waiting.set(workstationId, timer);
    return 'later';
  }

  /** Nothing more is sent of what waits. */
  clear(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }
}
