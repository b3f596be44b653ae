import { setTimeout as wait } from 'node:timers/promises';
import {
  EM_PACKAGE_PATH,
  type EmDownload,
  type EmProgress,
  type EmStop,
  type Mode,
  type Role,
} from '@ppe-pulse/protocol';
import type { VerifiedTls } from '../link/trust.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { ServerTrust } from '../probes/em-download/attempt.ts';
import type { EmStanding } from '../probes/em-download/em-probe.ts';
import { PackageFetch } from './fetch-package.ts';
import type { LineWatch } from './line-watch.ts';

/** What the rehearsal needs of the agent. */
export interface EmRehearsalParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  /** `http(s)://host:port` of the collector: the only place but the mirror. */
  readonly collectorUrl: string;
  /** How it is known. */
  readonly collectorTls: VerifiedTls;
  /** Of the agent's own configuration; a collector cannot name one. */
  readonly mirror: { readonly url: string; readonly ca?: string | undefined } | undefined;
  readonly maxBytes: number;
  readonly mode: () => Mode;
  readonly role: () => Role;
  /** The line belongs to the exam now. */
  readonly isLineClosed: () => boolean;
  readonly watch: Pick<LineWatch, 'isNeeded'>;
  readonly send: (progress: EmProgress) => void;
  /** An order is taken: a rehearsal of the agent's own gives way. */
  readonly taken: () => void;
}

type Refusal = 'notHq' | 'tooBig' | 'noMirror' | Exclude<Mode, 'prep'>;
type PauseReason = 'closedHours' | 'lineBusy' | Exclude<Mode, 'prep'>;

/** Progress is told this often at most. */
const REPORT_MS = 1_000;
/** Whether the line is needed is looked at this often. */
const LOOK_MS = 5_000;
/** Whoever needed the line has it for so long, and up to twice of it. */
const YIELD_MS = 10_000;
/** The longest that a timer of Node takes. */
const LONGEST_MS = 2 ** 31 - 1;

/** The agent's part in rehearsals that the collector orders: one at a time, the newest. */
export class EmRehearsal {
  readonly #parts: EmRehearsalParts;
  #job: Job | undefined;

  constructor(parts: EmRehearsalParts) {
    this.#parts = parts;
  }

  /** Takes an order, or the end of one. */
  take(frame: EmDownload | EmStop): void {
    if (frame.type === 'emDownload') this.#order(frame);
    else if (this.#job?.id === frame.downloadId) this.#job.end('failed', 'stopped');
  }

  /** True while it has the line, or waits for it. */
  get isOpen(): boolean {
    return this.#job?.isOpen ?? false;
  }

  /** For the probe that shows it; undefined before the first. */
  standing(): EmStanding | undefined {
    return this.#job?.standing();
  }

  /** What may be begun is another thing: the line is given up at once, and taken again in time. */
  modeChanged(): void {
    if (this.isOpen) this.#job?.giveWay();
  }

  close(): void {
    this.#job?.abandon();
  }

  /** An order that is known already is only answered. */
  #order(order: EmDownload): void {
    if (this.#job?.id === order.downloadId) {
      this.#job.report();
      return;
    }
    const refusal = this.#refusalOf(order);
    if (refusal !== undefined) {
      this.#parts.log.info({ downloadId: order.downloadId, refusal }, 'em download refused');
      const { receivedBytes = 0, tookMs = 0, retries = 0 } = order.resume ?? {};
      const { downloadId } = order;
      const told = { receivedBytes, tookMs, retries };
      this.#parts.send({
        type: 'emProgress',
        downloadId,
        state: 'refused',
        reason: refusal,
        ...told,
      });
      return;
    }
    this.#job?.end('failed', 'replaced');
    this.#parts.taken();
    this.#job = new Job(order, this.#parts);
    void this.#job.run();
  }

  #refusalOf({ bytes, source }: EmDownload): Refusal | undefined {
    const { role, mode, maxBytes, mirror } = this.#parts;
    const now = mode();
    if (role() !== 'hq') return 'notHq';
    if (now !== 'prep') return now;
    if (bytes > maxBytes) return 'tooBig';
    return source === 'mirror' && !mirror ? 'noMirror' : undefined;
  }
}

/** One order from its start to its end. */
class Job {
  readonly #order: EmDownload;
  readonly #parts: EmRehearsalParts;
  readonly #fetch: PackageFetch;
  readonly #over = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  /** Aborts the attempt that has the line. */
  #attempt: AbortController | undefined;
  #state: EmProgress['state'] = 'waiting';
  #reason = 'waiting';
  #yieldUntilMs = Number.NEGATIVE_INFINITY;

  constructor(order: EmDownload, parts: EmRehearsalParts) {
    this.#order = order;
    this.#parts = parts;
    this.#fetch = new PackageFetch(packageOf(order, parts), parts);
  }

