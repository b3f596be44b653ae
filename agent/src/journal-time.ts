import type { Heartbeat } from '@ppe-pulse/protocol';
import type { Journal } from './journal/journal.ts';
import type { CollectorTime } from './link/collector-time.ts';
import type { Clock } from './platform/clock.ts';
import type { LinkProbe } from './probes/link/link-probe.ts';

/**
 * What an exchange knows no better than this the collector measures as well itself: a first frame over
 * a slow line is late by a whole trip, the exchange is wrong by half of one.
 */
const EXACT_MS = 1_500;

/** Keeps the time of this boot with its journal, and stamps heartbeats with when they were produced. */
export class JournalTime {
  readonly #bootId: string;
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #collectorTime: CollectorTime;

  constructor(parts: {
    readonly bootId: string;
    readonly journal: Journal;
    readonly clock: Clock;
    readonly collectorTime: CollectorTime;
  }) {
    this.#bootId = parts.bootId;
    this.#journal = parts.journal;
    this.#clock = parts.clock;
    this.#collectorTime = parts.collectorTime;
  }

  /** What the collector's clock says is kept with the journal: it places this boot for ever. */
  learn(probe: LinkProbe): void {
    this.#collectorTime.learn(probe);
    const known = this.#collectorTime.offset;
    if (known) this.#journal.noteOffset(this.#bootId, known.offsetMs, known.boundMs);
  }

  /** A heartbeat says when it was, as far as this PC knows. */
  stamped(heartbeat: Heartbeat): Heartbeat {
    const atMs = heartbeat.bootId === this.#bootId ? this.#ownAt(heartbeat) : this.#at(heartbeat);
    return atMs === undefined
      ? heartbeat
      : { ...heartbeat, producedAtMs: Math.max(0, Math.round(atMs)) };
  }

  /** Of this boot; the collector goes by its own measure where that says it was earlier. */
  #ownAt({ monotonicMs }: Heartbeat): number | undefined {
    const { offsetMs, boundMs } = this.#collectorTime.offset ?? {};
    const isExact = boundMs !== undefined && boundMs <= EXACT_MS;
    return isExact && offsetMs !== undefined ? monotonicMs + offsetMs : undefined;
  }

  #at(heartbeat: Heartbeat): number {
    const wallOffsetMs = this.#collectorTime.nowMs() - this.#clock.wallMs();
    return this.#journal.producedAt(heartbeat, wallOffsetMs).atMs;
  }
}
