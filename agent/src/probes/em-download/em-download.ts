import { createHash, type Hash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';
import { attempt, type AttemptOutcome, type AttemptSink, type BodyPlan } from './attempt.ts';
import { ByteHistory } from './byte-history.ts';
import { estimateEta, type EtaRange } from './eta-estimate.ts';
import { strongEtag, type ResponseHead } from './http-range.ts';

/** A rehearsal of a package's download. */
export interface EmDownloadOrder {
  /** `http(s)` address on our own collector or mirror; never a portal of the exam. */
  readonly url: string;
  /** PEM text of the CA to trust instead of the built-in ones. */
  readonly ca?: string | undefined;
  /** Bytes of body over all attempts; a package that starts anew is paid twice. */
  readonly maxBytes: number;
  /** From the first request, cuts and waits and all. */
  readonly maxMs: number;
  /** Silence after which the line counts as cut, ms. 5 s rides out TCP's own repeats. */
  readonly stallMs: number;
}

/** What happens on the way, as it happens; `progress` once a second also in silence. */
export type EmDownloadEvent =
  | { readonly kind: 'progress'; readonly progress: EmProgress }
  /** The code is the system's, `stalled`, `short`, `busy` or `again`. */
  | { readonly kind: 'cut'; readonly code: string; readonly retryInMs: number }
  | { readonly kind: 'resumed'; readonly fromByte: number }
  /** The package changed, or the server gives no parts: all over again. */
  | { readonly kind: 'restarted'; readonly lostBytes: number };

/** Where a download stands. */
export interface EmProgress {
  readonly receivedBytes: number;
  /** Undefined before the first response, and where the server does not tell. */
  readonly totalBytes: number | undefined;
  /** Of the last whole second. */
  readonly bytesPerSecond: number;
  /** Undefined in the first two seconds, without a total, and after a minute of silence. */
  readonly eta: EtaRange | undefined;
}

/** What a download came to. */
export interface EmDownloadTotals {
  readonly receivedBytes: number;
  readonly totalBytes: number | undefined;
  readonly tookMs: number;
  readonly cuts: number;
  readonly restarts: number;
}

/** Outcome of a rehearsal. */
export type EmDownloadOutcome =
  | ({ readonly kind: 'done'; readonly sha256: string } & EmDownloadTotals)
  | ({ readonly kind: 'stopped'; readonly reason: 'byteBudget' | 'timeBudget' } & EmDownloadTotals)
  | ({
      readonly kind: 'failed';
      /** Each is a reason of a verdict by the same name. */
      readonly reason: Extract<AttemptOutcome, { reason: unknown }>['reason'];
    } & EmDownloadTotals);

/** What the rehearsal needs of the world. */
export interface EmDownloadWorld {
  readonly clock: Clock;
  /** 0…1, for the spread of retries. */
  readonly random: () => number;
  readonly onEvent: (event: EmDownloadEvent) => void;
  readonly signal: AbortSignal;
}

const PROGRESS_MS = 1_000;
/** First wait after a cut; doubled up to the cap while nothing is received. */
const RETRY_MS = 500;
const RETRY_CAP_MS = 15_000;

/** Wait before the next attempt, ms: `failures` in a row without a byte, ±25 %. */
export function retryInMs(failures: number, random: number): number {
  const wholeMs = Math.min(RETRY_CAP_MS, RETRY_MS * 2 ** Math.min(failures, 10));
  return wholeMs * (0.75 + 0.5 * random);
}

/**
 * Downloads a package the way the real downloader would, over cuts of the line, counts and hashes
 * its bytes and writes them nowhere. A cut is continued where it happened as long as the package is
 * the same (strong ETag), also after a minute; within this call only. Rejects only when aborted.
 */
export async function rehearseEmDownload(
  order: EmDownloadOrder,
  world: EmDownloadWorld,
): Promise<EmDownloadOutcome> {
  const { clock, onEvent } = world;
  world.signal.throwIfAborted();
  const startMs = clock.monotonicMs();
  const state = new Rehearsal(order, world, startMs);
  const budget = new AbortController();
  const timer = setTimeout(() => budget.abort(), order.maxMs);
  const onAbort = (): void => budget.abort(world.signal.reason);
  world.signal.addEventListener('abort', onAbort, { once: true });
  const ticking = setInterval(() => {
    onEvent({ kind: 'progress', progress: state.progress() });
  }, PROGRESS_MS);
  try {
    return await state.run(budget.signal);
  } catch (error) {
    world.signal.throwIfAborted();
    if (!budget.signal.aborted) throw error;
    return { kind: 'stopped', reason: 'timeBudget', ...state.totals() };
  } finally {
    clearTimeout(timer);
    clearInterval(ticking);
    world.signal.removeEventListener('abort', onAbort);
  }
}

/** What is known of one download between its attempts. */
class Rehearsal implements AttemptSink {
  readonly #order: EmDownloadOrder;
  readonly #world: EmDownloadWorld;
  readonly #startMs: number;
  readonly #history: ByteHistory;
  #hash: Hash = createHash('sha256');
  #etag: string | undefined;
  #total: number | undefined;
  /** Of this package, from its first byte. */
  #received = 0;
  /** Over all attempts. */
  #counted = 0;
  #cuts = 0;
  #restarts = 0;
  /** Attempts in a row that brought nothing. */
  #failures = 0;

  constructor(order: EmDownloadOrder, world: EmDownloadWorld, startMs: number) {
    this.#order = order;
    this.#world = world;
    this.#startMs = startMs;
    this.#history = new ByteHistory(startMs);
  }

  async run(signal: AbortSignal): Promise<EmDownloadOutcome> {
    const { ca, stallMs } = this.#order;
    const url = new URL(this.#order.url);
    const tls = ca === undefined ? {} : { ca };
    for (;;) {
      const received = { bytes: this.#received, etag: this.#etag };
      const outcome = await attempt({ url, tls, received, stallMs }, this, signal);
      const end = this.#endOf(outcome);
      if (end) return end;
      if (outcome.kind === 'again') this.#forget();
      const code = codeOfCut(outcome);
      const retryMs = retryInMs(this.#failures, this.#world.random());
      this.#cuts += 1;
      this.#failures += 1;
      this.#world.onEvent({ kind: 'cut', code, retryInMs: retryMs });
      await wait(retryMs, undefined, { signal });
    }
  }

  begin(plan: BodyPlan, head: ResponseHead): void {
    if (plan.kind === 'append') {
      this.#world.onEvent({ kind: 'resumed', fromByte: this.#received });
    } else {
      this.#forget();
      this.#etag = strongEtag(head.etag);
    }
    this.#total = plan.total ?? this.#total;
  }

  take(chunk: Buffer): boolean {
    this.#hash.update(chunk);
    this.#received += chunk.length;
    this.#counted += chunk.length;
    this.#failures = 0;
    this.#history.add(chunk.length, this.#world.clock.monotonicMs());
    return this.#counted < this.#order.maxBytes || this.#received === this.#total;
  }

  progress(): EmProgress {
    const nowMs = this.#world.clock.monotonicMs();
    const steady = this.#history.steadySeconds(nowMs);
    const remaining = this.#total === undefined ? undefined : this.#total - this.#received;
    return {
      receivedBytes: this.#received,
      totalBytes: this.#total,
      bytesPerSecond: this.#history.wholeSeconds(nowMs).at(-1) ?? 0,
      eta: remaining === undefined ? undefined : estimateEta(steady, remaining),
    };
  }

  totals(): EmDownloadTotals {
    return {
      receivedBytes: this.#received,
      totalBytes: this.#total,
      tookMs: this.#world.clock.monotonicMs() - this.#startMs,
      cuts: this.#cuts,
      restarts: this.#restarts,
    };
  }

  #endOf(outcome: AttemptOutcome): EmDownloadOutcome | undefined {
    if (outcome.kind === 'refused' || outcome.kind === 'distrusted')
      return { kind: 'failed', reason: outcome.reason, ...this.totals() };
    if (outcome.kind === 'enough')
      return { kind: 'stopped', reason: 'byteBudget', ...this.totals() };
    const isWhole = this.#total === undefined || this.#received === this.#total;
    if (outcome.kind !== 'done' && !(outcome.kind === 'complete' && isWhole)) return undefined;
    return { kind: 'done', sha256: this.#hash.digest('hex'), ...this.totals() };
  }

  /** All over again: another package, or a server that gives no parts. */
  #forget(): void {
    if (this.#received === 0) return;
    this.#world.onEvent({ kind: 'restarted', lostBytes: this.#received });
    this.#hash = createHash('sha256');
    this.#etag = undefined;
    this.#total = undefined;
    this.#received = 0;
    this.#restarts += 1;
  }
}

/** A body that came to its end before the package did is short, whatever its own length says. */
function codeOfCut(outcome: AttemptOutcome): string {
  if (outcome.kind === 'cut') return outcome.code;
  return outcome.kind === 'complete' ? 'short' : outcome.kind;
}
