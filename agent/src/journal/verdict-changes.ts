import { crc32 } from 'node:zlib';
import type { Heartbeat } from '@ppe-pulse/protocol';

/** Boots that are followed at once: those of a relay's 250 members and as many before them. */
const FOLLOWED_BOOTS = 512;

/** Finds the heartbeats that are events: those in which the verdict of a check changed. */
export class VerdictChanges {
  /** A checksum of the newest verdicts of each boot. */
  readonly #newest = new Map<string, number>();

  /**
   * True when the verdict of some check differs from the heartbeat before it in the same boot, or a
   * check came or went. The first of a boot is an event: the next ones mean nothing without it.
   */
  isEvent({ bootId, verdicts }: Pick<Heartbeat, 'bootId' | 'verdicts'>): boolean {
    const words = verdicts.map(({ id, verdict }) => `${id} ${verdict}`).sort();
    const sum = crc32(words.join('\n'));
    const isChanged = this.#newest.get(bootId) !== sum;
    // The one that was silent the longest is at the front.
    this.#newest.delete(bootId);
    this.#newest.set(bootId, sum);
    const [oldest] = this.#newest.keys();
    if (this.#newest.size > FOLLOWED_BOOTS && oldest !== undefined) this.#newest.delete(oldest);
    return isChanged;
  }
}
