import type { EmDownload, EmProgress, EmStop, Timers } from '@ppe-pulse/protocol';
import type { Occurrence } from './occurrence.ts';
import { powerLostAtMs, presenceAt } from './presence.ts';
import { emLineBytesPerSecond } from './probes/line.ts';
import type { SimulatedWorkstation } from './region.ts';
import { localTimeOf } from './simulated-time.ts';

/** The clocks of a run, as far as a download goes by them. */
export interface EmClock {
  readonly monotonicMs: () => number;
  readonly simulatedMs: () => number;
  /** Simulated milliseconds in a real one. */
  readonly speed: number;
  readonly utcOffsetMinutes: number;
}

/** An order of the collector as a simulated Штаб took it. */
export interface TakenOrder {
  readonly order: EmDownload;
  readonly workstation: SimulatedWorkstation;
  readonly occurrences: readonly Occurrence[];
  /** Simulated moment at which it was taken. */
  readonly takenAtMs: number;
  readonly clock: Pick<EmClock, 'speed' | 'utcOffsetMinutes'>;
}

/**
 * Pure: how the download stands this long after it was taken, in real milliseconds. No byte is
 * fetched: what comes in is what the simulated line would let through by then.
 */
export function emProgressAt(taken: TakenOrder, elapsedMs: number): EmProgress {
  const { downloadId, expiresInMs } = taken.order;
  const whole = fetchedBy(taken, expiresInMs);
  const isDone = whole.doneAfterMs !== undefined && elapsedMs >= whole.doneAfterMs;
  const untilNow = isDone ? whole : fetchedBy(taken, Math.min(elapsedMs, expiresInMs));
  const { receivedBytes, tookMs, retries } = untilNow;
  const standing = isDone ? { state: 'done' as const, reason: 'ok' } : openOf(taken, elapsedMs);
  return {
    type: 'emProgress',
    downloadId,
    ...standing,
    receivedBytes: Math.floor(receivedBytes),
    tookMs: Math.round(tookMs),
    retries,
  };
}

/** Pure: when it ends, done or given up, in real milliseconds after it was taken. */
export function emEndsAfterMs(taken: TakenOrder): number {
  const { expiresInMs } = taken.order;
  return fetchedBy(taken, expiresInMs).doneAfterMs ?? expiresInMs;
}

/** What a Штаб takes orders with. */
export interface EmOrderParts {
  readonly clock: EmClock;
  readonly timers: Timers;
  readonly workstation: SimulatedWorkstation;
  readonly occurrences: readonly Occurrence[];
  readonly send: (progress: EmProgress) => void;
}

/** Progress is told this often at most, as by real agents. */
const REPORT_MS = 1_000;

/** A simulated Штаб's part in the rehearsals that the collector orders: one at a time, the newest. */
export class EmOrders {
  readonly #parts: EmOrderParts;
  /** The newest, also when it is over: a known order is only answered. */
  #taken: TakenOrder | undefined;
  #takenMonotonicMs = 0;
  #endsAfterMs = 0;
  /** Its last word, once it is over. */
  #last: EmProgress | undefined;
  #timer: unknown;

  constructor(parts: EmOrderParts) {
    this.#parts = parts;
  }

  /** Takes an order, or the end of one. */
  take(frame: EmDownload | EmStop): void {
    if (frame.type === 'emDownload') this.#order(frame);
    else if (this.#taken?.order.downloadId === frame.downloadId) this.#giveUp('stopped');
  }

  /** The agent's process ended: the next one knows of no order until it is told again. */
  forget(): void {
    this.#parts.timers.clear(this.#timer);
    this.#taken = undefined;
    this.#last = undefined;
  }

  #order(order: EmDownload): void {
    const { workstation, occurrences, clock, send } = this.#parts;
    if (this.#taken?.order.downloadId === order.downloadId) {
      send(this.#progress(this.#taken));
      return;
    }
    const taken = { order, workstation, occurrences, takenAtMs: clock.simulatedMs(), clock };
    if (workstation.placement.role !== 'hq') {
      send({ ...emProgressAt(taken, 0), state: 'refused', reason: 'notHq' });
      return;
    }
    this.#giveUp('replaced');
    this.#taken = taken;
    this.#takenMonotonicMs = clock.monotonicMs();
    this.#endsAfterMs = emEndsAfterMs(taken);
    this.#last = undefined;
    this.#report(taken);
  }

  #giveUp(reason: 'stopped' | 'replaced'): void {
    if (!this.#taken || this.#last) return;
    this.#end({ ...this.#progress(this.#taken), state: 'failed', reason });
  }

  #end(last: EmProgress): void {
    this.#parts.timers.clear(this.#timer);
    this.#last = last;
    this.#parts.send(last);
  }

