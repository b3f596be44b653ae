import { getJson } from '../api/client.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { useMay } from '../session/use-session.ts';
import type { PlanTemplateAnswer } from './plan-shapes.ts';
import { usePlanWords } from './use-plan-words.ts';

/** There is no plan: what that means, and what to begin one from. */
export function NoPlan({ onStart }: { readonly onStart: (text: string) => void }) {
  const { own } = usePlanWords();
  const maySetUp = useMay('setUp');
  const answer = useAnswer(
    getJson<{ readonly items: readonly PlanTemplateAnswer[] }>,
    '/api/v1/plan/templates',
    '',
  );
  const items = answer?.kind === 'done' ? answer.value.items : [];
  return (
    <section className="panel is-wide no-plan" aria-label={own.noPlan} data-testid="no-plan">
      <h2>{own.noPlan}</h2>
      <p>{own.noPlanHint}</p>
      {maySetUp && (
        <div className="fields">
          {items.map(({ id, text }) => (
            <button key={id} type="button" onClick={() => onStart(text)}>
              {own.template(id)}
            </button>
          ))}
          <button type="button" onClick={() => onStart('')}>
            {own.emptyStart}
          </button>
        </div>
      )}
    </section>
  );
}
