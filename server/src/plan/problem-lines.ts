import { planProblemText, planTexts, type Language } from '@ppe-pulse/protocol/texts';
import type { PlacedProblem } from './check-plan-text.ts';

/** A problem for an editor or a terminal: `plan.yaml:14:10: error: stages.printing.red: …; …`. */
export function problemLine(file: string, problem: PlacedProblem, language: Language): string {
  const { wrong, toDo } = planProblemText(problem, language);
  const path = problem.path.length === 0 ? '' : `${problem.path.join('.')}: `;
  const severity = planTexts(language)[problem.severity];
  return `${file}:${problem.line}:${problem.column}: ${severity}: ${path}${wrong}; ${toDo}`;
}

/** A problem for scripts and the board: its token, its place, its words in both languages. */
export function problemView({ severity, path, reason, values, line, column }: PlacedProblem) {
  const problem = { severity, path, at: 'value' as const, reason, values };
  return {
    severity,
    reason,
    path: path.join('.'),
    line,
    column,
    ru: planProblemText(problem, 'ru'),
    en: planProblemText(problem, 'en'),
  };
}
