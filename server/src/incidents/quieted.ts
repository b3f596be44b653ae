import type { Incident } from '@ppe-pulse/protocol';

/** An incident after a look at what keeps it quiet. */
export interface Quieted {
  readonly incident: Incident;
  /** A silence covers it that did not before. */
  readonly isNewlySilenced: boolean;
  /** Nothing keeps it quiet any more. */
  readonly isResumed: boolean;
}

/** Holds an open incident against the clock and the silences; null for nothing changed. Pure. */
export function quieted(
  before: Incident,
  silencedUntilMs: number | null,
  nowMs: number,
): Quieted | null {
  const isAwake = before.snoozedUntilMs !== null && before.snoozedUntilMs <= nowMs;
  if (!isAwake && silencedUntilMs === before.silencedUntilMs) return null;
  const snoozedUntilMs = isAwake ? null : before.snoozedUntilMs;
  const incident = { ...before, snoozedUntilMs, silencedUntilMs };
  return {
    incident,
    isNewlySilenced: before.silencedUntilMs === null && silencedUntilMs !== null,
    isResumed: isQuiet(before) && !isQuiet(incident),
  };
}

function isQuiet({ snoozedUntilMs, silencedUntilMs }: Incident): boolean {
  return snoozedUntilMs !== null || silencedUntilMs !== null;
}
