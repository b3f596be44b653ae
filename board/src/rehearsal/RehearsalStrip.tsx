import './rehearsal.css';
import { useMemo } from 'react';
import { Link } from 'wouter';
import type { LiveStage, Overview } from '@ppe-pulse/protocol';
import { formatValue } from '@ppe-pulse/protocol/texts';
import { useLive } from '../live/use-live.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { REGION_ZONE, zoneClock } from '../ui/time.ts';
import { isTold, mostUrgent, stagesInPlay } from './stages-in-play.ts';
import { useRehearsalWords } from './use-rehearsal-words.ts';

/** The wall's line of the rehearsal: what is next, who is missing, how far the stages are. */
export function RehearsalStrip() {
  const { own, number } = useRehearsalWords();
  const overview = useLive((state) => state.overview);
  if (!overview?.rehearsal) return null;
  const inPlay = stagesInPlay(overview.stages, Date.parse(overview.rehearsal.nowAt));
  const shown = mostUrgent(inPlay);
  return (
    <section className="rehearsal-strip" data-testid="rehearsal">
      <Facts overview={overview} rehearsal={overview.rehearsal} />
      <ol className="funnel">
        {shown.map((stage) => (
          <FunnelStep key={`${stage.track} ${stage.stage}`} stage={stage} />
        ))}
        {shown.length < inPlay.length && (
          <li className="step quiet">
            <Link href="/rehearsal">{own.more(number(inPlay.length - shown.length))}</Link>
          </li>
        )}
      </ol>
    </section>
  );
}

function Facts({
  overview,
  rehearsal,
}: {
  readonly overview: Overview;
  readonly rehearsal: NonNullable<Overview['rehearsal']>;
}) {
  const { own, number, stages, count, language } = useRehearsalWords();
  const clock = useMemo(() => zoneClock(REGION_ZONE, language, false), [language]);
  const { workstations, sites, stage, emDownload } = overview;
  const missing = workstations.notYetHeard;
  const left = sites.total - sites.involved;
  return (
    <p className="rehearsal-facts">
      <Link href="/rehearsal">{rehearsal.title}</Link>
      {rehearsal.isSimulated && (
        <strong className="simulated" data-testid="rehearsal-clock">
          {clock.time(Date.parse(rehearsal.nowAt))} ·{' '}
          {own.simulatedClock(rehearsal.speed.toLocaleString(language))}
        </strong>
      )}
      <span>
        {stage
          ? own.next(stages.stages[stage.id], clock.time(Date.parse(stage.dueAt)))
          : own.nothingNext}
      </span>
      <span data-testid="not-yet-heard">
        {missing === 0
          ? own.allHeard
          : own.notYetHeard(number(missing), number(workstations.planned))}
      </span>
      {workstations.unplanned > 0 && <span>{own.unplanned(number(workstations.unplanned))}</span>}
      {rehearsal.agentsBehind > 0 && (
        <span>{own.agentsBehind(number(rehearsal.agentsBehind))}</span>
      )}
      {left > 0 && <span>{own.notInvolved(count(left, own.sites))}</span>}
      {emDownload && (
        <span>
          {own.emProgress(
            emDownload.sitesDone,
            emDownload.sitesTotal,
            formatValue(emDownload.bytesPerSecond, 'bytesPerSecond', language),
          )}
        </span>
      )}
    </p>
  );
}

function FunnelStep({ stage }: { readonly stage: LiveStage }) {
  const { stages, domain } = useRehearsalWords();
  const name = stages.stages[stage.stage];
  return (
    <li
      className={`step step-${stage.verdict}`}
      title={`${stages.tracks[stage.track]}: ${name}`}
      aria-label={`${name}: ${stage.done}/${stage.total}, ${domain.verdicts[stage.verdict]}`}
    >
      {isTold(stage) && <Glyph verdict={stage.verdict} />}
      <span className="step-name">
        {name}
        {stage.track !== 'written' && ` · ${stages.tracks[stage.track]}`}
      </span>
      <span className="step-count">
        {stage.done}/{stage.total}
      </span>
    </li>
  );
}
