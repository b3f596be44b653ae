import { Compile } from 'typebox/compile';
import { limits } from '../limits.ts';
import { AgentPlanSchema } from './agent-plan-schema.ts';
import type { AgentPlan } from './agent-plan.ts';

/** A plan, or why the text is none: one line for a log. */
export type AgentPlanReading =
  | { readonly kind: 'plan'; readonly plan: AgentPlan }
  | { readonly kind: 'refused'; readonly because: string };

/** Reads the text of a `plan` frame. Compiles its validator, so make it once. */
export function createAgentPlanReader(): (text: string) => AgentPlanReading {
  const check = Compile(AgentPlanSchema);
  return (text) => {
    if (text.length > limits.agentPlanCharacters)
      return refused(`${text.length} characters, limit ${limits.agentPlanCharacters}`);
    const value = parsed(text);
    if (value === undefined) return refused('not JSON');
    if (!check.Check(value)) {
      for (const { instancePath, message } of check.Errors(value))
        return refused(`${instancePath.slice(0, 80)} ${message.slice(0, 120)}`.trim());
      return refused('does not match its schema');
    }
    const plan = value as AgentPlan;
    if (plan.validToMs <= plan.validFromMs) return refused('validToMs is not after validFromMs');
    const turned = plan.modes.findIndex(({ fromMs, toMs }) => toMs <= fromMs);
    if (turned >= 0) return refused(`/modes/${turned} ends before it begins`);
    const early = plan.modes.findIndex(
      ({ fromMs }, at) => fromMs < (plan.modes[at - 1]?.fromMs ?? 0),
    );
    if (early >= 0) return refused(`/modes/${early} begins before the one that it follows`);
    return { kind: 'plan', plan };
  };
}

function refused(because: string): AgentPlanReading {
  return { kind: 'refused', because };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
