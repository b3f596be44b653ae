import { useMemo } from 'react';
import type { Plan } from '@ppe-pulse/protocol';
import { trackTimesOf, type TrackTimes } from './plan-times-table.ts';
import { PlanMoment } from './PlanMoment.tsx';
import type { PlanClock } from './use-plan-clock.ts';
import { usePlanWords } from './use-plan-words.ts';

interface StageTimesProps {
  readonly plan: Plan;
  readonly clock: PlanClock;
  readonly offset: string;
}

/** Until when every stage of every track is due, and from when it is late. */
export function StageTimes({ plan, clock, offset }: StageTimesProps) {
  const { own } = usePlanWords();
  const tracks = useMemo(() => trackTimesOf(plan), [plan]);
  return (
    <section className="panel is-wide" aria-label={own.stages}>
      <h2>{own.stages}</h2>
      <p className="quiet">{own.timesIn(plan.timeZone, offset)}</p>
      <div className="plan-tracks">
        {tracks.map((each) => (
          <TrackTable key={each.track} of={each} clock={clock} />
        ))}
      </div>
    </section>
  );
}

function TrackTable({ of, clock }: { readonly of: TrackTimes; readonly clock: PlanClock }) {
  const { own, stages } = usePlanWords();
  return (
    <div className="scroll">
      <table data-testid={`plan-track-${of.track}`}>
        <caption>{stages.tracks[of.track]}</caption>
        <thead>
          <tr>
            <th scope="col">{own.stage}</th>
            <th scope="col">{own.due}</th>
            <th scope="col">{own.amber}</th>
            <th scope="col">{own.red}</th>
          </tr>
        </thead>
        <tbody>
          {of.rows.map(({ stage, due, amber, red }) => (
            <tr key={stage}>
              <th scope="row">{stages.stages[stage]}</th>
              {due === null ? (
                <td className="quiet">{own.noDeadline}</td>
              ) : (
                <PlanMoment moment={due} clock={clock} />
              )}
              <PlanMoment moment={amber} clock={clock} />
              <PlanMoment moment={red} clock={clock} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
