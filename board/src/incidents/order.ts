import type { Incident, IncidentLevel } from '@ppe-pulse/protocol';

/** One that ended stays in its place so long, crossed out: nobody's click hits the next line. */
export const ENDED_SHOWN_MS = 15_000;

/** What an order and a timer need to know of an incident. */
export type IncidentState = Pick<
  Incident,
  | 'severity'
  | 'acknowledgedAtMs'
  | 'resolvedAtMs'
  | 'silencedUntilMs'
  | 'snoozedUntilMs'
  | 'isDrill'
>;

/**
 * Criticals first, then warnings, then what people set aside. Among them what is wider than one site
 * first: a provider that is cut is not to be looked for below a dozen jams. Then the oldest first, and
 * equal ages by number. A line that changes stays in its place: only severity and setting aside move it.
 */
export function worstIncidentsFirst(incidents: Iterable<Incident>): Incident[] {
  return [...incidents].sort(
    (a, b) => rankOf(a) - rankOf(b) || a.openedAtMs - b.openedAtMs || numberOf(a) - numberOf(b),
  );
}

/** The lines of a list: what is open, and what ended so lately that its place is still kept. */
export function linesOf(
  open: ReadonlyMap<string, Incident>,
  ended: readonly Incident[],
  nowMs: number,
): Incident[] {
  const fresh = ended.filter(
    ({ id, resolvedAtMs, resolution }) =>
      resolution !== 'folded' &&
      resolvedAtMs !== null &&
      nowMs - resolvedAtMs < ENDED_SHOWN_MS &&
      !open.has(id),
  );
  return worstIncidentsFirst([...open.values(), ...fresh]);
}

/** Silenced or snoozed: shown, and told to nobody. The collector clears both when they end. */
export function isSetAside(
  incident: Pick<Incident, 'silencedUntilMs' | 'snoozedUntilMs'>,
): boolean {
  return incident.silencedUntilMs !== null || incident.snoozedUntilMs !== null;
}

/** Critical, and nobody has it: somebody must come now. */
export function isUntaken(incident: IncidentState): boolean {
  return incident.severity === 'critical' && waitsForSomebody(incident);
}

/** Open, not taken, not set aside. */
export function waitsForSomebody(incident: IncidentState): boolean {
  const { acknowledgedAtMs, resolvedAtMs } = incident;
  return acknowledgedAtMs === null && resolvedAtMs === null && !isSetAside(incident);
}

/** How loudly a line says that nobody took it: not at all, after 2 minutes, after 5. */
export function urgencyOf(untakenMs: number): 0 | 1 | 2 {
  if (untakenMs < UNTAKEN_WARN_MS) return 0;
  return untakenMs < UNTAKEN_FAIL_MS ? 1 : 2;
}

const UNTAKEN_WARN_MS = 2 * 60_000;
const UNTAKEN_FAIL_MS = 5 * 60_000;

const wideLevels: ReadonlySet<IncidentLevel> = new Set([
  'collector',
  'region',
  'municipality',
  'provider',
]);

function rankOf(incident: Incident): number {
  if (isSetAside(incident)) return 4;
  const rank = incident.severity === 'critical' ? 0 : 2;
  return wideLevels.has(incident.level) ? rank : rank + 1;
}

function numberOf({ id }: Incident): number {
  return Number(id.slice(2));
}
