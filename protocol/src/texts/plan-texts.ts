import type { PlanExpectation } from '../plan/plan-document.ts';
import type { PlanProblem } from '../plan/plan-problem.ts';
import type { Language } from './domain-texts.ts';
import { planEn } from './plan-en.ts';
import { planRu } from './plan-ru.ts';
import type { PlanTexts } from './plan-words.ts';

/** What is wrong with a plan, in a language. */
export interface PlanProblemText {
  readonly wrong: string;
  readonly toDo: string;
}

/** Words of the checks of a plan in a language. */
export function planTexts(language: Language): PlanTexts {
  return language === 'ru' ? planRu : planEn;
}

/** A problem of a plan as people read it. */
export function planProblemText(problem: PlanProblem, language: Language): PlanProblemText {
  const texts = planTexts(language);
  const { expected } = problem.values;
  const values =
    expected === undefined
      ? problem.values
      : {
          ...problem.values,
          expected: fill(texts.expectations[expected as PlanExpectation], problem.values),
        };
  const [wrong, toDo] = texts.problems[problem.reason];
  return { wrong: fill(wrong, values), toDo: fill(toDo, values) };
}

function fill(template: string, values: PlanProblem['values']): string {
  return template.replaceAll(/\{(\w+)\}/g, (name, key: string) => String(values[key] ?? name));
}
