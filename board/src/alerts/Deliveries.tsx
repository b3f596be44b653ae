import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { getJson } from '../api/client.ts';
import { Refusal } from '../incidents/Refusal.tsx';
import { useAction } from '../incidents/use-action.ts';
import { useListClock } from '../incidents/use-incident-clock.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { Attempts } from './Attempts.tsx';
import type { DeliveriesAnswer, DeliveryAnswer, WebhookAnswer } from './alert-shapes.ts';
import { latencyText } from './latency-text.ts';
import { tokenText, useAlertWords } from './use-alert-words.ts';

/** The newest page is looked at this often. */
const EVERY_MS = 3_000;
const PAGE = 30;

const verdicts = { pending: 'unknown', delivered: 'ok', dead: 'fail', cancelled: 'silentByRule' };

/** What was told to whom, whether it arrived, and how long it took. */
export function Deliveries({ webhooks }: { readonly webhooks: readonly WebhookAnswer[] }) {
  const { own } = useAlertWords();
  const [webhookId, setWebhookId] = useState('');
  const { items, isKnown, older, nudge } = useDeliveries(webhookId);
  const names = new Map(webhooks.map(({ id, name }) => [id, name]));
  const { columns } = own;
  return (
    <section className="panel" aria-label={own.deliveries}>
      <h2>{own.deliveries}</h2>
      <div className="fields">
        <select
          aria-label={columns.receiver}
          value={webhookId}
          onChange={({ target }) => setWebhookId(target.value)}
        >
          <option value="">{own.allReceivers}</option>
          {webhooks.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {isKnown && items.length === 0 && <p className="quiet">{own.noDeliveries}</p>}
      {items.length > 0 && (
        <div className="scroll">
          <table data-testid="deliveries">
            <thead>
              <tr>
                <th scope="col">{columns.at}</th>
                <th scope="col">{columns.receiver}</th>
                <th scope="col">{columns.what}</th>
                <th scope="col">{columns.state}</th>
                <th scope="col">{columns.attempts}</th>
                <th scope="col">{columns.latency}</th>
                <th scope="col" aria-label={own.resend} />
              </tr>
            </thead>
            <tbody>
              {items.map((delivery) => (
                <DeliveryRow
                  key={delivery.id}
                  delivery={delivery}
                  receiver={names.get(delivery.webhookId) ?? delivery.webhookId}
                  onResent={nudge}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {older && (
        <button type="button" onClick={older}>
          {own.older}
        </button>
      )}
    </section>
  );
}

function DeliveryRow({
  delivery,
  receiver,
  onResent,
}: {
  readonly delivery: DeliveryAnswer;
  readonly receiver: string;
  readonly onResent: () => void;
}) {
  const { own, incident, language, number } = useAlertWords();
  const { time } = useListClock();
  const { isBusy, failure, send } = useAction();
  const [isOpen, setIsOpen] = useState(false);
  const { id, state, kind, incidentId, isDrill, createdAtMs, endedAtMs, attempts } = delivery;
  const resend = async (): Promise<void> => {
    await send({ path: `/api/v1/deliveries/${id}/resend` });
    onResent();
  };
  return (
    <>
      <tr data-testid={`delivery-${id}`}>
        <td className="number">{time(createdAtMs)}</td>
        <th scope="row">{receiver}</th>
        <td>
          {incidentId !== null && <Link href={`/incidents/${incidentId}`}>{incidentId}</Link>}{' '}
          {tokenText(incident.alertKinds, kind)}
          {isDrill && <span className="mark">{own.isDrill}</span>}
        </td>
        <td>
          <Outcome delivery={delivery} />
          <Refusal of={failure} />
        </td>
        <td className="number">
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={own.attemptsOf(number(attempts))}
            onClick={() => setIsOpen(!isOpen)}
          >
            {number(attempts)}
          </button>
        </td>
        <td className="number">
          {state === 'delivered' && endedAtMs !== null
            ? latencyText(endedAtMs - createdAtMs, language)
            : '—'}
        </td>
        <td>
          {(state === 'dead' || state === 'delivered') && (
            <button type="button" disabled={isBusy} onClick={() => void resend()}>
              {own.resend}
            </button>
          )}
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={7}>
            <Attempts delivery={delivery} />
          </td>
        </tr>
      )}
    </>
  );
}

function Outcome({ delivery }: { readonly delivery: DeliveryAnswer }) {
  const { own, incident } = useAlertWords();
  const { time } = useListClock();
  const { state, lastOutcome, lastStatus, nextAttemptAtMs } = delivery;
  const verdict = Object.entries(verdicts).find(([name]) => name === state)?.[1] ?? 'unknown';
  const isFailing = lastOutcome !== null && lastOutcome !== 'delivered';
  const parts = [
    tokenText(incident.deliveryStates, state),
    ...(isFailing ? [tokenText(incident.attemptOutcomes, lastOutcome)] : []),
    ...(isFailing && lastStatus !== null ? [own.answered(lastStatus)] : []),
    ...(state === 'pending' && nextAttemptAtMs !== null && isFailing
      ? [own.nextAttempt(time(nextAttemptAtMs))]
      : []),
  ];
  return (
    <>
      <Glyph verdict={verdict as 'ok'} /> {parts.join(' · ')}
    </>
  );
}

/** The log of one receiver or of all; the newest page renews itself until somebody pages on. */
function useDeliveries(webhookId: string): {
  readonly items: readonly DeliveryAnswer[];
  readonly isKnown: boolean;
  /** Undefined where there is nothing older. */
  readonly older: (() => void) | undefined;
  readonly nudge: () => void;
} {
  const [pages, setPages] = useState(1);
  const [nudges, setNudges] = useState(0);
  const [answer, setAnswer] = useState<DeliveriesAnswer>();
  useEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const path =
        webhookId === '' ? '/api/v1/deliveries' : `/api/v1/webhooks/${webhookId}/deliveries`;
      const fresh = await getJson<DeliveriesAnswer>(`${path}?limit=${PAGE * pages}`);
      if (!isCurrent || fresh.kind === 'signedOut') return;
      if (fresh.kind === 'done') setAnswer(fresh.value);
      timer = setTimeout(() => void ask(), EVERY_MS);
    };
    void ask();
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [webhookId, pages, nudges]);
  const older = (): void => setPages((before) => before + 1);
  return {
    items: answer?.items ?? [],
    isKnown: answer !== undefined,
    older: answer?.nextCursor === undefined ? undefined : older,
    nudge: () => setNudges((before) => before + 1),
  };
}
