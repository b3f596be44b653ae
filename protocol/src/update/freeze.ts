import type { AgentPlan } from '../plan/agent-plan.ts';
import type { Mode } from '../placement.ts';

/** What an agent may change of itself at a moment. */
export interface Freeze {
  readonly isFrozen: boolean;
  /** The next freeze begins then, ms since 1970 UTC; null where none is foreseen, or it is on. */
  readonly beginsAtMs: number | null;
}

/** Time for two tries of a new version and the way back before a rehearsal begins. */
const MARGIN_MS = 15 * 60_000;

/**
 * Whether a rehearsal keeps the workstation as it is. A plan freezes all of its days, technical
 * preparation among them, at every site that takes part. Without a plan in force the mode alone speaks:
 * who is asked to be quiet, by settings or by a person, is not restarted either.
 */
export function freezeAt(plan: AgentPlan | undefined, mode: Mode, nowMs: number): Freeze {
  const isPlanned = plan !== undefined && plan.isInvolved && nowMs < plan.validToMs;
  const beginsAtMs = isPlanned ? plan.validFromMs - MARGIN_MS : null;
  if (mode !== 'prep') return { isFrozen: true, beginsAtMs: null };
  const isFrozen = beginsAtMs !== null && nowMs >= beginsAtMs;
  return { isFrozen, beginsAtMs: isFrozen ? null : beginsAtMs };
}
