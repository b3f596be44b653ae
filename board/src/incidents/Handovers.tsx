import { useState } from 'react';
import { getJson } from '../api/client.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { Refusal } from './Refusal.tsx';
import type { HandoversAnswer } from './shapes.ts';
import { MAX_TYPED_LENGTH } from './typed-limit.ts';
import { useAction } from './use-action.ts';
import { useListClock } from './use-incident-clock.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** Notes from one shift to the next, and the form that writes one. */
export function Handovers() {
  const { own, number } = useIncidentWords();
  const { time } = useListClock();
  const [sent, setSent] = useState(0);
  const [note, setNote] = useState('');
  const { isBusy, failure, send } = useAction();
  const answer = useAnswer(getJson<HandoversAnswer>, '/api/v1/handovers?limit=20', sent);
  const items = answer?.kind === 'done' ? answer.value.items : [];
  const handOver = async (): Promise<void> => {
    const done = await send({ path: '/api/v1/handovers', body: { note } });
    if (done === undefined) return;
    setNote('');
    setSent(sent + 1);
  };
  return (
    <section className="panel" aria-label={own.handover}>
      <h2>{own.handover}</h2>
      <form
        className="stack"
        data-testid="handover-form"
        onSubmit={(event) => {
          event.preventDefault();
          void handOver();
        }}
      >
        <textarea
          aria-label={own.handover}
          placeholder={own.handoverHint}
          value={note}
          maxLength={MAX_TYPED_LENGTH}
          rows={3}
          required
          onChange={({ target }) => setNote(target.value)}
        />
        <button type="submit" disabled={isBusy}>
          {own.handoverDo}
        </button>
        <Refusal of={failure} />
      </form>
      {answer && items.length === 0 && <p className="quiet">{own.noHandovers}</p>}
      <ul className="log" data-testid="handovers">
        {items.map(({ id, atMs, by, note: said, openIncidents }) => (
          <li key={id}>
            <span className="number">{time(atMs)}</span> {said}{' '}
            <span className="quiet">
              {by} · {own.handoverOpen(number(openIncidents.length))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
