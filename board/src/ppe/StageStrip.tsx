import { useState } from 'react';
import type { LiveSite, LiveStage, StageTrack } from '@ppe-pulse/protocol';
import { useDayClock } from '../rehearsal/use-day-clock.ts';
import { isTold } from '../rehearsal/stages-in-play.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { currentOf, tracksOf, worstTrack } from './stage-strip.ts';
import { usePpeWords } from './use-ppe-words.ts';

/**
 * Stages of the site, one procedure at a time: when each was reached, or how far it is, and its plan.
 * The one that is worst is shown until a person chooses another.
 */
export function StageStrip({ site }: { readonly site: LiveSite }) {
  const { own, stages, domain } = usePpeWords();
  const [chosen, setChosen] = useState<StageTrack>();
  const tracks = tracksOf(site.stages);
  const shown = tracks.find(({ track }) => track === chosen) ?? worstTrack(tracks);
  if (!site.isInvolved || !shown) return null;
  return (
    <section className="ppe-strip" aria-label={own.stages} data-testid="stage-strip">
      {tracks.length > 1 && (
        <div role="group" aria-label={own.procedures} className="ppe-tracks">
          {tracks.map(({ track, verdict }) => (
            <button
              key={track}
              type="button"
              aria-pressed={track === shown.track}
              onClick={() => setChosen(track)}
            >
              {verdict !== 'ok' && <Glyph verdict={verdict} label={domain.verdicts[verdict]} />}{' '}
              {stages.tracks[track]}
            </button>
          ))}
        </div>
      )}
      <ol>
        {shown.steps.map((step) => (
          <Step key={step.stage} step={step} isCurrent={step === currentOf(shown.steps)} />
        ))}
      </ol>
    </section>
  );
}

interface StepProps {
  readonly step: LiveStage;
  readonly isCurrent: boolean;
}

function Step({ step, isCurrent }: StepProps) {
  const { own, stages, domain } = usePpeWords();
  const time = useDayClock();
  const { stage, verdict, done, total, reachedAtMs, dueAtMs } = step;
  const fact = reachedAtMs === null ? `${done}/${total}` : time(reachedAtMs);
  const classes = ['ppe-step', `ppe-step-${verdict}`];
  if (reachedAtMs !== null) classes.push('is-reached');
  if (isCurrent) classes.push('is-current');
  return (
    <li
      className={classes.join(' ')}
      aria-current={isCurrent ? 'step' : undefined}
      title={[
        `${stages.stages[stage]}: ${domain.verdicts[verdict]}`,
        ...(dueAtMs === null ? [] : [own.plan(time(dueAtMs))]),
      ].join(', ')}
    >
      <span className="ppe-step-name">
        {isTold(step) && <Glyph verdict={verdict} label={domain.verdicts[verdict]} />}{' '}
        {stages.stages[stage]}
      </span>
      <strong>{fact}</strong>
      {dueAtMs !== null && reachedAtMs === null && <small>{own.plan(time(dueAtMs))}</small>}
    </li>
  );
}
