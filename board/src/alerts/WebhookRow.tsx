import { Refusal } from '../incidents/Refusal.tsx';
import { useAction } from '../incidents/use-action.ts';
import { useListClock } from '../incidents/use-incident-clock.ts';
import { useMay } from '../session/use-session.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { SureButton } from '../ui/SureButton.tsx';
import type { WebhookAnswer } from './alert-shapes.ts';
import { latencyText } from './latency-text.ts';
import { tokenText, useAlertWords } from './use-alert-words.ts';

/** One receiver: whether it can be relied on, and what can be done with it. */
export function WebhookRow({
  webhook,
  onEdit,
  onChanged,
}: {
  readonly webhook: WebhookAnswer;
  readonly onEdit: () => void;
  readonly onChanged: () => void;
}) {
  const { own, incident } = useAlertWords();
  const { isBusy, failure, send } = useAction();
  const maySetUp = useMay('setUp');
  const path = `/api/v1/webhooks/${webhook.id}`;
  const act = async (method: 'POST' | 'DELETE', target: string): Promise<void> => {
    await send({ method, path: target });
    onChanged();
  };
  return (
    <li className={webhook.isEnabled ? '' : 'is-off'} data-testid={`webhook-${webhook.id}`}>
      <div>
        <strong>{webhook.name}</strong>{' '}
        <span className="quiet">
          {tokenText(incident.webhookFormats, webhook.format)} ·{' '}
          {webhook.isEnabled ? own.isEnabled : own.isDisabled}
        </span>
      </div>
      <TestState webhook={webhook} />
      <Standing webhook={webhook} />
      <div className="webhook-buttons">
        <button
          type="button"
          disabled={isBusy || webhook.lastTest?.state === 'pending'}
          title={own.drillHint}
          onClick={() => void act('POST', `${path}/test`)}
        >
          {own.drill}
        </button>
        {maySetUp && (
          <>
            <button type="button" onClick={onEdit}>
              {own.edit}
            </button>
            <SureButton
              text={own.remove}
              sureText={own.removeReally}
              isBusy={isBusy}
              onSure={() => void act('DELETE', path)}
            />
          </>
        )}
      </div>
      <Refusal of={failure} />
    </li>
  );
}

/** The receipt of the last drill, in a shape and in words. */
function TestState({ webhook: { lastTest } }: { readonly webhook: WebhookAnswer }) {
  const { own, incident, language } = useAlertWords();
  const { time } = useListClock();
  if (lastTest === null)
    return (
      <span className="receipt" data-testid="receipt">
        <Glyph verdict="unknown" /> {own.lastTest}: {own.never}
      </span>
    );
  const { state, tookMs, outcome, atMs } = lastTest;
  const text = {
    pending: own.test.pending,
    delivered: own.test.delivered(latencyText(tookMs ?? 0, language)),
    failed: own.test.failed(tokenText(incident.attemptOutcomes, outcome ?? 'timedOut')),
  }[state];
  const verdict = { pending: 'unknown', delivered: 'ok', failed: 'fail' } as const;
  return (
    <span className={`receipt receipt-${state}`} data-testid="receipt">
      <Glyph verdict={verdict[state]} /> {own.lastTest}: {text}{' '}
      <span className="quiet">{own.testedAt(time(atMs))}</span>
    </span>
  );
}

/** The breaker, what waits and what was given up; quiet where all is well. */
function Standing({ webhook }: { readonly webhook: WebhookAnswer }) {
  const { own, number } = useAlertWords();
  const { breaker, pending, dead } = webhook;
  return (
    <span className="receipt">
      <Glyph verdict={breaker === 'closed' ? 'ok' : 'warn'} /> {own.breaker}:{' '}
      {tokenText(own.breakers, breaker)}
      {pending > 0 && ` · ${own.pendingCount(number(pending))}`}
      {dead > 0 && <strong> · {own.deadLetters(number(dead))}</strong>}
    </span>
  );
}
