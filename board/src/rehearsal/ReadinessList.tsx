import { useState } from 'react';
import type { LiveSite } from '@ppe-pulse/protocol';
import { getJson } from '../api/client.ts';
import { Glyph } from '../ui/Glyph.tsx';
import type { ConditionAnswer, ReadinessAnswer } from './shapes.ts';
import { useAnswer } from './use-answer.ts';
import { useDayClock } from './use-day-clock.ts';
import { useRehearsalWords } from './use-rehearsal-words.ts';

/** Before the first agent is heard all are missing: more than this hides what is beside it. */
const SHOWN = 8;

/** «17 из 19 условий», what is missing and what to do about it. */
export function ReadinessList({ site }: { readonly site: LiveSite }) {
  const { own, language, number } = useRehearsalWords();
  const dayTime = useDayClock();
  const [isWhole, setIsWhole] = useState(false);
  const [isLong, setIsLong] = useState(false);
  const path = `/api/v1/sites/${site.code}/readiness`;
  const answer = useAnswer(getJson<ReadinessAnswer>, `${path}?lang=${language}`, site);
  if (answer?.kind !== 'done' || answer.value.total === 0) return null;
  const { met, total, conditions } = answer.value;
  const asked = isWhole ? conditions : conditions.filter(({ verdict }) => verdict !== 'ok');
  const shown = isLong ? asked : asked.slice(0, SHOWN);
  return (
    <section className="panel" aria-label={own.readiness} data-testid="readiness">
      <h2>
        {own.readiness}: {own.conditionsMet(met, total)}
      </h2>
      <ul className="conditions">
        {shown.map((condition) => (
          <Condition key={condition.id} condition={condition} dayTime={dayTime} />
        ))}
      </ul>
      <p className="readiness-foot">
        {shown.length < asked.length && (
          <button type="button" onClick={() => setIsLong(true)}>
            {own.moreConditions(number(asked.length - shown.length))}
          </button>
        )}
        <label>
          <input type="checkbox" checked={isWhole} onChange={() => setIsWhole(!isWhole)} />{' '}
          {own.allConditions}
        </label>{' '}
        <a href={`${path}.html?lang=${language}`} target="_blank" rel="noreferrer">
          {own.printSheet}
        </a>
      </p>
    </section>
  );
}

function Condition({
  condition,
  dayTime,
}: {
  readonly condition: ConditionAnswer;
  readonly dayTime: (ms: number) => string;
}) {
  const { own, domain } = useRehearsalWords();
  const { verdict, title, basis, todo, since } = condition;
  return (
    <li>
      <Glyph verdict={verdict} label={domain.verdicts[verdict]} /> <strong>{title}</strong>
      {basis !== '' && ` · ${basis}`}{' '}
      <span className="quiet">{own.since(dayTime(Date.parse(since)))}</span>
      {verdict !== 'ok' && <p className="quiet">{todo}</p>}
    </li>
  );
}
