import type { LiveStage } from '@ppe-pulse/protocol';

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

/** False for a stage that is not due: nothing good has happened yet, and nothing bad. */
export function isTold({ verdict, reachedAtMs }: LiveStage): boolean {
  return verdict !== 'ok' || reachedAtMs !== null;
}
