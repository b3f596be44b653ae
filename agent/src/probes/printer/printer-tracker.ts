import {
  deviceId,
  printerConditions,
  type Facts,
  type Metrics,
  type PrinterCondition,
  type Reason,
} from '@ppe-pulse/protocol';
import { fuse, type FusedLook } from './fuse.ts';
import { PageCount, type PageState } from './page-count.ts';
import { QueueProgress, type QueueState } from './queue-progress.ts';
import type { EndedJob, JobSighting, PrinterSighting, SourceLook } from './sighting.ts';

/** Silence is believed at the second look: the first may be a busy moment. */
const DOUBTED: ReadonlySet<PrinterCondition> = new Set(['offline', 'spoolerDown']);
/** A port is looked at no oftener than this: a nearer second look at it is the first told again. */
const PORT_DOUBT_MS = 5_000;
/** A queue that looks for its device finds a sleeping one within this. */
const CONNECTING_MS = 15_000;
/** A job that did not move from one look to the next waits for the tray that lacks something. */
const STANDS_MS = 4_000;
/** A slow printer whose own counter moves takes this long from page to page at most. */
const STANDS_PRINTING_MS = 15_000;
/** A job that was aborted is news for this long. */
const ABORTED_MS = 5 * 60_000;

/** What one look gives. */
export type Tracked =
  | { readonly kind: 'measured'; readonly facts: Facts; readonly metrics: Metrics }
  | { readonly kind: 'failed'; readonly reason: Reason };

/** Remembers one printer between looks and says what is true of it now. Time is given. */
export class PrinterTracker {
  readonly #device: number;
  readonly #queue = new QueueProgress();
  readonly #pages = new PageCount();
  #doubted: ReadonlySet<PrinterCondition> = new Set();
  #isDoubting = false;
  #offlineSinceMs: number | undefined;
  #connectingSinceMs: number | undefined;
  #ended: readonly (EndedJob & { readonly atMs: number })[] = [];

  constructor(device: number) {
    this.#device = device;
  }

  /** The last look showed something for the first time that one look is not enough for. */
  get isDoubting(): boolean {
    return this.#isDoubting;
  }

