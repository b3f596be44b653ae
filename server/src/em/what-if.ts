import { fairShareFinish, percentiles, speedOf, type EmSite } from '@ppe-pulse/protocol';
import type { EmPlace } from './em-job.ts';

/** What is asked: all at once, over this uplink of the server. */
export interface WhatIfQuestion {
  readonly bytes: number;
  readonly serverBytesPerSecond: number;
  readonly sites: readonly EmSite[];
  readonly places: readonly EmPlace[];
  /** The newest measured speed of each site's line. */
  readonly lines: ReadonlyMap<string, number>;
}

/** How the download would go if all started at the same moment. */
export interface WhatIf {
  readonly serverBytesPerSecond: number;
  /** Sites that were counted. */
  readonly sites: number;
  /** Sites of whose line nobody knows anything. */
  readonly unknown: readonly string[];
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  readonly lastSeconds: number | null;
  readonly lastSite: string | null;
  /** Time in which the server's line, and not theirs, is the limit. */
  readonly saturatedSeconds: number;
}

/** Shares the server's line fairly between the lines of all sites. */
export function whatIfTogether(question: WhatIfQuestion): WhatIf {
  const known = question.sites.map((site) => ({
    siteCode: site.siteCode,
    bytesPerSecond: lineOf(site, question),
  }));
  const lines = known.filter(({ bytesPerSecond }) => bytesPerSecond > 0);
  const { ends, lastSeconds, saturatedSeconds } = fairShareFinish({
    bytes: question.bytes,
    serverBytesPerSecond: question.serverBytesPerSecond,
    lines,
  });
  const finishes = ends.map((end) => end.finishSeconds);
  const spread = percentiles(finishes);
  const last = ends.find((end) => end.finishSeconds === lastSeconds);
  return {
    serverBytesPerSecond: question.serverBytesPerSecond,
    sites: lines.length,
    unknown: known.filter((line) => line.bytesPerSecond <= 0).map(({ siteCode }) => siteCode),
    p50Seconds: spread?.p50 ?? null,
    p95Seconds: spread?.p95 ?? null,
    lastSeconds: last ? lastSeconds : null,
    lastSite: last?.siteCode ?? null,
    saturatedSeconds,
  };
}

/**
 * A line carries at least what it carried here, which a crowd may have held down, and what a test of
 * its own has shown; the contract speaks where nothing was measured.
 */
function lineOf(site: EmSite, { lines, places }: WhatIfQuestion): number {
  const shown = Math.max(speedOf(site) ?? 0, lines.get(site.siteCode) ?? 0);
  if (shown > 0) return shown;
  const place = places.find(({ siteCode }) => siteCode === site.siteCode);
  return place?.contractBytesPerSecond ?? 0;
}
