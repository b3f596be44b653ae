import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  isClosed,
  type ClosedHours,
  type EmDownload,
  type EmProgress,
  type EmSite,
  type EmStop,
  type EmDownloadSummary,
} from '@ppe-pulse/protocol';
import type { CollectorKey } from '../access/keys.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import {
  EmRefusal,
  isOpen,
  selectPlaces,
  type EmJob,
  type EmOrder,
  type EmPlace,
} from './em-job.ts';
import type { EmStore } from './em-store.ts';
import { LiveDownload, type EmSession } from './live-download.ts';
import { PackageHashes } from './package-hash.ts';
import { PackageServer } from './package-server.ts';
import { whatIfTogether, type WhatIf } from './what-if.ts';

/** Ceilings of what downloads take of the collector. */
export interface EmOptions {
  /** All together; 0 for no ceiling. */
  readonly maxBytesPerSecond: number;
  /** Downloads that are served at once; the rest ask again. */
  readonly concurrent: number;
}

/** What the rehearsals stand on. */
export interface EmParts {
  readonly store: EmStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly key: Pick<CollectorKey, 'sign'>;
  readonly options: EmOptions;
  /** Every site that is known, involved or not. */
  readonly places: () => readonly EmPlace[];
  /** Stations of each site's Штаб, the main one first. */
  readonly stations: () => ReadonlyMap<string, readonly string[]>;
  /** Sessions that take orders now, by workstation. */
  readonly sessions: () => ReadonlyMap<string, EmSession>;
  readonly send: (workstationId: string, frame: EmDownload | EmStop) => void;
  /** Hours in which no rehearsal may begin: the live plan's, else the configuration's. */
  readonly closedHours: () => ClosedHours;
  /** Local time `HH:MM` of the region. */
  readonly localTime: (wallMs: number) => string;
  /** The newest measured speed of each site's line. */
  readonly lines: () => ReadonlyMap<string, number>;
}

/** A rehearsal with its sites. */
export interface EmStanding {
  readonly job: EmJob;
  readonly sites: readonly EmSite[];
}

/** The order goes out, what expired is given up and what changed is written this often. */
const TICK_MS = 1_000;