  get id(): string {
    return this.#order.downloadId;
  }

  get isOpen(): boolean {
    return !this.#over.signal.aborted;
  }

  /** Never rejects: the end is told to the collector. */
  async run(): Promise<void> {
    const { startInMs, expiresInMs } = this.#order;
    this.#timers.push(
      setTimeout(() => this.end('failed', 'expired'), Math.min(LONGEST_MS, expiresInMs)),
      setInterval(() => this.giveWay(), REPORT_MS),
      setInterval(() => void this.#look(), LOOK_MS),
    );
    this.report();
    try {
      await wait(Math.min(LONGEST_MS, startInMs), undefined, { signal: this.#over.signal });
      while (this.isOpen) await this.#turn();
    } catch (error) {
      if (this.isOpen) throw error;
    }
  }

  end(state: 'done' | 'failed', reason: string): void {
    if (!this.isOpen) return;
    this.#set(state, reason);
    this.abandon();
    this.#parts.log.info({ ...this.#progress() }, 'em download has ended');
    this.report();
  }

  /** Ends without a word: the process stops, the next one goes on. */
  abandon(): void {
    this.#over.abort();
    this.#attempt?.abort();
    for (const timer of this.#timers) clearInterval(timer);
  }

  report(): void {
    this.#parts.send(this.#progress());
  }

  standing(): EmStanding {
    const isRunning = this.isOpen && this.#state === 'running';
    return {
      isRunning,
      state: this.#state === 'done' || this.#state === 'failed' ? this.#state : stateOf(isRunning),
      receivedBytes: this.#fetch.receivedBytes,
      totalBytes: this.#order.bytes,
      bytesPerSecond: isRunning ? this.#fetch.bytesPerSecond() : undefined,
      eta: isRunning ? this.#fetch.eta() : undefined,
    };
  }

  /** Gives the line up as soon as it must be, and tells how it stands. */
  giveWay(): void {
    const pause = this.#pauseReason();
    if (pause !== undefined && this.#attempt) {
      this.#set('paused', pause);
      this.#attempt.abort();
    }
    this.report();
  }

  /** Fetches while it may, waits while it may not. */
  async #turn(): Promise<void> {
    const pause = this.#pauseReason();
    if (pause !== undefined) {
      this.#set('paused', pause);
      await wait(REPORT_MS, undefined, { signal: this.#over.signal });
      return;
    }
    this.#set('running', 'running');
    const attempt = new AbortController();
    this.#attempt = attempt;
    try {
      const outcome = await this.#fetch.run(attempt.signal);
      if (outcome.kind === 'done') this.end('done', 'ok');
      else this.end('failed', outcome.reason);
    } catch (error) {
      if (!attempt.signal.aborted) throw error;
    } finally {
      this.#attempt = undefined;
    }
  }

  async #look(): Promise<void> {
    const { watch, clock, random } = this.#parts;
    const isNeeded = await watch.isNeeded(this.#fetch.fetchedBytes);
    if (isNeeded) this.#yieldUntilMs = clock.monotonicMs() + YIELD_MS * (1 + random());
  }

  #pauseReason(): PauseReason | undefined {
    const { mode, isLineClosed, clock } = this.#parts;
    const now = mode();
    if (now !== 'prep') return now;
    if (isLineClosed()) return 'closedHours';
    return clock.monotonicMs() < this.#yieldUntilMs ? 'lineBusy' : undefined;
  }

  #set(state: EmProgress['state'], reason: string): void {
    this.#state = state;
    this.#reason = reason;
  }

  #progress(): EmProgress {
    return {
      type: 'emProgress',
      downloadId: this.id,
      state: this.#state,
      reason: this.#reason,
      receivedBytes: this.#fetch.receivedBytes,
      tookMs: Math.round(this.#fetch.tookMs),
      retries: this.#fetch.retries,
    };
  }
}

function stateOf(isRunning: boolean): EmStanding['state'] {
  return isRunning ? 'running' : 'stopped';
}

function mirrorTrust({ ca }: NonNullable<EmRehearsalParts['mirror']>): ServerTrust {
  return ca === undefined ? {} : { ca };
}

/** The token goes to the collector only. */
function packageOf(
  order: EmDownload,
  parts: EmRehearsalParts,
): ConstructorParameters<typeof PackageFetch>[0] {
  const { bytes, seed, maxBytesPerSecond, resume, source, token } = order;
  const isMirror = source === 'mirror' && parts.mirror !== undefined;
  return {
    bytes,
    seed,
    maxBytesPerSecond,
    resume,
    url: isMirror ? new URL(parts.mirror.url) : new URL(EM_PACKAGE_PATH, parts.collectorUrl),
    tls: isMirror ? mirrorTrust(parts.mirror) : parts.collectorTls,
    authorization: isMirror ? undefined : `Em ${token}`,
  };
}
