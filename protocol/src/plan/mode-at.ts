import type { Mode } from '../placement.ts';
import type { AgentPlan } from './agent-plan.ts';

/**
 * The mode that the plan asks of its workstation at a moment of the rehearsal's clock: the quietest
 * of the spans that hold, `prep` where none does and outside of the plan's validity.
 */
export function modeAt(plan: AgentPlan, nowMs: number): Mode {
  if (nowMs < plan.validFromMs || nowMs >= plan.validToMs) return 'prep';
  let mode: Mode = 'prep';
  for (const span of plan.modes) {
    // Ordered by their begin: none of the rest has begun.
    if (span.fromMs > nowMs) break;
    if (nowMs >= span.toMs) continue;
    if (span.mode === 'off') return 'off';
    mode = span.mode;
  }
  return mode;
}
