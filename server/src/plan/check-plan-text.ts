import {
  documentOf,
  MAX_PLAN_CHARACTERS,
  planError,
  planOf,
  planProblems,
  type Plan,
  type PlanProblem,
  type PlanReason,
  type Region,
} from '@ppe-pulse/protocol';
import { parseLocatedYaml, type YamlFault, type YamlPosition } from '../yaml.ts';

/** Something wrong with the text of a plan, and where it stands; both from 1. */
export interface PlacedProblem extends PlanProblem, YamlPosition {}

/** What a text is judged against. */
export interface PlanTextRules {
  /** Moment of the rehearsal's clock; null for a plan that is applied already. */
  readonly nowMs: number | null;
  readonly region: Region | null;
  /** Takes a day that passed over a year ago as if the plan said `archive: true`. */
  readonly allowOld?: boolean;
}

export type PlanTextOutcome =
  | {
      readonly ok: true;
      readonly plan: Plan;
      /** Warnings only, in the order of the text. */
      readonly problems: readonly PlacedProblem[];
    }
  | { readonly ok: false; readonly problems: readonly PlacedProblem[] };

const START: YamlPosition = { line: 1, column: 1 };

const reasonOfFault: Readonly<Record<YamlFault['kind'], PlanReason>> = {
  syntax: 'notYaml',
  tabIndent: 'tabIndent',
  duplicateKey: 'duplicateKey',
  alias: 'aliasForbidden',
  tooDeep: 'planTooDeep',
};

/** Reads and judges the text of a plan. Every problem has its line and column. Pure. */
export function checkPlanText(text: string, rules: PlanTextRules): PlanTextOutcome {
  if (text.length > MAX_PLAN_CHARACTERS) {
    const values = { max: MAX_PLAN_CHARACTERS, got: text.length };
    return { ok: false, problems: [{ ...planError([], 'planTooLong', values), ...START }] };
  }
  const parsed = parseLocatedYaml(text);
  if (!parsed.ok) return { ok: false, problems: parsed.faults.map(problemOfFault) };
  const place = (problems: readonly PlanProblem[]): PlacedProblem[] =>
    problems
      .map((problem) => ({ ...problem, ...parsed.positionOf(problem.path, problem.at) }))
      .sort((a, b) => a.line - b.line || a.column - b.column);
  const shape = documentOf(parsed.value);
  if (!shape.ok) return { ok: false, problems: place(shape.problems) };
  const plan = planOf(shape.document);
  const isArchive = shape.document.archive === true || rules.allowOld === true;
  const problems = place(planProblems(plan, { ...rules, isArchive }));
  return problems.some(({ severity }) => severity === 'error')
    ? { ok: false, problems }
    : { ok: true, plan, problems };
}

function problemOfFault({ kind, position, detail }: YamlFault): PlacedProblem {
  const values: PlanProblem['values'] =
    kind === 'duplicateKey'
      ? { key: detail }
      : kind === 'alias'
        ? { alias: detail }
        : { message: detail };
  return { ...planError([], reasonOfFault[kind], values), ...position };
}
