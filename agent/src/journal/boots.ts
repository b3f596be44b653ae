import { join } from 'node:path';
import type { Heartbeat } from '@ppe-pulse/protocol';
import { readJson, replaceDurably } from './durable-file.ts';
import type { Boot } from './produced-at.ts';

/** Beside the segments. */
const NAME = 'boots.json';
/** An agent that is started every minute for 14 days does not fill more than this of the table. */
const KEPT_BOOTS = 1_024;
/** The table is written this often at most… */
const WRITE_EVERY_MS = 60_000;
/** …but at once when an offset moved by more than this. */
const MOVED_MS = 100;

/**
 * The boots that have unacked heartbeats, and the one before them, in their true order. What it knows
 * of a boot's end is up to a minute old after a death; the journal then reads it from the segments.
 */
export class Boots {
  readonly #path: string;
  readonly #boots: Map<string, Boot>;
  #isChanged = false;
  #isUrgent = false;
  #writtenAtMs = Number.NEGATIVE_INFINITY;

  constructor(directory: string) {
    this.#path = join(directory, NAME);
    const kept = readJson(this.#path);
    const boots = Array.isArray(kept) ? kept.filter(isBoot) : [];
    this.#boots = new Map(boots.map((boot) => [boot.bootId, boot]));
  }

  /** All known boots, oldest first. */
  all(): readonly Boot[] {
    return [...this.#boots.values()];
  }

  has(bootId: string): boolean {
    return this.#boots.has(bootId);
  }

  /** A heartbeat of this boot is in the journal. */
  note({
    bootId,
    wallMs,
    monotonicMs,
  }: Pick<Heartbeat, 'bootId' | 'wallMs' | 'monotonicMs'>): void {
    const known = this.#boots.get(bootId);
    if (known && known.lastMonotonicMs > monotonicMs) return;
    this.#boots.set(bootId, {
      ...known,
      bootId,
      startedWallMs: wallMs - monotonicMs,
      firstWallMs: known?.firstWallMs ?? wallMs - monotonicMs,
      lastMonotonicMs: monotonicMs,
    });
    this.#isChanged = true;
    if (!known) this.#added();
  }

  /** The collector's clock minus this boot's monotonic clock was measured. */
  noteOffset(bootId: string, offsetMs: number, boundMs?: number): void {
    const known = this.#boots.get(bootId);
    const movedMs = Math.abs(offsetMs - (known?.offsetMs ?? Number.POSITIVE_INFINITY));
    // The collector may be reached before the first heartbeat: its clock is all that is known then.
    const boot = known ?? { bootId, startedWallMs: offsetMs, lastMonotonicMs: 0 };
    this.#boots.set(bootId, {
      ...boot,
      offsetMs,
      ...(boundMs === undefined ? {} : { boundMs }),
    });
    this.#isChanged = true;
    if (movedMs > MOVED_MS) this.#isUrgent = true;
    if (!known) this.#added();
  }

  /**
   * Forgets boots without heartbeats, but for the one that bounds the oldest, the newest, and the last
   * one that was connected: it tells how wrong the PC's clock is.
   */
  retain(hasRecords: (bootId: string) => boolean): void {
    const ids = [...this.#boots.keys()];
    const oldest = ids.findIndex((bootId, at) => hasRecords(bootId) || at === ids.length - 1);
    const measured = this.all().findLastIndex(({ offsetMs }) => offsetMs !== undefined);
    const last = measured < 0 ? oldest - 1 : Math.min(oldest - 1, measured);
    for (const bootId of ids.slice(0, Math.max(0, last))) {
      this.#boots.delete(bootId);
      this.#isChanged = true;
    }
  }

  /** Writes the table when it is due. Throws when the disk does not take it. */
  save(nowMs: number, isLast = false): void {
    if (!this.#isChanged) return;
    const isDue = nowMs - this.#writtenAtMs >= WRITE_EVERY_MS;
    if (!isDue && !this.#isUrgent && !isLast) return;
    // A disk that refuses is asked again in a minute, not with each heartbeat.
    this.#writtenAtMs = nowMs;
    this.#isUrgent = false;
    replaceDurably(this.#path, `${JSON.stringify(this.all())}\n`);
    this.#isChanged = false;
  }

  #added(): void {
    this.#isUrgent = true;
    const [oldest] = this.#boots.keys();
    if (this.#boots.size > KEPT_BOOTS && oldest !== undefined) this.#boots.delete(oldest);
  }
}

/** The table is the agent's own, but a disk may have altered it. */
function isBoot(value: unknown): value is Boot {
  if (typeof value !== 'object' || value === null) return false;
  const boot = value as Partial<Record<keyof Boot, unknown>>;
  const isOptional = (each: unknown): boolean => each === undefined || Number.isFinite(each);
  return (
    typeof boot.bootId === 'string' &&
    Number.isFinite(boot.startedWallMs) &&
    Number.isFinite(boot.lastMonotonicMs) &&
    isOptional(boot.firstWallMs) &&
    isOptional(boot.offsetMs) &&
    isOptional(boot.boundMs)
  );
}
