import type { PlanRule } from '../fleet/plan-rule.ts';
import type { CheckVerdict } from '../messages/shared.ts';

/** The id of the check that only a listener can judge. */
export const HEARTBEAT_CHECK = 'heartbeat';

/** Periods without a heartbeat: up to 2 `ok`, up to 6 `warn`, then `unknown`. Silence is never `fail`. */
const OK_PERIODS = 2;
const WARN_PERIODS = 6;

/** Why a workstation left in order, and when it said it would be back. */
export interface Farewell {
  readonly reason: 'shutdown' | 'restart' | 'sleep' | 'stageOffline';
  /** By the clock of `Silence`; null when it did not say. */
  readonly returnDueMs: number | null;
}

/** How each farewell reads on the board. */
const farewellReasons = {
  shutdown: 'saidGoodbye',
  restart: 'restarting',
  sleep: 'asleep',
  stageOffline: 'stageOffline',
} as const;
/** Somebody who is late by less than this still comes: booting and a reconnect take time. */
const RETURN_GRACE_MS = 120_000;

/** What a listener knows of one workstation's silence. Times are of one monotonic clock. */
export interface Silence {
  /** When the last live heartbeat was taken, null for never. */
  readonly lastSeenMs: number | null;
  readonly intervalMs: number;
  readonly nowMs: number;
  /** It said goodbye: silence is expected, and still not `ok`. Null for not. */
  readonly farewell: Farewell | null;
  /** What the plan says of it now, null for nothing. */
  readonly rule: PlanRule | null;
}

/** Judges silence. Source: `domain.md`, check 1. */
export function judgeHeartbeat(silence: Silence): CheckVerdict {
  const judged = judgeSilence(silence);
  if (silence.rule === 'notInvolved')
    return { ...judged, verdict: 'notInvolved', reason: 'notInvolved' };
  // Whoever is heard all the same is judged as ever.
  return silence.rule === 'isolated' && judged.verdict !== 'ok'
    ? { ...judged, verdict: 'silentByRule', reason: 'isolatedByPlan' }
    : judged;
}

function judgeSilence(silence: Silence): CheckVerdict {
  if (silence.lastSeenMs === null) {
    return {
      id: HEARTBEAT_CHECK,
      verdict: 'unknown',
      reason: 'notYetHeard',
      evidence: {},
      ageMs: 0,
    };
  }
  const ageMs = Math.max(0, silence.nowMs - silence.lastSeenMs);
  const base = { id: HEARTBEAT_CHECK, evidence: { intervalMs: silence.intervalMs }, ageMs };
  if (silence.farewell) return { ...base, verdict: 'unknown', reason: farewellOf(silence) };
  if (ageMs <= OK_PERIODS * silence.intervalMs) return { ...base, verdict: 'ok', reason: 'ok' };
  if (ageMs <= WARN_PERIODS * silence.intervalMs)
    return { ...base, verdict: 'warn', reason: 'late' };
  return { ...base, verdict: 'unknown', reason: 'silent' };
}

/** Milliseconds until the verdict of `judgeHeartbeat` may next change, Infinity when it will not. */
export function nextHeartbeatChangeMs(silence: Silence): number {
  if (silence.lastSeenMs === null) return Number.POSITIVE_INFINITY;
  if (silence.farewell) {
    const { returnDueMs } = silence.farewell;
    const leftMs = (returnDueMs ?? Number.POSITIVE_INFINITY) + RETURN_GRACE_MS - silence.nowMs;
    return leftMs >= 0 ? leftMs + 1 : Number.POSITIVE_INFINITY;
  }
  const ageMs = silence.nowMs - silence.lastSeenMs;
  for (const periods of [OK_PERIODS, WARN_PERIODS]) {
    const left = periods * silence.intervalMs - ageMs;
    if (left >= 0) return left + 1;
  }
  return Number.POSITIVE_INFINITY;
}

function farewellOf({ farewell, nowMs }: Silence): string {
  if (!farewell) return 'silent';
  const dueMs = farewell.returnDueMs ?? Number.POSITIVE_INFINITY;
  return nowMs > dueMs + RETURN_GRACE_MS ? 'notReturned' : farewellReasons[farewell.reason];
}
