import type { EmProgress } from '../messages/agent.ts';

/** Where one site stands in a rehearsal of the download. */
export const emSiteStates = [
  /** Its order is not out yet: no station of its Штаб is heard. */
  'planned',
  'waiting',
  'running',
  'paused',
  'done',
  'failed',
  'refused',
  'stopped',
] as const;
export type EmSiteState = (typeof emSiteStates)[number];

/** States that nothing follows. */
const ends: ReadonlySet<EmSiteState> = new Set(['done', 'failed', 'refused', 'stopped']);

/** Where the whole rehearsal stands. */
export const emStates = ['preparing', 'running', 'done', 'stopped', 'failed'] as const;
export type EmState = (typeof emStates)[number];

/** One site of a rehearsal. Times are the collector's wall clock. */
export interface EmSite {
  readonly siteCode: string;
  /** Slug; empty where nobody said. */
  readonly municipality: string;
  readonly startAtMs: number;
  readonly state: EmSiteState;
  readonly reason: string;
  /** The station that fetches, null before its order is out. */
  readonly workstationId: string | null;
  readonly receivedBytes: number;
  /** Time in which bytes came, ms. */
  readonly tookMs: number;
  readonly retries: number;
  /** Bytes that the collector has sent, repeats and all; 0 for a mirror. */
  readonly servedBytes: number;
  readonly endedAtMs: number | null;
}

/** What the board shows of the rehearsal that runs, or ran last. */
export interface EmDownloadSummary {
  readonly downloadId: string;
  readonly state: EmState;
  readonly sitesDone: number;
  readonly sitesTotal: number;
  readonly bytesPerSecond: number;
}

/** True when nothing more will come. */
export function hasEnded(state: EmSiteState): boolean {
  return ends.has(state);
}

/**
 * The site after its agent's word. What ended stays so, bytes never go back, and nobody is done with
 * less than the package of so many `bytes`.
 */
export function afterProgress(
  site: EmSite,
  progress: EmProgress,
  bytes: number,
  nowMs: number,
): EmSite {
  if (hasEnded(site.state)) return site;
  const isShort = progress.state === 'done' && progress.receivedBytes !== bytes;
  const state = isShort ? 'failed' : progress.state;
  return {
    ...site,
    state,
    reason: isShort ? 'badProgress' : progress.reason,
    receivedBytes: Math.min(bytes, Math.max(site.receivedBytes, progress.receivedBytes)),
    tookMs: Math.max(site.tookMs, progress.tookMs),
    retries: Math.max(site.retries, progress.retries),
    endedAtMs: hasEnded(state) ? nowMs : null,
  };
}

/**
 * When each site starts, in the order of `siteCodes`: all at the same moment, or evenly over a time
 * in an order that the seed shuffles, so that neighbours on one provider do not start one after another.
 */
export function startTimes(
  siteCodes: readonly string[],
  spreadMs: number,
  seed: number,
): ReadonlyMap<string, number> {
  const order = [...siteCodes];
  let state = seed >>> 0;
  for (let at = order.length - 1; at > 0; at -= 1) {
    // Numerical Recipes' LCG: any shuffle will do, it must only be the same after a restart.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (at + 1));
    const [one, two] = [order[at], order[other]];
    if (one !== undefined && two !== undefined) [order[at], order[other]] = [two, one];
  }
  return new Map(order.map((code, at) => [code, (spreadMs * at) / Math.max(1, order.length)]));
}