  /** Once a second, and at the end, which need not be a whole second. */
  #report(taken: TakenOrder): void {
    const leftMs = this.#endsAfterMs - this.#elapsedMs();
    if (leftMs <= 0) {
      this.#end(this.#progress(taken));
      return;
    }
    this.#parts.send(this.#progress(taken));
    const next = (): void => this.#report(taken);
    this.#timer = this.#parts.timers.set(next, Math.min(REPORT_MS, leftMs));
  }

  #progress(taken: TakenOrder): EmProgress {
    return this.#last ?? emProgressAt(taken, this.#elapsedMs());
  }

  #elapsedMs(): number {
    return this.#parts.clock.monotonicMs() - this.#takenMonotonicMs;
  }
}

function openOf(
  { order: { startInMs, expiresInMs } }: TakenOrder,
  elapsedMs: number,
): Pick<EmProgress, 'state' | 'reason'> {
  if (elapsedMs >= expiresInMs) return { state: 'failed', reason: 'expired' };
  if (elapsedMs < startInMs) return { state: 'waiting', reason: 'waiting' };
  return { state: 'running', reason: 'running' };
}

interface Fetched {
  readonly receivedBytes: number;
  /** Time in which bytes came. */
  readonly tookMs: number;
  /** A line that comes back costs another attempt. */
  readonly retries: number;
  readonly doneAfterMs?: number;
}

/** Adds up the stretches between edges of faults, each of one speed. */
function fetchedBy(taken: TakenOrder, untilMs: number): Fetched {
  const { bytes, startInMs, resume } = taken.order;
  let { receivedBytes, tookMs, retries } = resume ?? { receivedBytes: 0, tookMs: 0, retries: 0 };
  let isBroken = false;
  let fromMs = startInMs;
  if (receivedBytes >= bytes && startInMs <= untilMs)
    return { receivedBytes: bytes, tookMs, retries, doneAfterMs: startInMs };
  for (const toMs of [...edgesMs(taken).filter((atMs) => atMs < untilMs), untilMs]) {
    if (toMs <= fromMs) continue;
    const bytesPerMs = bytesPerSecondAt(taken, fromMs) / 1_000;
    if (bytesPerMs > 0) {
      if (isBroken) retries += 1;
      const neededMs = (bytes - receivedBytes) / bytesPerMs;
      if (neededMs <= toMs - fromMs) {
        const doneAfterMs = fromMs + neededMs;
        return { receivedBytes: bytes, tookMs: tookMs + neededMs, retries, doneAfterMs };
      }
      receivedBytes += bytesPerMs * (toMs - fromMs);
      tookMs += toMs - fromMs;
    }
    isBroken = bytesPerMs === 0;
    fromMs = toMs;
  }
  return { receivedBytes, tookMs, retries };
}

/** Of a piece of the way: 0 where there is no PC or no line, else the line's, under the ceiling. */
function bytesPerSecondAt(taken: TakenOrder, elapsedMs: number): number {
  const { order, workstation, occurrences, takenAtMs, clock } = taken;
  const atMs = takenAtMs + elapsedMs * clock.speed;
  const { absence, isCut, isOffline } = presenceAt(workstation, occurrences, atMs);
  if (absence !== undefined || isCut || isOffline) return 0;
  const local = localTimeOf(atMs, clock.utcOffsetMinutes);
  const line = emLineBytesPerSecond({ workstation, occurrences, atMs, local });
  return order.maxBytesPerSecond > 0 ? Math.min(line, order.maxBytesPerSecond) : line;
}

/** When something begins or ends for the line, in real milliseconds after the order was taken. */
function edgesMs({ workstation, occurrences, takenAtMs, clock, order }: TakenOrder): number[] {
  return occurrences
    .flatMap((each) =>
      each.fault === 'powerCut'
        ? [each.fromMs, powerLostAtMs(workstation, each), each.toMs]
        : [each.fromMs, each.toMs],
    )
    .map((atMs) => (atMs - takenAtMs) / clock.speed)
    .filter((atMs) => atMs > order.startInMs && Number.isFinite(atMs))
    .sort((a, b) => a - b);
}
