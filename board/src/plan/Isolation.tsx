import { useMemo } from 'react';
import type { Plan } from '@ppe-pulse/protocol';
import { modeSpansOf } from './plan-times-table.ts';
import { PlanMoment } from './PlanMoment.tsx';
import type { PlanClock } from './use-plan-clock.ts';
import { usePlanWords } from './use-plan-words.ts';

interface IsolationProps {
  readonly plan: Plan;
  readonly clock: PlanClock;
}

/** Who is silent by rule, and when. */
export function Isolation({ plan, clock }: IsolationProps) {
  const { own, domain } = usePlanWords();
  const spans = useMemo(() => modeSpansOf(plan), [plan]);
  return (
    <section className="panel" aria-label={own.isolation}>
      <h2>{own.isolation}</h2>
      <p className="quiet">{spans.length === 0 ? own.noIsolation : own.isolationHint}</p>
      {spans.length > 0 && (
        <div className="scroll">
          <table data-testid="plan-modes">
            <thead>
              <tr>
                <th scope="col">{own.who}</th>
                <th scope="col">{own.mode}</th>
                <th scope="col">{own.from}</th>
                <th scope="col">{own.to}</th>
              </tr>
            </thead>
            <tbody>
              {spans.map(({ mode, roles, from, to }) => (
                <tr key={`${mode} ${roles.join(' ')}`}>
                  <th scope="row">{roles.map((role) => domain.roles[role]).join(', ')}</th>
                  <td>{own.modes[mode]}</td>
                  <PlanMoment moment={from} clock={clock} />
                  <PlanMoment moment={to} clock={clock} />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
