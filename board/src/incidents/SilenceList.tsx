import type { LiveSilence } from '@ppe-pulse/protocol';
import { kindText } from '@ppe-pulse/protocol/texts';
import { useLive } from '../live/use-live.ts';
import { useMay } from '../session/use-session.ts';
import { useNodeName } from './node-name.ts';
import { Refusal } from './Refusal.tsx';
import { useAction } from './use-action.ts';
import { useListClock } from './use-incident-clock.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** Every silence that holds or is to come, and the way to end it. */
export function SilenceList() {
  const { own } = useIncidentWords();
  const silences = useLive((state) => state.silences);
  if (silences.length === 0) return <p className="quiet">{own.noSilences}</p>;
  return (
    <ul className="silences" data-testid="silences">
      {silences.map((silence) => (
        <Silence key={silence.id} silence={silence} />
      ))}
    </ul>
  );
}

function Silence({ silence }: { readonly silence: LiveSilence }) {
  const { own, incident: texts, language, number } = useIncidentWords();
  const { time } = useListClock();
  const place = useNodeName(silence.node);
  const { isBusy, failure, send } = useAction();
  const maySilence = useMay('silence');
  const { id, kind, checkId, fromMs, toMs, covers, comment, createdBy } = silence;
  return (
    <li>
      <span>
        <strong>{place}</strong> ·{' '}
        {checkId === null ? own.silenceAll : kindText({ kind: checkId, device: null }, language)}
      </span>
      <span>
        {texts.silenceKinds[kind]} {own.silenceSpan(time(fromMs), time(toMs))} ·{' '}
        {own.covers(number(covers))}
      </span>
      <span className="quiet">
        {comment} · {createdBy}
      </span>
      {maySilence && (
        <button
          type="button"
          disabled={isBusy}
          onClick={() => void send({ method: 'DELETE', path: `/api/v1/silences/${id}` })}
        >
          {own.endSilence}
        </button>
      )}
      <Refusal of={failure} />
    </li>
  );
}
