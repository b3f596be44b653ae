import type { Incident, IncidentCounts } from '@ppe-pulse/protocol';

/** Counts of the open incidents for the overview. Pure. */
export function countsOf(open: Iterable<Incident>): IncidentCounts {
  let [all, critical, untaken, silenced] = [0, 0, 0, 0];
  let oldestUntakenAtMs: number | null = null;
  for (const incident of open) {
    all += 1;
    if (incident.silencedUntilMs !== null) silenced += 1;
    if (incident.severity !== 'critical') continue;
    critical += 1;
    if (!isUntaken(incident)) continue;
    untaken += 1;
    oldestUntakenAtMs = Math.min(
      oldestUntakenAtMs ?? Number.POSITIVE_INFINITY,
      incident.openedAtMs,
    );
  }
  return { open: all, critical, untaken, oldestUntakenAtMs, silenced };
}

function isUntaken({ acknowledgedAtMs, snoozedUntilMs, silencedUntilMs }: Incident): boolean {
  return acknowledgedAtMs === null && snoozedUntilMs === null && silencedUntilMs === null;
}
