import type { WrittenTime } from './plan-times-table.ts';
import type { PlanClock } from './use-plan-clock.ts';

interface PlanMomentProps {
  readonly moment: WrittenTime | null;
  readonly clock: PlanClock;
}

/** A cell with a time: the moment, and how the plan writes it where that is not the same. */
export function PlanMoment({ moment, clock }: PlanMomentProps) {
  if (moment === null) return <td className="number quiet">—</td>;
  const { written, atMs } = moment;
  const text = atMs === null ? '—' : clock.ofDay(atMs);
  // `T-1 17:00` says no more than its date does; what counts from an exam says why it is then.
  const isCounted = /^(?:start|end)/.test(written);
  return (
    <td className="number" title={written}>
      {text}
      {isCounted && <span className="quiet written"> {written}</span>}
    </td>
  );
}
