import type { LiveWorkstation } from '@ppe-pulse/protocol';
import { roughlyAgo } from '../text/ages.ts';
import type { Words } from '../text/texts.ts';

/** What a flash drive brought of a workstation. Times are the collector's, ms since 1970 UTC. */
export interface CarriedTimes {
  readonly broughtAtMs: number;
  /** When the newest heartbeat of it was produced. */
  readonly newestAtMs: number;
}

/** Undefined when nothing was brought, or the line has told something newer. */
export function carriedOf(workstation: LiveWorkstation): CarriedTimes | undefined {
  const { carriedAtMs, carriedNewestMs, lastSeenMs } = workstation;
  if (carriedAtMs === undefined) return undefined;
  const newestAtMs = carriedNewestMs ?? carriedAtMs;
  if (lastSeenMs !== null && lastSeenMs >= newestAtMs) return undefined;
  return { broughtAtMs: carriedAtMs, newestAtMs };
}

/** The newest of what a flash drive brought of several workstations. */
export function newestCarried(workstations: readonly LiveWorkstation[]): CarriedTimes | undefined {
  return workstations
    .flatMap((each) => carriedOf(each) ?? [])
    .sort((a, b) => b.newestAtMs - a.newestAtMs)[0];
}

/** `с флешки, 12 мин назад`: the age of the data, not of the stick's arrival. */
export function carriedText(words: Words, carried: CarriedTimes, nowMs: number): string {
  return words.page.carried(roughlyAgo(words, nowMs - carried.newestAtMs));
}

/** `принесено 3 мин назад`. */
export function broughtText(words: Words, carried: CarriedTimes, nowMs: number): string {
  return words.page.brought(roughlyAgo(words, nowMs - carried.broughtAtMs));
}
