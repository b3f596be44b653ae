import { useState } from 'react';
import { getJson } from '../api/client.ts';
import { Refusal } from '../incidents/Refusal.tsx';
import { useAction } from '../incidents/use-action.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { useMay } from '../session/use-session.ts';
import type { FormatAnswer, FormatsAnswer, WebhookAnswer } from './alert-shapes.ts';
import { useAlertWords } from './use-alert-words.ts';
import type { FollowedWebhooks } from './use-webhooks.ts';
import { WebhookForm } from './WebhookForm.tsx';
import { WebhookRow } from './WebhookRow.tsx';

/** The receivers: how each stands, a drill for all, and the form that adds or changes one. */
export function Webhooks({ webhooks }: { readonly webhooks: FollowedWebhooks }) {
  const { own } = useAlertWords();
  const { items, isKnown, nudge } = webhooks;
  const maySetUp = useMay('setUp');
  const [edited, setEdited] = useState<WebhookAnswer | 'new'>();
  const drill = useAction();
  const formats = useAnswer(getJson<FormatsAnswer>, '/api/v1/webhooks/formats', 0);
  const known: readonly FormatAnswer[] = formats?.kind === 'done' ? formats.value.items : [];
  const sendDrill = async (): Promise<void> => {
    await drill.send({ path: '/api/v1/drills' });
    nudge();
  };
  const close = (): void => {
    setEdited(undefined);
    nudge();
  };
  return (
    <section className="panel" aria-label={own.webhooks} data-testid="webhooks">
      <h2>{own.webhooks}</h2>
      <p className="quiet">{own.webhooksHint}</p>
      {isKnown && items.length === 0 && <p className="no-webhooks">{own.noWebhooks}</p>}
      <ul className="webhooks">
        {items.map((webhook) => (
          <WebhookRow
            key={webhook.id}
            webhook={webhook}
            onEdit={() => setEdited(webhook)}
            onChanged={nudge}
          />
        ))}
      </ul>
      <div className="fields">
        {maySetUp && (
          <button type="button" disabled={known.length === 0} onClick={() => setEdited('new')}>
            {own.add}
          </button>
        )}
        {items.length > 0 && (
          <button
            type="button"
            title={own.drillHint}
            disabled={drill.isBusy}
            onClick={() => void sendDrill()}
          >
            {own.drillAll}
          </button>
        )}
      </div>
      <Refusal of={drill.failure} />
      {edited !== undefined && known.length > 0 && (
        <WebhookForm
          key={edited === 'new' ? 'new' : edited.id}
          formats={known}
          webhook={edited === 'new' ? undefined : edited}
          onClose={close}
        />
      )}
    </section>
  );
}
