import type { Plan } from './plan.ts';

/** One value that differs between two versions of a plan. */
export interface PlanChange {
  /** `stages.printing.red`. */
  readonly path: string;
  /** As people read it; null where there is nothing. */
  readonly before: string | null;
  readonly after: string | null;
}

/** More than a person reads; the rest is said as a number. */
const SHOWN_CHARACTERS = 200;

/** What an edit changes, by path, in the order of the plan. Comments are no change. */
export function planChanges(before: Plan | null, after: Plan): readonly PlanChange[] {
  const [old, fresh] = [leavesOf(before), leavesOf(after)];
  const paths = new Set([...old.keys(), ...fresh.keys()]);
  return [...paths].flatMap((path) => {
    const [was, is] = [old.get(path) ?? null, fresh.get(path) ?? null];
    return was === is ? [] : [{ path, before: was && cut(was), after: is && cut(is) }];
  });
}

/** `stages.printing.red: 10:30 → 10:40`. */
export function planChangeText({ path, before, after }: PlanChange): string {
  return `${path}: ${before ?? '–'} → ${after ?? '–'}`;
}

function leavesOf(plan: Plan | null): Map<string, string> {
  const leaves = new Map<string, string>();
  if (plan === null) return leaves;
  const { stages, ...rest } = plan;
  // Stages are named by their id, as people write them.
  collect(
    '',
    { ...rest, stages: Object.fromEntries(stages.map(({ id, ...stage }) => [id, stage])) },
    leaves,
  );
  return leaves;
}

function collect(path: string, value: unknown, leaves: Map<string, string>): void {
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) {
    leaves.set(path, value.join(', '));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value))
      collect(path === '' ? key : `${path}.${key}`, child, leaves);
  } else if (typeof value === 'string') leaves.set(path, value);
  else if (typeof value === 'number') leaves.set(path, String(value));
}

function cut(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}
