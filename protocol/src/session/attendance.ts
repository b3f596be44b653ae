/** What the listener does with a live heartbeat of a boot. */
export type Hearing =
  /** It is the workstation: fold it. */
  | { readonly kind: 'current' }
  /** Two boots claim one id and it is not decided yet: keep it, show nothing. */
  | { readonly kind: 'contested' }
  /** The boot that was here first is alive beside these: they are clones. */
  | { readonly kind: 'cloned'; readonly boots: readonly string[] };

interface Present {
  readonly bootId: string;
  lastHeardMs: number;
}

interface Seat {
  current: Present;
  /** Newer boots and when they joined. */
  readonly challengers: Map<string, number>;
}

/** Heartbeats on their way when the newer one joined prove nothing: this much later ones do. */
const PROOF_MARGIN_MS = 1_000;
/** A boot without a heartbeat for so many periods has gone, and the newer one is its successor. */
const GONE_PERIODS = 2;
/** Challengers of one id that are told apart. */
const MAX_CHALLENGERS = 8;

/**
 * Who is who under one id. A new boot is nearly always a restart: the older one is silent. When the
 * older one still produces heartbeats after the newer joined, the key is on two PCs: a cloned image.
 * Times are of the listener's monotonic clock. Pure.
 */
export class Attendance {
  readonly #seats = new Map<string, Seat>();
  readonly #intervalMs: number;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** A boot joined. */
  joined(id: string, bootId: string, nowMs: number): void {
    const seat = this.#seats.get(id);
    if (!seat || seat.current.bootId === bootId || this.#isGone(seat, nowMs)) {
      this.#seats.set(id, { current: { bootId, lastHeardMs: nowMs }, challengers: new Map() });
      return;
    }
    if (seat.challengers.size < MAX_CHALLENGERS) seat.challengers.set(bootId, nowMs);
  }

  /** A live heartbeat of a boot that joined, produced at `producedMs` of the listener's clock. */
  heard(id: string, bootId: string, producedMs: number, nowMs: number): Hearing {
    const seat = this.#seats.get(id);
    if (!seat) {
      this.joined(id, bootId, nowMs);
      return { kind: 'current' };
    }
    const { current, challengers } = seat;
    if (bootId === current.bootId) {
      current.lastHeardMs = Math.max(current.lastHeardMs, producedMs);
      const boots = [...challengers].filter(
        ([, joinedMs]) => producedMs > joinedMs + PROOF_MARGIN_MS,
      );
      if (boots.length === 0) return { kind: 'current' };
      for (const [boot] of boots) challengers.delete(boot);
      return { kind: 'cloned', boots: boots.map(([boot]) => boot) };
    }
    if (!this.#isGone(seat, nowMs)) return { kind: 'contested' };
    // The newest of those that are left has won.
    const joinedMs = challengers.get(bootId) ?? nowMs;
    challengers.delete(bootId);
    for (const [boot, at] of challengers) if (at <= joinedMs) challengers.delete(boot);
    this.#seats.set(id, { current: { bootId, lastHeardMs: nowMs }, challengers });
    return { kind: 'current' };
  }

  /** A boot's socket is closed: it need not be waited for. */
  left(id: string, bootId: string): void {
    const seat = this.#seats.get(id);
    if (!seat) return;
    seat.challengers.delete(bootId);
    if (seat.current.bootId !== bootId) return;
    const successor = [...seat.challengers].at(-1);
    if (!successor) {
      this.#seats.delete(id);
      return;
    }
    const [next, joinedMs] = successor;
    seat.challengers.delete(next);
    seat.current = { bootId: next, lastHeardMs: joinedMs };
  }

  #isGone(seat: Seat, nowMs: number): boolean {
    return nowMs - seat.current.lastHeardMs > GONE_PERIODS * this.#intervalMs;
  }
}
