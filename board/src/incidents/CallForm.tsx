import { useState } from 'react';
import type { Incident } from '@ppe-pulse/protocol';
import { getJson } from '../api/client.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import type { Act } from './act.ts';
import type { RegistrySitesAnswer } from './shapes.ts';
import { MAX_TYPED_LENGTH } from './typed-limit.ts';
import { useIncidentWords } from './use-incident-words.ts';

const outcomes = ['answered', 'noAnswer', 'busy', 'wrongNumber'] as const;

/** The log of calls: one press for the call that nobody answered, a form for the others. */
export function CallForm({ incident, act }: { readonly incident: Incident; readonly act: Act }) {
  const { own, incident: texts } = useIncidentWords();
  const [outcome, setOutcome] = useState<string>('answered');
  const [note, setNote] = useState('');
  const call = async (): Promise<void> => {
    if (await act('call', { outcome, note })) setNote('');
  };
  const { siteCode } = incident;
  return (
    <form
      className="fields"
      data-testid="call-form"
      onSubmit={(event) => {
        event.preventDefault();
        void call();
      }}
    >
      {siteCode !== null && <HqPhone siteCode={siteCode} />}
      <button type="button" onClick={() => void act('call', { outcome: 'noAnswer', note: '' })}>
        {siteCode === null ? own.callUnansweredElsewhere : own.callUnanswered}
      </button>
      <label>
        {own.call}
        <select value={outcome} onChange={({ target }) => setOutcome(target.value)}>
          {outcomes.map((each) => (
            <option key={each} value={each}>
              {texts.callOutcomes[each]}
            </option>
          ))}
        </select>
      </label>
      <input
        aria-label={own.callNote}
        placeholder={own.callNote}
        value={note}
        maxLength={MAX_TYPED_LENGTH}
        onChange={({ target }) => setNote(target.value)}
      />
      <button type="submit">{own.callLogged}</button>
    </form>
  );
}

/** The Штаб's phone by the registry. */
function HqPhone({ siteCode }: { readonly siteCode: string }) {
  const { own } = useIncidentWords();
  // The list goes on after a code: the one before leads to this site.
  const before = String(Number(siteCode) - 1).padStart(4, '0');
  const cursor = siteCode === '0000' ? '' : `&cursor=${before}`;
  const answer = useAnswer(
    getJson<RegistrySitesAnswer>,
    `/api/v1/registry/sites?limit=1${cursor}`,
    siteCode,
  );
  const site = answer?.kind === 'done' ? answer.value.items[0] : undefined;
  if (site?.code !== siteCode || site.dutyPhone === null) return null;
  return (
    <a href={`tel:${site.dutyPhone.replaceAll(/[^+\d]/g, '')}`} className="phone">
      {own.hqPhone(site.dutyPhone)}
    </a>
  );
}
