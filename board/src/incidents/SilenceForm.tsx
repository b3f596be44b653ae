import { useState } from 'react';
import type { Incident } from '@ppe-pulse/protocol';
import { Refusal } from './Refusal.tsx';
import { SilenceScope, type SilenceScopeDraft } from './SilenceScope.tsx';
import { MAX_TYPED_LENGTH } from './typed-limit.ts';
import { useAction } from './use-action.ts';
import { useListClock } from './use-incident-clock.ts';
import { useIncidentWords } from './use-incident-words.ts';

const MINUTE_MS = 60_000;

/** Silences the place of an incident, or a wider one, for this check or for all. */
export function SilenceForm({ incident }: { readonly incident: Incident }) {
  const { own } = useIncidentWords();
  const { nowMs, wallSpanMs, time } = useListClock();
  const { isBusy, failure, send } = useAction();
  const [scope, setScope] = useState<SilenceScopeDraft>({
    node: incident.node,
    isAll: false,
    kind: 'silence',
    minutes: 30,
  });
  const [comment, setComment] = useState('');
  const [doneUntilMs, setDoneUntilMs] = useState<number>();
  const silence = async (): Promise<void> => {
    const { kind, node, isAll, minutes } = scope;
    const toMs = nowMs + wallSpanMs(minutes * MINUTE_MS);
    const done = await send({
      path: '/api/v1/silences',
      body: {
        kind,
        node,
        checkId: isAll ? null : incident.kind,
        to: new Date(toMs).toISOString(),
        comment,
      },
    });
    if (done === undefined) return;
    setDoneUntilMs(toMs);
    setComment('');
  };
  return (
    <details>
      <summary>{own.silence}</summary>
      <form
        className="stack"
        data-testid="silence-form"
        onSubmit={(event) => {
          event.preventDefault();
          void silence();
        }}
      >
        <SilenceScope incident={incident} scope={scope} onChange={setScope} />
        <input
          aria-label={own.silenceComment}
          placeholder={own.silenceComment}
          value={comment}
          maxLength={MAX_TYPED_LENGTH}
          required
          onChange={({ target }) => setComment(target.value)}
        />
        <button type="submit" disabled={isBusy}>
          {own.silencePlace}
        </button>
        {doneUntilMs !== undefined && <p role="status">{own.silenceDone(time(doneUntilMs))}</p>}
        <Refusal of={failure} />
      </form>
    </details>
  );
}
