import { Type, type Static } from '@ppe-pulse/protocol/schema';
import { defaultCpuBudget, type BudgetLimits } from './budget.ts';

/** What the agent may take of the PC; over it, it slows its probes down by itself. */
export const BudgetSchema = Type.Object(
  {
    /** Missing: 36, 30 more for each camera, 120 more for a relay. */
    cpuSecondsPerHour: Type.Optional(Type.Number({ minimum: 1, maximum: 3_600 })),
    rssBytes: Type.Integer({ default: 110_000_000, minimum: 30_000_000 }),
  },
  { default: {} },
);

/** The settings that decide the limits. */
interface BudgetSettings {
  readonly budget: Static<typeof BudgetSchema>;
  readonly cameras: readonly unknown[];
  readonly relay: { readonly enabled: boolean };
}

/** The limits of this agent. */
export function budgetLimits({ budget, cameras, relay }: BudgetSettings): BudgetLimits {
  const work = { cameras: cameras.length, isRelay: relay.enabled };
  return {
    cpuSecondsPerHour: budget.cpuSecondsPerHour ?? defaultCpuBudget(work),
    rssBytes: budget.rssBytes,
  };
}
