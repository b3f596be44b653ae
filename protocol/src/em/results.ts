import type { EmSite } from './download.ts';

/** Percentiles of what was measured; null where nothing was. */
export interface Percentiles {
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
}

/** One row of the table: a municipality, or the region. */
export interface EmResultRow {
  /** Slug; null for the region. */
  readonly municipality: string | null;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly bytesPerSecond: Percentiles | null;
  readonly tookMs: Percentiles | null;
}

/** A site that was slower than others. */
export interface SlowSite {
  readonly siteCode: string;
  readonly bytesPerSecond: number;
  readonly tookMs: number;
  readonly retries: number;
}

/** What a rehearsal of the download came to. */
export interface EmResults {
  readonly region: EmResultRow;
  /** By slug. */
  readonly municipalities: readonly EmResultRow[];
  /** The slowest first. */
  readonly slowest: readonly SlowSite[];
  /** Sites that failed or refused, by reason, the most frequent first. */
  readonly failures: readonly { readonly reason: string; readonly sites: number }[];
}

const SLOWEST = 10;

/** The table of a rehearsal, also while it runs. */
export function emResults(sites: readonly EmSite[]): EmResults {
  const slugs = [...new Set(sites.map((site) => site.municipality))].sort();
  const failed = sites.filter(isFailed);
  const reasons = [...new Set(failed.map((site) => site.reason))];
  return {
    region: rowOf(null, sites),
    municipalities: slugs.map((slug) =>
      rowOf(
        slug,
        sites.filter((site) => site.municipality === slug),
      ),
    ),
    slowest: sites
      .filter((site) => speedOf(site) !== undefined)
      .map((site) => ({
        siteCode: site.siteCode,
        bytesPerSecond: speedOf(site) ?? 0,
        tookMs: site.tookMs,
        retries: site.retries,
      }))
      .sort((a, b) => a.bytesPerSecond - b.bytesPerSecond)
      .slice(0, SLOWEST),
    failures: reasons
      .map((reason) => ({
        reason,
        sites: failed.filter((site) => site.reason === reason).length,
      }))
      .sort((a, b) => b.sites - a.sites || (a.reason < b.reason ? -1 : 1)),
  };
}

/** Mean speed while bytes came; undefined for a site that is not done or took no time. */
export function speedOf(site: EmSite): number | undefined {
  if (site.state !== 'done' || site.tookMs <= 0) return undefined;
  return (site.receivedBytes * 1_000) / site.tookMs;
}

/** Percentiles with straight lines between the values; null for none. */
export function percentiles(values: readonly number[]): Percentiles | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? 0;
    const above = sorted[Math.ceil(place)] ?? below;
    return below + (above - below) * (place - Math.floor(place));
  };
  return { p5: at(0.05), p50: at(0.5), p95: at(0.95) };
}

function rowOf(municipality: string | null, sites: readonly EmSite[]): EmResultRow {
  const done = sites.filter((site) => site.state === 'done');
  return {
    municipality,
    total: sites.length,
    done: done.length,
    failed: sites.filter(isFailed).length,
    bytesPerSecond: percentiles(done.map(speedOf).filter((each) => each !== undefined)),
    tookMs: percentiles(done.map((site) => site.tookMs)),
  };
}

function isFailed({ state }: EmSite): boolean {
  return state === 'failed' || state === 'refused';
}
