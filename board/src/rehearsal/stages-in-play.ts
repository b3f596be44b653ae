import type { LiveStage, Verdict } from '@ppe-pulse/protocol';

/** A stage is announced on the wall this long before it is due. */
const AHEAD_MS = 60 * 60_000;
/** …and stays this long after it was reached. */
const BEHIND_MS = 15 * 60_000;

/**
 * What the wall shows of the stages: those that are late or blind, and those that are due soon or were
 * just reached. The rest is on the rehearsal's page.
 */
export function stagesInPlay(stages: readonly LiveStage[], nowMs: number): LiveStage[] {
  return stages.filter(({ total, verdict, isMismatch, dueAtMs, reachedAtMs }) => {
    if (total === 0) return false;
    if (verdict !== 'ok' || isMismatch) return true;
    if (reachedAtMs !== null) return nowMs - reachedAtMs <= BEHIND_MS;
    return dueAtMs !== null && dueAtMs - nowMs <= AHEAD_MS;
  });
}

/** A wall has room for two rows of stages. */
const SHOWN = 16;
const urgency: Partial<Record<Verdict, number>> = { fail: 0, unknown: 1, warn: 2 };

/** The most urgent of them in the order of the day. */
export function mostUrgent(stages: readonly LiveStage[]): LiveStage[] {
  const rank = ({ verdict }: LiveStage): number => urgency[verdict] ?? 3;
  const chosen = new Set([...stages].sort((a, b) => rank(a) - rank(b)).slice(0, SHOWN));
  return stages.filter((stage) => chosen.has(stage));
}

/** False for a stage that is not due: nothing good has happened yet, and nothing bad. */
export function isTold({ verdict, reachedAtMs }: LiveStage): boolean {
  return verdict !== 'ok' || reachedAtMs !== null;
}
