import './rehearsal.css';
import { useState } from 'react';
import { Link } from 'wouter';
import { getJson, postJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { useMay, useSeesRegion } from '../session/use-session.ts';
import { PageFooter } from '../ui/PageFooter.tsx';
import { PageHead } from '../ui/PageHead.tsx';
import { placeName } from '../ui/places.ts';
import { EmSection } from '../em/EmSection.tsx';
import { EmForecast } from './EmForecast.tsx';
import { ForecastTable } from './ForecastTable.tsx';
import { PlanBehind } from './PlanBehind.tsx';
import type { UnplannedAnswer } from './shapes.ts';
import { StageTable } from './StageTable.tsx';
import { useAnswer } from './use-answer.ts';
import { useRehearsalWords } from './use-rehearsal-words.ts';
import type { LiveStage, Placement } from '@ppe-pulse/protocol';

/** The rehearsal of the region: stages, forecasts, who is there and was not planned. */
export function RehearsalPage() {
  const { own } = useRehearsalWords();
  const rehearsal = useLive((state) => state.overview?.rehearsal);
  const seesRegion = useSeesRegion();
  const stages = useLive((state) => state.overview?.stages);
  return (
    <div className="page">
      <PageHead title={rehearsal?.title ?? own.noPlan} />
      <main id="main" className="site-rehearsal">
        {!rehearsal && <p className="quiet">{own.noPlanHint}</p>}
        {rehearsal && stages && (
          <section className="panel" aria-label={own.stages}>
            <h2>{own.stages}</h2>
            <Stages stages={stages.filter(({ total }) => total > 0)} />
          </section>
        )}
        {rehearsal && seesRegion && <EmForecast />}
        {seesRegion && <EmSection />}
        {rehearsal && seesRegion && <ForecastTable />}
        <Unplanned />
        {rehearsal && <PlanBehind version={rehearsal.planVersion} />}
      </main>
      <PageFooter />
    </div>
  );
}

/** What is behind the region is one line that unfolds; what is left stands open. */
function Stages({ stages }: { readonly stages: readonly LiveStage[] }) {
  const { own, number } = useRehearsalWords();
  const isOver = ({ done, total, verdict }: LiveStage): boolean =>
    done === total && verdict === 'ok';
  const over = stages.filter(isOver);
  const left = stages.filter((stage) => !isOver(stage));
  return (
    <>
      {left.length > 0 && <StageTable stages={left} />}
      {over.length > 0 && (
        <details data-testid="stages-over">
          <summary>{own.stagesOver(number(over.length))}</summary>
          <StageTable stages={over} />
        </details>
      )}
    </>
  );
}

function Unplanned() {
  const words = useRehearsalWords();
  const { own, page } = words;
  const mayAdopt = useMay('setUp');
  const [adopted, setAdopted] = useState(0);
  const [failure, setFailure] = useState('');
  const count = useLive((state) => state.overview?.workstations.unplanned ?? 0);
  const hasRegistry = useLive((state) => state.registry.size > 0);
  const answer = useAnswer(
    getJson<UnplannedAnswer>,
    '/api/v1/workstations/unplanned',
    `${count} ${adopted}`,
  );
  const items = answer?.kind === 'done' ? answer.value.items : [];
  if (!hasRegistry || items.length === 0) return null;
  const adopt = async (id: string): Promise<void> => {
    const done = await postJson(`/api/v1/workstations/${id}/adopt`, {});
    setFailure(done.kind === 'failed' ? done.detail : '');
    setAdopted(adopted + 1);
  };
  return (
    <section className="panel" aria-label={own.unplannedTitle} data-testid="unplanned">
      <h2>
        {own.unplannedTitle}: {items.length}
      </h2>
      <p className="quiet">{own.unplannedHint}</p>
      {failure !== '' && <p role="alert">{own.failed(failure)}</p>}
      <ul className="claims">
        {items.slice(0, 200).map((each) => (
          <li key={each.id}>
            <Link href={`/workstations/${each.id}`}>
              {page.ppe} {each.siteCode} ·{' '}
              {placeName(words, { ...(each as Omit<Placement, 'simulated'>), simulated: false })}
            </Link>{' '}
            {mayAdopt && (
              <button type="button" onClick={() => void adopt(each.id)}>
                {own.adopt}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