  add(looks: readonly SourceLook[], nowMs: number): Tracked {
    this.#isDoubting = false;
    const fused = fuse(looks);
    if (fused.kind === 'failed') return fused;
    const { look } = fused;
    const believed = this.#believed(look, nowMs);
    // Silence that is not believed yet, and nothing else to go by.
    if (look.sightings.length === 0 && believed.length === 0)
      return { kind: 'failed', reason: 'noAnswer' };
    const lifePages = pick(look, (each) => each.lifePages);
    // A device's own empty list hides a job that does not leave the PC.
    const jobs = pick(look, jobsOfSpooler) ?? pick(look, (each) => each.jobs) ?? [];
    const ended = pick(look, (each) => each.ended);
    const queue = this.#queue.add(jobs, {
      nowMs,
      isPrinterIdle: look.state === 'idle',
      isDeviceHeard: look.isDeviceHeard,
      ...(lifePages === undefined ? {} : { lifePages }),
    });
    const standsMs =
      look.state === 'printing' && lifePages !== undefined ? STANDS_PRINTING_MS : STANDS_MS;
    const isWaited = look.lacking !== undefined && queue.stuckMs >= standsMs;
    const conditions = printerConditions.filter(
      (each) => believed.includes(each) || (isWaited && each === look.lacking),
    );
    const pages = this.#pages.add(
      {
        ...(lifePages === undefined ? {} : { lifePages }),
        ...(ended ? { ended } : {}),
      },
      nowMs,
    );
    const tonerRatio = pick(look, (each) => each.tonerRatio);
    const paperSheets = pick(look, (each) => each.paperSheets);
    const facts: Facts = {
      subject: 'printer',
      facts: {
        state: look.state,
        conditions,
        ...(look.remarks.length === 0 ? {} : { remarks: look.remarks }),
        source: look.source,
        isDeviceHeard: look.isDeviceHeard,
        queueJobs: queue.queueJobs,
        stuckMs: queue.stuckMs,
        isStuck: queue.isStuck,
        abortedJobs: this.#aborted(ended, nowMs),
        ...(tonerRatio === undefined ? {} : { tonerRatio }),
        ...(pages.proofAgeMs === undefined ? {} : { proofAgeMs: pages.proofAgeMs }),
        ...(paperSheets === undefined ? {} : { paperSheets }),
        ...(pages.pagesPerMinute === undefined ? {} : { pagesPerMinute: pages.pagesPerMinute }),
      },
    };
    return { kind: 'measured', facts, metrics: this.#metrics(look, queue, pages) };
  }

  #believed(look: FusedLook, nowMs: number): PrinterCondition[] {
    const { conditions } = look;
    this.#connectingSinceMs = look.isConnecting ? (this.#connectingSinceMs ?? nowMs) : undefined;
    const connectingMs = nowMs - (this.#connectingSinceMs ?? nowMs);
    const isOffline = conditions.includes('offline');
    this.#offlineSinceMs = isOffline ? (this.#offlineSinceMs ?? nowMs) : undefined;
    const offlineMs = nowMs - (this.#offlineSinceMs ?? nowMs);
    const isToldAgain = look.isOfflineByPort && offlineMs < PORT_DOUBT_MS;
    const before = this.#doubted;
    this.#doubted = new Set(conditions.filter((each) => DOUBTED.has(each)));
    this.#isDoubting = [...this.#doubted].some((each) => !before.has(each));
    const believed = conditions.filter(
      (each) => !DOUBTED.has(each) || (before.has(each) && !(each === 'offline' && isToldAgain)),
    );
    const isLost = connectingMs >= CONNECTING_MS && !believed.includes('offline');
    return isLost ? [...believed, 'offline'] : believed;
  }

  #aborted(ended: readonly EndedJob[] | undefined, nowMs: number): number {
    if (ended) this.#ended = ended.map((job) => ({ ...job, atMs: nowMs - job.agoMs }));
    const recent = this.#ended.filter(({ atMs }) => nowMs - atMs <= ABORTED_MS);
    const lastGoodMs = Math.max(
      ...recent.filter(({ outcome }) => outcome === 'completed').map(({ atMs }) => atMs),
    );
    // A job that came out after it says that the printer prints again.
    return recent.filter(({ outcome, atMs }) => outcome === 'aborted' && !(atMs < lastGoodMs))
      .length;
  }

  #metrics(look: FusedLook, queue: QueueState, pages: PageState): Metrics {
    const tonerRatio = pick(look, (each) => each.tonerRatio);
    const paperSheets = pick(look, (each) => each.paperSheets);
    const values: Record<string, number | undefined> = {
      'printer.queue.jobs': queue.queueJobs,
      'printer.job.seconds': queue.oldestAgeMs / 1_000,
      'printer.stuck.seconds': queue.stuckMs / 1_000,
      'printer.toner.ratio': tonerRatio,
      'printer.paper.sheets': paperSheets,
      'printer.pages.count': pages.pages,
      'printer.speed.pagesPerMinute': pages.pagesPerMinute,
      'printer.proof.seconds':
        pages.proofAgeMs === undefined ? undefined : pages.proofAgeMs / 1_000,
    };
    const metrics: Metrics = {};
    for (const [id, value] of Object.entries(values)) {
      if (value !== undefined) metrics[deviceId(id, this.#device)] = value;
    }
    return metrics;
  }
}

function jobsOfSpooler({ source, jobs }: PrinterSighting): readonly JobSighting[] | undefined {
  return source === 'queue' || source === 'winspool' ? jobs : undefined;
}

/** A value from the most trusted source that has it. */
function pick<T>(look: FusedLook, of: (sighting: PrinterSighting) => T | undefined): T | undefined {
  for (const sighting of look.sightings) {
    const value = of(sighting);
    if (value !== undefined) return value;
  }
  return undefined;
}
