import type { Plan } from '@ppe-pulse/protocol';
import { planTimes } from '@ppe-pulse/protocol';
import type { PlanClock } from './use-plan-clock.ts';
import { usePlanWords } from './use-plan-words.ts';

interface ExamTableProps {
  readonly plan: Plan;
  readonly clock: PlanClock;
}

const MINUTE_MS = 60_000;

/** The exams of the day with when they begin and end. */
export function ExamTable({ plan, clock }: ExamTableProps) {
  const { own } = usePlanWords();
  const times = planTimes(plan);
  return (
    <section className="panel" aria-label={own.exams}>
      <h2>{own.exams}</h2>
      {plan.exams.length === 0 && <p className="quiet">{own.noExams}</p>}
      {plan.exams.length > 0 && (
        <div className="scroll">
          <table data-testid="plan-exams">
            <thead>
              <tr>
                <th scope="col">{own.subject}</th>
                <th scope="col">{own.examKind}</th>
                <th scope="col">{own.start}</th>
                <th scope="col">{own.end}</th>
                <th scope="col">{own.minutes}</th>
              </tr>
            </thead>
            <tbody>
              {plan.exams.map(({ subject, kind, startAt, durationMinutes }) => {
                const startMs = times.at(startAt, plan.timeZone, kind) ?? 0;
                return (
                  <tr key={`${subject} ${kind} ${startAt}`}>
                    <th scope="row">{subject}</th>
                    <td>{own.examKinds[kind]}</td>
                    <td className="number">{clock.ofDay(startMs)}</td>
                    <td className="number">{clock.ofDay(startMs + durationMinutes * MINUTE_MS)}</td>
                    <td className="number">{durationMinutes}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
