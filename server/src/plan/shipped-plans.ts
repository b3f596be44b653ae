import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the plans that come with the collector; as far from `src/plan` as from `dist/plan`. */
export const shippedPlansDir = join(import.meta.dirname, '..', '..', 'plans');

/** Ids of the plans that come with the collector: `2024-03-05`. */
export function shippedPlanIds(): string[] {
  return readdirSync(shippedPlansDir)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

/** The file of a plan that comes with the collector, or undefined. */
export function shippedPlanFile(id: string): string | undefined {
  return shippedPlanIds().includes(id) ? join(shippedPlansDir, `${id}.yaml`) : undefined;
}

/** A plan to begin one's own from. */
export interface PlanTemplate {
  readonly id: string;
  readonly text: string;
}

/** The plans that come with the collector, as they are written. */
export function shippedPlanTemplates(): PlanTemplate[] {
  return shippedPlanIds().map((id) => ({
    id,
    text: readFileSync(join(shippedPlansDir, `${id}.yaml`), 'utf8'),
  }));
}
