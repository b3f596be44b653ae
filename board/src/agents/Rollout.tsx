import { useState } from 'react';
import { getJson } from '../api/client.ts';
import { useDateTime } from '../access/use-date-time.ts';
import { useLive, useServerSecond } from '../live/use-live.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { useMay } from '../session/use-session.ts';
import { BeginStage } from './BeginStage.tsx';
import type { UpdatesAnswer } from './rollout-shapes.ts';
import { StageName, StageProgress } from './StageProgress.tsx';
import { TroubleTable } from './TroubleTable.tsx';
import { UploadUpdate } from './UploadUpdate.tsx';
import { useRolloutWords } from './use-rollout-words.ts';

const EVERY_MS = 5_000;

/** New versions of the agent: taken, rolled out step by step, followed, stopped. */
export function Rollout() {
  const { own } = useRolloutWords();
  const [nudge, setNudge] = useState(0);
  const rhythm = useLive((state) => Math.floor(state.serverTimeMs / EVERY_MS));
  const answer = useAnswer(getJson<UpdatesAnswer>, '/api/v1/updates', `${rhythm} ${nudge}`);
  const known = answer?.kind === 'done' ? answer.value : undefined;
  return (
    <section className="panel rollout" aria-label={own.title} data-testid="rollout">
      <h2>{own.title}</h2>
      <p className="quiet">{own.hint}</p>
      {answer?.kind === 'failed' && <p role="alert">{own.failed}</p>}
      {known && <Known updates={known} onChanged={() => setNudge(nudge + 1)} />}
    </section>
  );
}

interface KnownProps {
  readonly updates: UpdatesAnswer;
  readonly onChanged: () => void;
}

function Known({ updates, onChanged }: KnownProps) {
  const { own } = useRolloutWords();
  const maySetUp = useMay('setUp');
  const nowMs = useServerSecond();
  const { root, bundles, stages, troubles, troublePercent } = updates;
  const [current, ...earlier] = stages;
  const taken = bundles.filter(({ expiresAt }) => Date.parse(expiresAt) > nowMs);
  return (
    <>
      {root === null && <p role="note">{own.noRoot}</p>}
      {current && (
        <StageProgress stage={current} troublePercent={troublePercent} onChanged={onChanged} />
      )}
      {maySetUp && taken.length > 0 && <BeginStage bundles={taken} onBegun={onChanged} />}
      {troubles.length > 0 && <TroubleTable items={troubles} />}
      <Bundles bundles={bundles} nowMs={nowMs} />
      {maySetUp && root !== null && <UploadUpdate onAdded={onChanged} />}
      {earlier.length > 0 && (
        <details>
          <summary>{own.earlier}</summary>
          <ul>
            {earlier.map((stage) => (
              <li key={stage.id}>
                <StageName stage={stage} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Bundles({ bundles, nowMs }: Pick<UpdatesAnswer, 'bundles'> & { readonly nowMs: number }) {
  const { own } = useRolloutWords();
  const dateTime = useDateTime();
  if (bundles.length === 0) return <p className="quiet">{own.none}</p>;
  return (
    <ul className="rollout-counts" data-testid="bundles">
      {bundles.map(({ version, expiresAt }) => (
        <li key={version}>
          {own.bundle(version, dateTime(expiresAt))}
          {Date.parse(expiresAt) <= nowMs && <strong> {own.expired}</strong>}
        </li>
      ))}
    </ul>
  );
}
