import { useState } from 'react';
import type { LiveSite, LiveStage } from '@ppe-pulse/protocol';
import { getJson, postJson } from '../api/client.ts';
import { useMay } from '../session/use-session.ts';
import type { ClaimsAnswer } from './shapes.ts';
import { useAnswer } from './use-answer.ts';
import { useDayClock } from './use-day-clock.ts';
import { useRehearsalWords } from './use-rehearsal-words.ts';

/** What people said of the ППЭ's stages, and the way to say more. */
export function Claims({ site }: { readonly site: LiveSite }) {
  const { own, stages } = useRehearsalWords();
  const mayClaim = useMay('claim');
  const [sent, setSent] = useState(0);
  const answer = useAnswer(
    getJson<ClaimsAnswer>,
    `/api/v1/sites/${site.code}/claims`,
    `${sent} ${site.met}`,
  );
  const time = useDayClock();
  const items = answer?.kind === 'done' ? answer.value.items : [];
  return (
    <section className="panel" aria-label={own.claims}>
      <h2>{own.claims}</h2>
      {mayClaim && <ClaimForm site={site} onSent={() => setSent(sent + 1)} />}
      {answer && items.length === 0 && <p className="quiet">{own.noClaims}</p>}
      <ul className="claims" data-testid="claims">
        {items.slice(0, 50).map((claim) => (
          <li key={claim.id}>
            <span className="number">{time(Date.parse(claim.at))}</span>{' '}
            {stages.stages[claim.stage]} · {stages.tracks[claim.track]}
            {claim.roomCode !== null && ` · ${claim.roomCode}`}
            {claim.done !== null && ` · ${claim.done}`}
            {!claim.isMade && ` · ${own.tookBack}`} <span className="quiet">{claim.by}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ClaimForm({ site, onSent }: { readonly site: LiveSite; readonly onSent: () => void }) {
  const { own, stages } = useRehearsalWords();
  const [chosen, setChosen] = useState('');
  const [failure, setFailure] = useState('');
  const open = site.stages.filter(({ total }) => total > 0);
  const stage = open.find((each) => keyOf(each) === chosen) ?? open[0];
  if (!stage) return null;
  const claim = async (isMade: boolean): Promise<void> => {
    const body = { siteCode: site.code, track: stage.track, stage: stage.stage, isMade };
    const answer = await postJson('/api/v1/claims', body);
    setFailure(answer.kind === 'failed' ? answer.detail : '');
    onSent();
  };
  return (
    <form className="claim-form" onSubmit={(event) => event.preventDefault()}>
      <select
        aria-label={own.stage}
        value={keyOf(stage)}
        onChange={(event) => setChosen(event.target.value)}
      >
        {open.map((each) => (
          <option key={keyOf(each)} value={keyOf(each)}>
            {stages.stages[each.stage]} · {stages.tracks[each.track]}
          </option>
        ))}
      </select>
      <button type="button" onClick={() => void claim(true)}>
        {own.claim}
      </button>
      <button type="button" onClick={() => void claim(false)}>
        {own.takeBack}
      </button>
      {failure !== '' && <p role="alert">{own.failed(failure)}</p>}
    </form>
  );
}

function keyOf({ track, stage }: LiveStage): string {
  return `${track} ${stage}`;
}
