import type { PlanProblemAnswer } from './plan-shapes.ts';
import { usePlanWords } from './use-plan-words.ts';
import { Glyph } from '../ui/Glyph.tsx';

interface ProblemListProps {
  readonly problems: readonly PlanProblemAnswer[];
  /** Missing where there is no text to jump into. */
  readonly onJump?: (line: number, column: number) => void;
}

/** What is wrong with a text, where, and what to do. */
export function ProblemList({ problems, onJump }: ProblemListProps) {
  const { own, language } = usePlanWords();
  return (
    <ul className="plan-problems" data-testid="plan-problems">
      {problems.map(({ severity, path, line, column, reason, ...texts }) => {
        const { wrong, toDo } = texts[language];
        const place = own.problemAt(line, column);
        return (
          <li key={`${line} ${column} ${path} ${reason}`}>
            <Glyph
              verdict={severity === 'error' ? 'fail' : 'warn'}
              label={own.severities[severity]}
            />
            {onJump ? (
              <button type="button" onClick={() => onJump(line, column)}>
                {place}
              </button>
            ) : (
              <span className="number">{place}</span>
            )}
            <span>
              {path !== '' && <code>{path}: </code>}
              {wrong}; <span className="quiet">{toDo}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
