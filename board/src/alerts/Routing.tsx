import { useState } from 'react';
import { getJson } from '../api/client.ts';
import { Refusal } from '../incidents/Refusal.tsx';
import { refusedHere } from '../incidents/refused.ts';
import { useAction } from '../incidents/use-action.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { useMay } from '../session/use-session.ts';
import type { RoutingAnswer, WebhookAnswer } from './alert-shapes.ts';
import { RoutingSummary } from './RoutingSummary.tsx';
import { useAlertWords } from './use-alert-words.ts';

/** The document of routes: what it says in words, and the document itself to change. */
export function Routing({ webhooks }: { readonly webhooks: readonly WebhookAnswer[] }) {
  const { own } = useAlertWords();
  const maySetUp = useMay('setUp');
  const [saved, setSaved] = useState(0);
  const answer = useAnswer(getJson<RoutingAnswer>, '/api/v1/alert-routing', saved);
  const known = answer?.kind === 'done' ? answer.value : undefined;
  return (
    <section className="panel" aria-label={own.routing}>
      <h2>{own.routing}</h2>
      <p className="quiet">{own.routingHint}</p>
      {known && <RoutingSummary routing={known.routing} webhooks={webhooks} />}
      {known && maySetUp && (
        <RoutingEditor
          key={known.version}
          known={known}
          wasSaved={saved > 0}
          onSaved={() => setSaved(saved + 1)}
        />
      )}
    </section>
  );
}

function RoutingEditor({
  known,
  wasSaved,
  onSaved,
}: {
  readonly known: RoutingAnswer;
  readonly wasSaved: boolean;
  readonly onSaved: () => void;
}) {
  const { own } = useAlertWords();
  const before = JSON.stringify(known.routing, null, 2);
  const [text, setText] = useState(before);
  const [mistake, setMistake] = useState('');
  const { isBusy, failure, send } = useAction();
  const save = async (): Promise<void> => {
    const routing = parsed(text);
    setMistake(routing.mistake);
    if (routing.mistake !== '') return;
    const done = await send({
      method: 'PUT',
      path: '/api/v1/alert-routing',
      body: { routing: routing.value, baseVersion: known.version },
      hasRequestId: false,
    });
    if (done !== undefined) onSaved();
  };
  return (
    <form
      className="stack"
      data-testid="routing-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p className="quiet">
        {known.version === 0 ? own.routingDefault : own.routingVersion(known.version)}
      </p>
      <textarea
        className="document"
        aria-label={own.routing}
        value={text}
        rows={18}
        spellCheck={false}
        onChange={({ target }) => setText(target.value)}
      />
      <div className="fields">
        <button type="submit" disabled={isBusy || text === before}>
          {own.routingSave}
        </button>
        <button type="button" disabled={text === before} onClick={() => setText(before)}>
          {own.routingReset}
        </button>
        {wasSaved && text === before && <span role="status">{own.routingSaved}</span>}
      </div>
      <Refusal of={mistake === '' ? failure : refusedHere(own.notJson(mistake))} />
    </form>
  );
}

function parsed(text: string): { readonly value: unknown; readonly mistake: string } {
  try {
    return { value: JSON.parse(text), mistake: '' };
  } catch (error) {
    return { value: null, mistake: error instanceof Error ? error.message : String(error) };
  }
}
