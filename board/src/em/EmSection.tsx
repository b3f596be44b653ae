import './em.css';
import { useState } from 'react';
import { formatValue } from '@ppe-pulse/protocol/texts';
import { getJson, postJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { useMay } from '../session/use-session.ts';
import { zoneClock } from '../ui/time.ts';
import { useZone } from '../ui/use-zone.ts';
import { EmForm } from './EmForm.tsx';
import { EmProgress } from './EmProgress.tsx';
import { EmResultTables } from './EmResultTables.tsx';
import { isOpen, type EmListAnswer, type EmStandingAnswer } from './em-shapes.ts';
import { useDownload } from './use-download.ts';
import { useEmWords } from './use-em-words.ts';
import { WhatIf } from './WhatIf.tsx';

/** Rehearsals of the EM download: order one, follow it, stop it, read what came of it. */
export function EmSection() {
  const { own } = useEmWords();
  const mayDrill = useMay('drill');
  const [chosen, setChosen] = useState<string>();
  const [nudge, setNudge] = useState(0);
  const live = useLive((state) => state.overview?.emDownload?.downloadId);
  const list = useAnswer(getJson<EmListAnswer>, '/api/v1/em-downloads', `${live} ${nudge}`);
  const items = list?.kind === 'done' ? list.value.items : [];
  const id = chosen ?? live ?? items[0]?.id;
  const standing = useDownload(id, nudge);
  const isBusy = standing !== undefined && isOpen(standing);
  return (
    <section className="panel" aria-label={own.title} data-testid="em">
      <h2>{own.title}</h2>
      <p className="quiet">{own.hint}</p>
      {!isBusy && mayDrill && (
        <EmForm
          onStarted={(started) => {
            setChosen(started);
            setNudge(nudge + 1);
          }}
        />
      )}
      {standing && <Standing standing={standing} onStopped={() => setNudge(nudge + 1)} />}
      {items.length > 1 && <Earlier items={items} id={id ?? ''} onChoose={setChosen} />}
    </section>
  );
}

function Standing({
  standing,
  onStopped,
}: {
  readonly standing: EmStandingAnswer;
  readonly onStopped: () => void;
}) {
  const { own, em, language } = useEmWords();
  const mayDrill = useMay('drill');
  const [failure, setFailure] = useState('');
  const { state, sitesDone, sitesTotal, bytesPerSecond, bytes } = standing;
  const stop = async (): Promise<void> => {
    const answer = await postJson(`/api/v1/em-downloads/${standing.id}/stop`, {});
    setFailure(answer.kind === 'failed' ? answer.detail : '');
    onStopped();
  };
  return (
    <>
      <p className="em-standing" data-testid="em-standing">
        <strong>{own.standing(em.states[state], sitesDone, sitesTotal)}</strong>
        <span>{formatValue(bytes, 'bytes', language)}</span>
        {isOpen(standing) && (
          <>
            <span className="number">
              {formatValue(bytesPerSecond, 'bytesPerSecond', language)}
            </span>
            {mayDrill && (
              <button type="button" onClick={() => void stop()}>
                {own.stop}
              </button>
            )}
          </>
        )}
      </p>
      {failure !== '' && <p role="alert">{own.failed(failure)}</p>}
      <EmProgress standing={standing} />
      <EmResultTables standing={standing} />
      <WhatIf id={standing.id} />
    </>
  );
}

function Earlier({
  items,
  id,
  onChoose,
}: {
  readonly items: EmListAnswer['items'];
  readonly id: string;
  readonly onChoose: (id: string) => void;
}) {
  const { own, em, language } = useEmWords();
  const clock = zoneClock(useZone(), language, false);
  return (
    <label className="em-earlier">
      {own.earlier}{' '}
      <select value={id} onChange={({ target }) => onChoose(target.value)}>
        {items.map((each) => (
          <option key={each.id} value={each.id}>
            {clock.date(Date.parse(each.createdAt))}, {clock.time(Date.parse(each.createdAt))} ·{' '}
            {formatValue(each.bytes, 'bytes', language)} · {em.states[each.state]} ·{' '}
            {each.createdBy}
          </option>
        ))}
      </select>
    </label>
  );
}