/** Rehearsals of the download of exam materials: one at a time, over restarts of either side. */
export class EmDownloads {
  readonly #parts: EmParts;
  readonly #hashes = new PackageHashes();
  readonly #server: PackageServer;
  readonly #closing = new AbortController();
  #live: LiveDownload | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: EmParts) {
    this.#parts = parts;
    this.#server = new PackageServer({
      ...parts.options,
      monotonicMs: () => parts.clock.monotonicMs(),
    });
    const last = parts.store.list(1)[0];
    if (last) this.#open(last, parts.store.sitesOf(last.id));
  }

  /** True while one is being prepared or runs: nobody else measures the line then. */
  get isRunning(): boolean {
    return this.#live !== undefined && isOpen(this.#live.job);
  }

  /** Of the one that runs, else of the last one; null when there was none. */
  emSummary(): EmDownloadSummary | null {
    return this.#live?.summary(this.#parts.clock.wallMs()) ?? null;
  }

  list(limit: number): readonly EmJob[] {
    return this.#parts.store.list(limit);
  }

  find(id: string): EmStanding | undefined {
    if (this.#live?.job.id === id) return { job: this.#live.job, sites: this.#live.sites() };
    const job = this.#parts.store.find(id);
    return job && { job, sites: this.#parts.store.sitesOf(id) };
  }

  /** Schedules a rehearsal. Throws an `EmRefusal` when there may be none now. */
  schedule(order: EmOrder, by: string): EmStanding {
    const { clock, store, places, closedHours, localTime, log } = this.#parts;
    const nowMs = clock.wallMs();
    if (this.isRunning) {
      throw new EmRefusal(
        'alreadyRuns',
        `a rehearsal of the download runs: wait for its end, or stop it with POST /api/v1/em-downloads/${this.#live?.job.id}/stop`,
      );
    }
    const hours = closedHours();
    if (isClosed(hours, localTime(nowMs))) {
      throw new EmRefusal(
        'closedHours',
        `from ${hours.closedFrom} to ${hours.closedTo} the line belongs to the exam: schedule it later`,
      );
    }
    const chosen = selectPlaces(order.sites, places());
    const job = newJob(order, by, nowMs);
    const sites = chosen.map((place) => newSite(place, nowMs));
    store.add(job, sites);
    log.info({ downloadId: job.id, sites: sites.length, bytes: job.bytes, by }, 'em download');
    this.#open(job, sites);
    return { job, sites };
  }

  /** Stops it everywhere. Throws an `EmRefusal` when it does not run. */
  stop(id: string): EmStanding {
    const live = this.#live;
    if (live?.job.id !== id || !isOpen(live.job))
      throw new EmRefusal('notRunning', `download ${id} does not run`);
    live.stop(this.#parts.clock.wallMs());
    this.#server.close();
    this.#rest();
    return { job: live.job, sites: live.sites() };
  }

  /** Takes an agent's word. Whoever goes on with what is over is told to stop. */
  took(workstationId: string, progress: EmProgress): void {
    const { clock, send } = this.#parts;
    const isKnown = this.#live?.took(workstationId, progress, clock.wallMs()) ?? false;
    const isGoingOn = ['waiting', 'running', 'paused'].includes(progress.state);
    if (!isKnown && isGoingOn)
      send(workstationId, { type: 'emStop', downloadId: progress.downloadId });
  }

  /** Serves the package; answers false when the request carries no valid token. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    const offer = this.#live?.offerTo(request.headers.authorization);
    if (!offer) return false;
    this.#server.serve(offer.siteCode, offer, request, response);
    return true;
  }

  /** Serves a package to a person who puts it on a mirror; one at a time. */
  giveAway(
    { seed, bytes }: { readonly seed: number; readonly bytes: number },
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const offer = { seed, bytes, maxBytesPerSecond: 0, sent: () => undefined };
    this.#server.serve('operator', offer, request, response);
  }

  /** How it would go if all sites of a rehearsal started at once. */
  whatIf(id: string, serverBytesPerSecond: number): WhatIf | undefined {
    const found = this.find(id);
    return (
      found &&
      whatIfTogether({
        bytes: found.job.bytes,
        serverBytesPerSecond,
        sites: found.sites,
        places: this.#parts.places(),
        lines: this.#parts.lines(),
      })
    );
  }

  close(): void {
    this.#closing.abort();
    clearInterval(this.#timer);
    this.#live?.save();
    this.#server.close();
  }

  #open(job: EmJob, sites: readonly EmSite[]): void {
    const live = new LiveDownload(job, sites, this.#parts);
    this.#live = live;
    if (!isOpen(job)) return;
    if (job.state === 'preparing') void this.#prepare(live);
    this.#timer = setInterval(() => {
      live.tick(this.#parts.clock.wallMs());
      if (!isOpen(live.job)) this.#rest();
    }, TICK_MS);
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #prepare(live: LiveDownload): Promise<void> {
    const { signal } = this.#closing;
    try {
      const sha256 = await this.#hashes.of(live.job.seed, live.job.bytes, signal);
      if (live === this.#live) live.prepared(sha256, this.#parts.clock.wallMs());
    } catch (error) {
      // Another start of the collector prepares it again.
      if (!signal.aborted) throw error;
    }
  }
}

function newJob(order: EmOrder, by: string, nowMs: number): EmJob {
  const { bytes, source, spreadMs, maxBytesPerSecond, giveUpAfterMs } = order;
  return {
    id: randomBytes(8).toString('hex'),
    createdAtMs: nowMs,
    createdBy: by,
    bytes,
    seed: order.seed ?? randomBytes(4).readUInt32BE(),
    sha256: null,
    source,
    spreadMs,
    maxBytesPerSecond,
    giveUpAfterMs,
    state: 'preparing',
    startAtMs: null,
    endedAtMs: null,
  };
}

function newSite({ siteCode, municipality }: EmPlace, nowMs: number): EmSite {
  return {
    siteCode,
    municipality,
    startAtMs: nowMs,
    state: 'planned',
    reason: 'notReached',
    workstationId: null,
    receivedBytes: 0,
    tookMs: 0,
    retries: 0,
    servedBytes: 0,
    endedAtMs: null,
  };
}
