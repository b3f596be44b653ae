import { setTimeout as wait } from 'node:timers/promises';
import { PackageBytes, type EmDownload } from '@ppe-pulse/protocol';
import type { Clock } from '../platform/clock.ts';
import {
  attempt,
  type AttemptOutcome,
  type AttemptSink,
  type BodyPlan,
  type ServerTrust,
} from '../probes/em-download/attempt.ts';
import { ByteHistory } from '../probes/em-download/byte-history.ts';
import { retryInMs } from '../probes/em-download/em-download.ts';
import { estimateEta, type EtaRange } from '../probes/em-download/eta-estimate.ts';
import { openKeyStream } from './key-stream.ts';

/** A seeded package and where it is fetched from. */
export interface PackageOrder extends Pick<EmDownload, 'bytes' | 'seed' | 'maxBytesPerSecond'> {
  readonly url: URL;
  /** How the server is known, for https. */
  readonly tls: ServerTrust;
  readonly authorization: string | undefined;
  readonly resume: EmDownload['resume'];
}

/** What fetching needs of the world. */
export interface FetchWorld {
  readonly clock: Clock;
  /** 0…1, for the spread of retries. */
  readonly random: () => number;
}

/** How fetching ended. */
export type FetchOutcome =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'failed';
      readonly reason: 'badPackage' | Extract<AttemptOutcome, { reason: unknown }>['reason'];
    };

/** Silence after which the line counts as cut: 5 s rides out TCP's own repeats. */
const STALL_MS = 5_000;
/** Parts of no use in a row before the server is believed to have no better. */
const USELESS_ANSWERS = 3;
/** Under a ceiling of the rate bytes are left on the line no longer than this: it is no cut. */
const HOLD_CAP_MS = 2_000;

/**
 * Fetches a package over cuts and pauses, compares each byte with what it must be, and keeps nothing.
 * Because every byte is compared, a part can be trusted without a tag, and a hash that would be lost
 * with the process is not needed: whoever knows how far it came goes on from there.
 */
export class PackageFetch implements AttemptSink {
  readonly #order: PackageOrder;
  readonly #world: FetchWorld;
  readonly #expected: PackageBytes;
  #history: ByteHistory;
  #tookMs: number;
  #retries: number;
  /** When the last bytes of this attempt came. */
  #lastMs = 0;
  /** Attempts in a row that brought nothing, and answers that were of no use. */
  #failures = 0;
  #useless = 0;
  #isBad = false;
  #fetched = 0;
  /** When the bytes so far are due under the ceiling, and how many came last. */
  #dueMs = 0;
  #lastBytes = 0;

  constructor(order: PackageOrder, world: FetchWorld) {
    this.#order = order;
    this.#world = world;
    const { receivedBytes = 0, tookMs = 0, retries = 0 } = order.resume ?? {};
    const from = Math.min(receivedBytes, order.bytes);
    this.#expected = new PackageBytes(order.seed, openKeyStream, from);
    this.#history = new ByteHistory(world.clock.monotonicMs());
    this.#tookMs = tookMs;
    this.#retries = retries;
  }

  /** Right ones, from the first byte on. */
  get receivedBytes(): number {
    return this.#expected.offset;
  }

  /** Over all attempts of this process, repeats included. */
  get fetchedBytes(): number {
    return this.#fetched;
  }

  /** Time in which bytes came, earlier processes included. */
  get tookMs(): number {
    return this.#tookMs;
  }

  get retries(): number {
    return this.#retries;
  }

  /** Of the last whole second. */
  bytesPerSecond(): number {
    return this.#history.wholeSeconds(this.#world.clock.monotonicMs()).at(-1) ?? 0;
  }

  eta(): EtaRange | undefined {
    const steady = this.#history.steadySeconds(this.#world.clock.monotonicMs());
    return estimateEta(steady, this.#order.bytes - this.receivedBytes);
  }

  /** Goes on until the package is there. Rejects only when aborted; may then be called again. */
  async run(signal: AbortSignal): Promise<FetchOutcome> {
    const { url, tls, authorization } = this.#order;
    // A pause is no silence of the line: the forecast looks back on what comes now.
    this.#history = new ByteHistory(this.#world.clock.monotonicMs());
    while (this.receivedBytes < this.#order.bytes) {
      const received = { bytes: this.receivedBytes, etag: undefined, isCompared: true };
      const request = { url, tls, authorization, received, stallMs: STALL_MS };
      const end = this.#endOf(await attempt(request, this, signal));
      if (end) return end;
      if (this.receivedBytes === this.#order.bytes) break;
      this.#retries += 1;
      this.#failures += 1;
      await wait(retryInMs(this.#failures - 1, this.#world.random()), undefined, { signal });
    }
    return { kind: 'done' };
  }

  begin(plan: BodyPlan): void {
    this.#lastMs = this.#world.clock.monotonicMs();
    this.#dueMs = this.#lastMs;
    if (plan.kind === 'restart') this.#expected.seek(0);
    if (plan.total !== undefined && plan.total !== this.#order.bytes) this.#isBad = true;
  }

  take(chunk: Buffer): boolean {
    const nowMs = this.#world.clock.monotonicMs();
    this.#tookMs += nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    this.#fetched += chunk.length;
    this.#isBad ||= this.receivedBytes + chunk.length > this.#order.bytes;
    this.#isBad ||= !this.#isAsExpected(chunk);
    if (this.#isBad) return false;
    this.#failures = 0;
    this.#useless = 0;
    this.#history.add(chunk.length, nowMs);
    return true;
  }

  holdMs(): number {
    const { maxBytesPerSecond } = this.#order;
    if (maxBytesPerSecond === 0) return 0;
    const nowMs = this.#world.clock.monotonicMs();
    const due = this.#dueMs + (this.#lastBytes * 1_000) / maxBytesPerSecond;
    // A line that was slower than the ceiling for a while may not make up for it.
    this.#dueMs = Math.max(due, nowMs);
    return Math.min(HOLD_CAP_MS, this.#dueMs - nowMs);
  }

  /** Also counts the bytes that are right on. */
  #isAsExpected(chunk: Buffer): boolean {
    this.#lastBytes = chunk.length;
    const from = this.receivedBytes;
    const isSame = chunk.equals(this.#expected.next(chunk.length));
    if (!isSame) this.#expected.seek(from);
    return isSame;
  }

  #endOf(outcome: AttemptOutcome): FetchOutcome | undefined {
    if (this.#isBad) return { kind: 'failed', reason: 'badPackage' };
    switch (outcome.kind) {
      case 'refused':
      case 'distrusted':
        return { kind: 'failed', reason: outcome.reason };
      case 'done':
        // The server says that nothing is missing: its package is shorter than it has to be.
        return { kind: 'failed', reason: 'badPackage' };
      case 'again':
        this.#useless += 1;
        return this.#useless < USELESS_ANSWERS
          ? undefined
          : { kind: 'failed', reason: 'badAnswer' };
      case 'busy':
      case 'complete':
      case 'cut':
      case 'enough':
        return undefined;
    }
  }
}
