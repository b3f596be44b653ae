const DAY_MS = 24 * 60 * 60_000;

/** Counts midnights of a zone between two moments; the formatter is made once. */
export function daysBetween(timeZone: string): (fromMs: number, toMs: number) => number {
  const days = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  const dayOf = (ms: number): number => {
    const parts = Object.fromEntries(
      days.formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
    );
    return Date.UTC(parts.year ?? 0, (parts.month ?? 1) - 1, parts.day ?? 1);
  };
  return (fromMs, toMs) => Math.round((dayOf(toMs) - dayOf(fromMs)) / DAY_MS);
}
