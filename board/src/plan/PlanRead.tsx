import { useLive } from '../live/use-live.ts';
import { zoneClock } from '../ui/time.ts';
import { ExamTable } from './ExamTable.tsx';
import { Isolation } from './Isolation.tsx';
import type { PlanAnswer } from './plan-shapes.ts';
import { StageTimes } from './StageTimes.tsx';
import { usePlanClock } from './use-plan-clock.ts';
import { usePlanWords } from './use-plan-words.ts';
import { WhoTakesPart } from './WhoTakesPart.tsx';

/** The plan that holds, as people read it. */
export function PlanRead({ live }: { readonly live: PlanAnswer }) {
  const words = usePlanWords();
  const { own } = words;
  const { plan } = live;
  const clock = usePlanClock(plan.timeZone, plan.date);
  const sites = useLive((state) => state.overview?.sites);
  const noon = Date.parse(`${plan.date}T12:00:00Z`);
  const offset = zoneClock(plan.timeZone, words.language, false).offset(noon);
  return (
    <>
      <section className="panel plan-facts" aria-label={own.title} data-testid="plan-facts">
        <h2 title={plan.title}>{plan.title}</h2>
        <dl>
          <dt>{own.date}</dt>
          <dd>{clock.date(plan.date)}</dd>
          <dt>{own.zone}</dt>
          <dd>
            {plan.timeZone} ({offset})
          </dd>
          <dt>{own.version}</dt>
          <dd data-testid="plan-version-now">
            {own.versionBy(live.version, live.by, clock.full(Date.parse(live.at)))}
            {live.note !== '' && <span className="quiet"> · {live.note}</span>}
          </dd>
          {plan.coordinator !== '' && (
            <>
              <dt>{own.coordinator}</dt>
              <dd>{plan.coordinator}</dd>
            </>
          )}
          {plan.technologies.length > 0 && (
            <>
              <dt>{own.technologies}</dt>
              <dd>{plan.technologies.map((each) => own.technologyNames[each]).join(', ')}</dd>
            </>
          )}
        </dl>
        {sites && sites.total > 0 && (
          <p>{own.involved(words.number(sites.involved), words.number(sites.total))}</p>
        )}
      </section>
      <WhoTakesPart plan={plan} />
      <ExamTable plan={plan} clock={clock} />
      <Isolation plan={plan} clock={clock} />
      <StageTimes plan={plan} clock={clock} offset={offset} />
    </>
  );
}
