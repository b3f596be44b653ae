import type { TakenHeartbeat } from '@ppe-pulse/protocol';

/** What of a heartbeat says where it belongs. */
export type OrderedBeat = Pick<
  TakenHeartbeat,
  'workstationId' | 'bootId' | 'seq' | 'delivery' | 'journalLag'
>;

/** Nothing late has come for this long: what is missing is dropped, or comes with a flash drive. */
const HELD_MS = 60_000;
/** So many unacked heartbeats are ordinary: acks come once a second. */
const USUAL_LAG = 3;

interface Standing {
  bootId: string;
  /** Everything of this boot up to here was heard, or is given up. */
  wholeSeq: number;
  newestSeq: number;
  /** Monotonic time of the last heartbeat that came late, or of the gap's discovery. */
  lastLateMs: number;
}

/**
 * Who is heard live while what it wrote before is still on its way: a room comes back from isolation
 * with the newest counter first and hours of history behind it. Whoever counts from readings in order
 * waits for those.
 */
export class HeardOrder {
  readonly #standings = new Map<string, Standing>();

  /** Takes a heartbeat, whichever way it came. Times are of the collector's monotonic clock. */
  take(beat: OrderedBeat, nowMs: number): void {
    const { workstationId: id, bootId, seq } = beat;
    const known = this.#standings.get(id);
    if (!known || (known.bootId !== bootId && beat.delivery === 'live')) {
      const missing = beat.journalLag > USUAL_LAG ? beat.journalLag : 0;
      const wholeSeq = Math.max(0, seq - missing);
      this.#standings.set(id, { bootId, wholeSeq, newestSeq: seq, lastLateMs: nowMs });
      return;
    }
    if (beat.delivery !== 'live') known.lastLateMs = nowMs;
    if (known.bootId !== bootId) return;
    if (seq === known.wholeSeq + 1 || seq === known.wholeSeq) known.wholeSeq = seq;
    // A gap: late ones come in order, oldest first.
    else if (beat.delivery !== 'live' && seq > known.wholeSeq) known.wholeSeq = seq;
    else if (seq > known.newestSeq && known.wholeSeq === known.newestSeq) known.lastLateMs = nowMs;
    known.newestSeq = Math.max(known.newestSeq, seq);
    // The live ones that came meanwhile close what is left.
    if (known.newestSeq - known.wholeSeq <= USUAL_LAG) known.wholeSeq = known.newestSeq;
  }

  /** True while older heartbeats of it are expected; after a minute without one they are given up. */
  isWaiting(id: string, nowMs: number): boolean {
    const known = this.#standings.get(id);
    if (!known || known.wholeSeq >= known.newestSeq) return false;
    if (nowMs - known.lastLateMs <= HELD_MS) return true;
    known.wholeSeq = known.newestSeq;
    return false;
  }
}
