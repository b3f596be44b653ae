/** Clocks of the board: the region's own and Moscow's, both with seconds or without. */
export interface ZoneClock {
  readonly time: (ms: number) => string;
  readonly date: (ms: number) => string;
  /** `GMT+7`. */
  readonly offset: (ms: number) => string;
}

/** Until the registry has come, and where nobody tells a zone. */
export const REGION_ZONE = 'Asia/Novokuznetsk';
export const MOSCOW_ZONE = 'Europe/Moscow';

/** Formatters of a zone, made once: making one costs a hundred times its use. */
export function zoneClock(timeZone: string, locale: string, withSeconds: boolean): ZoneClock {
  const time = new Intl.DateTimeFormat(locale, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(withSeconds ? { second: '2-digit' } : {}),
  });
  const date = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  const offset = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' });
  return {
    time: (ms) => time.format(ms),
    date: (ms) => date.format(ms),
    offset: (ms) =>
      offset
        .formatToParts(ms)
        .find((part) => part.type === 'timeZoneName')
        ?.value.replace('GMT', 'UTC') ?? '',
  };
}

type Registry = ReadonlyMap<string, { readonly timeZone: string }>;

/** Both are asked for with every picture, four times a second. */
const regions = new WeakMap<Registry, string>();
const zones = new Map<string, boolean>();

/** The zone of a ППЭ; without a code the region's: that of most of its sites, the usual one where there are none. */
export function zoneOf(registry: Registry, siteCode = ''): string {
  const own = registry.get(siteCode)?.timeZone;
  if (own && isZone(own)) return own;
  const known = regions.get(registry) ?? zoneOfMost(registry);
  regions.set(registry, known);
  return known;
}

function zoneOfMost(registry: Registry): string {
  const counts = new Map<string, number>();
  for (const { timeZone } of registry.values())
    counts.set(timeZone, (counts.get(timeZone) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most && isZone(most[0]) ? most[0] : REGION_ZONE;
}

/** What this browser's own list of zones knows: it may be older than the registry's. */
export function isZone(timeZone: string): boolean {
  if (!zones.has(timeZone)) {
    try {
      zones.set(timeZone, !!new Intl.DateTimeFormat('en', { timeZone }));
    } catch {
      zones.set(timeZone, false);
    }
  }
  return zones.get(timeZone) === true;
}
