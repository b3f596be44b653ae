import {
  EM_CAPABILITY,
  afterProgress,
  hasEnded,
  startTimes,
  type AgentSession,
  type EmDownload,
  type EmProgress,
  type EmSite,
  type EmStop,
  type EmDownloadSummary,
} from '@ppe-pulse/protocol';
import type { CollectorKey } from '../access/keys.ts';
import type { Log } from '../log.ts';
import { expiryOf, isOpen, type EmJob } from './em-job.ts';
import type { EmStore } from './em-store.ts';
import type { PackageOffer } from './package-server.ts';
import { EmTokens } from './tokens.ts';

/** What is asked of an agent's session: whose own it is, and what the agent can do. */
export type EmSession = Pick<AgentSession, 'workstationId' | 'can'>;

/** What the rehearsal that runs stands on. */
export interface LiveParts {
  readonly store: EmStore;
  readonly log: Log;
  readonly key: Pick<CollectorKey, 'sign'>;
  readonly stations: () => ReadonlyMap<string, readonly string[]>;
  readonly sessions: () => ReadonlyMap<string, EmSession>;
  readonly send: (workstationId: string, frame: EmDownload | EmStop) => void;
}

/** Orders travel this long at most before the first start: who is to start together does. */
const LEAD_MS = 2_000;
/** A station that is not heard for this long gives its turn to another of its Штаб. */
const ABSENT_MS = 120_000;
/** Progress is written this often; what a crash of both sides loses is fetched again. */
const SAVE_EVERY_MS = 2_000;
/** A speed is shown this long after the last word. */
const SPEED_LIFE_MS = 5_000;
/** After the expiry agents may still say how they ended. */
const EXPIRY_GRACE_MS = 5_000;

interface Speed {
  readonly receivedBytes: number;
  readonly atMs: number;
  readonly bytesPerSecond: number;
}

/** Who could be told at this moment. */
interface Heard {
  readonly sessions: ReadonlyMap<string, EmSession>;
  readonly stations: ReadonlyMap<string, readonly string[]>;
}

/** One rehearsal while it is in memory: its sites, who was told, what is to be written. */
export class LiveDownload {
  readonly #parts: LiveParts;
  readonly #sites = new Map<string, EmSite>();
  readonly #tokens: EmTokens;
  readonly #dirty = new Set<string>();
  readonly #siteOfStation = new Map<string, string>();
  /** Session that each site's order went out over: a returning agent has another. */
  readonly #toldOver = new Map<string, EmSession>();
  readonly #heardAtMs = new Map<string, number>();
  readonly #speeds = new Map<string, Speed>();
  #job: EmJob;
  #savedAtMs = Number.NEGATIVE_INFINITY;

  constructor(job: EmJob, sites: readonly EmSite[], parts: LiveParts) {
    this.#job = job;
    this.#parts = parts;
    for (const site of sites) this.#remember(site);
    this.#tokens = new EmTokens(parts.key, job.id, [...this.#sites.keys()]);
  }

  get job(): EmJob {
    return this.#job;
  }

