import { getJson } from '../api/client.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { Glyph } from '../ui/Glyph.tsx';
import type { DeliveryAnswer, DeliveryWithLogAnswer } from './alert-shapes.ts';
import { latencyText } from './latency-text.ts';
import { tokenText, useAlertWords } from './use-alert-words.ts';

/** Every attempt of a delivery: how long after the decision, how it ended, what the receiver answered, how long it took. */
export function Attempts({ delivery }: { readonly delivery: DeliveryAnswer }) {
  const { own, incident, page, language } = useAlertWords();
  const { id, attempts, state, createdAtMs } = delivery;
  const answer = useAnswer(
    getJson<DeliveryWithLogAnswer>,
    `/api/v1/deliveries/${id}`,
    `${attempts} ${state}`,
  );
  if (answer?.kind === 'failed') return <p role="alert">{own.attemptsUnknown}</p>;
  if (answer?.kind !== 'done') return <p className="quiet">{page.waiting}</p>;
  const { log } = answer.value;
  if (log.length === 0) return <p className="quiet">{own.noAttempts}</p>;
  return (
    <ol className="attempts" data-testid={`attempts-${id}`}>
      {log.map(({ atMs, outcome, status, tookMs }) => (
        <li key={`${atMs} ${outcome}`}>
          <span className="number">{own.after(latencyText(atMs - createdAtMs, language))}</span>
          <span>
            <Glyph verdict={outcome === 'delivered' ? 'ok' : 'warn'} />{' '}
            {tokenText(incident.attemptOutcomes, outcome)}
            {status !== null && ` · ${own.answered(status)}`}
          </span>
          <span className="number quiet">{latencyText(tookMs, language)}</span>
        </li>
      ))}
    </ol>
  );
}
