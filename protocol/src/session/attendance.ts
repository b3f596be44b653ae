/** What the listener does with a live heartbeat of a boot. */
export type Hearing =
  /** It is the workstation: fold it. `gone` are boots before it, whose sockets are half-open. */
  | { readonly kind: 'current'; readonly gone: readonly string[] }
  /** Two boots claim one id and it is not decided yet: keep it, show nothing. */
  | { readonly kind: 'contested' }
  /** The boot that was here first is alive beside these: they are clones. */
  | { readonly kind: 'cloned'; readonly boots: readonly string[] };

/** A boot that claims an id. */
interface Present {
  /** When it first gave a sign of life here. */
  readonly sinceMs: number;
  lastHeardMs: number;
}

interface Seat {
  readonly bootId: string;
  readonly current: Present;
  /** Boots that gave a sign of life after the current one had come. */
  readonly challengers: Map<string, Present>;
  gone: readonly string[];
}

/** Heartbeats on their way when the newer one joined prove nothing: this much later ones do. */
const PROOF_MARGIN_MS = 1_000;
/** A boot without a heartbeat for so many periods has gone, and the newer one is its successor. */
const GONE_PERIODS = 2;
/** Challengers of one id that are told apart. */
const MAX_CHALLENGERS = 8;
const nobody: readonly string[] = [];
const current: Hearing = { kind: 'current', gone: nobody };
const contested: Hearing = { kind: 'contested' };

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

  /** The boot that is the workstation, undefined while nobody is here. */
  current(id: string): string | undefined {
    return this.#seats.get(id)?.bootId;
  }

  /** A boot joined: it is alive at this moment. */
  joined(id: string, bootId: string, nowMs: number): void {
    const seat = this.#seats.get(id);
    const present = { sinceMs: nowMs, lastHeardMs: nowMs };
    if (!seat) this.#sit(id, { bootId, current: present, challengers: new Map(), gone: nobody });
    else if (seat.bootId === bootId) seat.current.lastHeardMs = nowMs;
    else if (this.#isGone(seat, nowMs)) this.#succeed(id, seat, bootId, present);
    else challenge(seat, bootId, present);
  }

  /** A live heartbeat of a boot, produced at `producedMs` of the listener's clock. */
  heard(id: string, bootId: string, producedMs: number, nowMs: number): Hearing {
    const seat = this.#seats.get(id);
    if (!seat) {
      this.joined(id, bootId, nowMs);
      return current;
    }
    if (bootId === seat.bootId) return heardCurrent(seat, producedMs);
    const known = seat.challengers.get(bootId);
    if (known) known.lastHeardMs = Math.max(known.lastHeardMs, producedMs);
    // What lay in a buffer since before the current one came is a dead boot's last word.
    else if (producedMs <= seat.current.sinceMs + PROOF_MARGIN_MS) return contested;
    const present = known ?? { sinceMs: producedMs, lastHeardMs: producedMs };
    if (this.#isGone(seat, nowMs) && producedMs > seat.current.lastHeardMs)
      return heardCurrent(this.#succeed(id, seat, bootId, present), producedMs);
    challenge(seat, bootId, present);
    return contested;
  }

  /** A boot's socket is closed: it need not be waited for. */
  left(id: string, bootId: string): void {
    const seat = this.#seats.get(id);
    if (!seat) return;
    seat.challengers.delete(bootId);
    if (seat.bootId !== bootId) return;
    const [next, present] = [...seat.challengers].at(-1) ?? [];
    if (next === undefined || !present) {
      this.#seats.delete(id);
      return;
    }
    seat.challengers.delete(next);
    const { challengers, gone } = seat;
    this.#sit(id, { bootId: next, current: present, challengers, gone });
  }

  /** The boot takes the seat; who gave no sign of life after it had come was here before it. */
  #succeed(id: string, seat: Seat, bootId: string, present: Present): Seat {
    const others = [...seat.challengers].filter(([boot]) => boot !== bootId);
    const isBefore = ([, { sinceMs }]: [string, Present]): boolean => sinceMs <= present.sinceMs;
    return this.#sit(id, {
      bootId,
      current: present,
      challengers: new Map(others.filter((each) => !isBefore(each))),
      gone: [...seat.gone, seat.bootId, ...others.filter(isBefore).map(([boot]) => boot)],
    });
  }

  #sit(id: string, seat: Seat): Seat {
    this.#seats.set(id, seat);
    return seat;
  }

  #isGone({ current: { lastHeardMs } }: Seat, nowMs: number): boolean {
    return nowMs - lastHeardMs > GONE_PERIODS * this.#intervalMs;
  }
}

function heardCurrent(seat: Seat, producedMs: number): Hearing {
  seat.current.lastHeardMs = Math.max(seat.current.lastHeardMs, producedMs);
  const { challengers, gone } = seat;
  const boots = challengers.size === 0 ? nobody : provenClones(challengers, producedMs);
  if (boots.length > 0) {
    for (const boot of boots) challengers.delete(boot);
    return { kind: 'cloned', boots };
  }
  if (gone.length === 0) return current;
  seat.gone = nobody;
  return { kind: 'current', gone };
}

function provenClones(challengers: ReadonlyMap<string, Present>, producedMs: number): string[] {
  return [...challengers]
    .filter(([, { sinceMs }]) => producedMs > sinceMs + PROOF_MARGIN_MS)
    .map(([boot]) => boot);
}

function challenge(seat: Seat, bootId: string, present: Present): void {
  if (seat.challengers.size >= MAX_CHALLENGERS && !seat.challengers.has(bootId)) return;
  if (!seat.challengers.has(bootId)) seat.challengers.set(bootId, present);
}