  /** By code. */
  sites(): readonly EmSite[] {
    return [...this.#sites.values()];
  }

  summary(nowMs: number): EmDownloadSummary {
    const sites = this.sites();
    const speeds = [...this.#speeds].filter(
      ([code, { atMs }]) =>
        nowMs - atMs < SPEED_LIFE_MS && this.#sites.get(code)?.state === 'running',
    );
    return {
      downloadId: this.#job.id,
      state: this.#job.state,
      sitesDone: sites.filter(({ state }) => state === 'done').length,
      sitesTotal: sites.length,
      bytesPerSecond: Math.round(
        speeds.reduce((sum, [, { bytesPerSecond }]) => sum + bytesPerSecond, 0),
      ),
    };
  }

  /** The package is known: starts are set, orders go out. */
  prepared(sha256: string, nowMs: number): void {
    if (this.#job.state !== 'preparing') return;
    const startAtMs = nowMs + LEAD_MS;
    this.#job = { ...this.#job, state: 'running', sha256, startAtMs };
    const offsets = startTimes([...this.#sites.keys()], this.#job.spreadMs, this.#job.seed);
    for (const site of this.sites())
      this.#set({ ...site, startAtMs: startAtMs + (offsets.get(site.siteCode) ?? 0) });
    this.save();
    this.tick(nowMs);
  }

  /** Orders for who has none on this connection, the end of who is late, and of all. */
  tick(nowMs: number): void {
    if (this.#job.state !== 'running') return;
    const expiresAtMs = expiryOf(this.#job) ?? nowMs;
    if (nowMs >= expiresAtMs + EXPIRY_GRACE_MS) this.#expire(nowMs);
    else if (nowMs < expiresAtMs) this.#sendOrders(nowMs, expiresAtMs);
    if (this.sites().every(({ state }) => hasEnded(state))) this.#end('done', nowMs);
    else if (nowMs - this.#savedAtMs >= SAVE_EVERY_MS || nowMs < this.#savedAtMs) {
      this.#savedAtMs = nowMs;
      this.save();
    }
  }

  /** Takes an agent's word; false when it is not of this download, or its site's is over. */
  took(workstationId: string, progress: EmProgress, nowMs: number): boolean {
    if (progress.downloadId !== this.#job.id || this.#job.state !== 'running') return false;
    const site = this.#sites.get(this.#siteOfStation.get(workstationId) ?? '');
    if (site?.workstationId !== workstationId || hasEnded(site.state)) return false;
    const next = afterProgress(site, progress, this.#job.bytes, nowMs);
    this.#heardAtMs.set(site.siteCode, nowMs);
    this.#noteSpeed(next, nowMs);
    this.#set(next);
    if (next.state !== site.state) {
      const { siteCode, state, reason } = next;
      this.#parts.log.info({ downloadId: this.#job.id, siteCode, state, reason }, 'em site');
      this.save();
    }
    return true;
  }

  /** What the bearer of a token may fetch; undefined for any other and after the end. */
  offerTo(
    authorization: string | undefined,
  ): (PackageOffer & { readonly siteCode: string }) | undefined {
    const siteCode = this.#tokens.siteOf(authorization);
    const site = siteCode === undefined ? undefined : this.#sites.get(siteCode);
    const { state, source, seed, bytes, maxBytesPerSecond } = this.#job;
    if (!site || hasEnded(site.state) || state !== 'running' || source !== 'collector')
      return undefined;
    const sent = (count: number): void => {
      const now = this.#sites.get(site.siteCode);
      if (now) this.#set({ ...now, servedBytes: now.servedBytes + count });
    };
    return { siteCode: site.siteCode, seed, bytes, maxBytesPerSecond, sent };
  }

  stop(nowMs: number): void {
    for (const site of this.sites()) {
      if (hasEnded(site.state)) continue;
      this.#tellToStop(site);
      this.#set({ ...site, state: 'stopped', reason: 'stopped', endedAtMs: nowMs });
    }
    this.#end('stopped', nowMs);
  }

  /** Writes what has changed. */
  save(): void {
    const changed = [...this.#dirty].map((code) => this.#sites.get(code));
    this.#dirty.clear();
    this.#parts.store.save(
      this.#job,
      changed.filter((site) => site !== undefined),
    );
  }

  #sendOrders(nowMs: number, expiresAtMs: number): void {
    const heard = { sessions: this.#parts.sessions(), stations: this.#parts.stations() };
    for (const site of this.sites()) {
      if (hasEnded(site.state)) continue;
      const found = this.#stationOf(site, heard, nowMs);
      if (!found || this.#toldOver.get(site.siteCode) === found.session) continue;
      this.#toldOver.set(site.siteCode, found.session);
      this.#heardAtMs.set(site.siteCode, nowMs);
      const { workstationId } = found;
      this.#set({
        ...site,
        workstationId,
        ...(site.state === 'planned' && { state: 'waiting' as const, reason: 'ordered' }),
      });
      this.#parts.send(workstationId, this.#orderOf(site, nowMs, expiresAtMs));
    }
  }

  #orderOf(site: EmSite, nowMs: number, expiresAtMs: number): EmDownload {
    const { id, bytes, seed, sha256, source, maxBytesPerSecond } = this.#job;
    const { receivedBytes, tookMs, retries } = site;
    return {
      type: 'emDownload',
      downloadId: id,
      token: this.#tokens.of(site.siteCode),
      bytes,
      seed,
      sha256: sha256 ?? '',
      source,
      maxBytesPerSecond,
      startInMs: Math.max(0, site.startAtMs - nowMs),
      expiresInMs: expiresAtMs - nowMs,
      ...(receivedBytes > 0 && { resume: { receivedBytes, tookMs, retries } }),
    };
  }

  /** The station that has begun, while it is heard; else the first of its Штаб that is. */
  #stationOf(
    site: EmSite,
    { sessions, stations }: Heard,
    nowMs: number,
  ): { readonly workstationId: string; readonly session: EmSession } | undefined {
    const own = (workstationId: string) => {
      const session = sessions.get(workstationId);
      // A relay speaks for others; the order is for the station at the other end itself.
      const isOwn = session?.workstationId === workstationId && session.can(EM_CAPABILITY);
      return isOwn ? { workstationId, session } : undefined;
    };
    if (site.workstationId !== null) {
      const begun = own(site.workstationId);
      if (begun) {
        this.#heardAtMs.set(site.siteCode, nowMs);
        return begun;
      }
      const heardAtMs = this.#heardAtMs.get(site.siteCode);
      if (heardAtMs === undefined) this.#heardAtMs.set(site.siteCode, nowMs);
      if (heardAtMs === undefined || nowMs - heardAtMs < ABSENT_MS) return undefined;
    }
    const ofSite = stations.get(site.siteCode) ?? [];
    return ofSite.map(own).find((each) => each !== undefined);
  }

  #expire(nowMs: number): void {
    for (const site of this.sites()) {
      if (hasEnded(site.state)) continue;
      const reason = site.state === 'planned' ? 'notReached' : 'expired';
      this.#tellToStop(site);
      this.#set({ ...site, state: 'failed', reason, endedAtMs: nowMs });
    }
  }

  #tellToStop({ workstationId }: EmSite): void {
    if (workstationId === null) return;
    if (this.#parts.sessions().get(workstationId)?.workstationId !== workstationId) return;
    this.#parts.send(workstationId, { type: 'emStop', downloadId: this.#job.id });
  }

  #end(state: 'done' | 'stopped', nowMs: number): void {
    if (!isOpen(this.#job)) return;
    this.#job = { ...this.#job, state, endedAtMs: nowMs };
    this.#parts.log.info({ downloadId: this.#job.id, state }, 'em download is over');
    this.save();
  }

  #noteSpeed({ siteCode, receivedBytes }: EmSite, nowMs: number): void {
    const last = this.#speeds.get(siteCode);
    const passedMs = last ? nowMs - last.atMs : 0;
    const bytesPerSecond =
      last && passedMs > 0 ? ((receivedBytes - last.receivedBytes) * 1_000) / passedMs : 0;
    this.#speeds.set(siteCode, { receivedBytes, atMs: nowMs, bytesPerSecond });
  }

  #set(site: EmSite): void {
    this.#remember(site);
    this.#dirty.add(site.siteCode);
  }

  #remember(site: EmSite): void {
    this.#sites.set(site.siteCode, site);
    if (site.workstationId !== null) this.#siteOfStation.set(site.workstationId, site.siteCode);
  }
}
