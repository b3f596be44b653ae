import { useId, useState } from 'react';
import { stageIds, type Plan, type StageId } from '@ppe-pulse/protocol';
import type { ShiftOrder } from './plan-shapes.ts';
import { trackTimesOf } from './plan-times-table.ts';
import { usePlanWords } from './use-plan-words.ts';

const MINUTES_MAX = 720;
const MINUTES_FIRST = 10;

interface ShiftFormProps {
  readonly plan: Plan;
  readonly isBusy: boolean;
  readonly onShift: (order: ShiftOrder) => void;
}

/** The commonest edit of the day: one stage later or earlier, in the text that is being edited. */
export function ShiftForm({ plan, isBusy, onShift }: ShiftFormProps) {
  const { own, stages } = usePlanWords();
  const known = stagesWithDeadline(plan);
  const [stage, setStage] = useState<StageId | ''>(known.includes('printing') ? 'printing' : '');
  const [minutes, setMinutes] = useState(String(MINUTES_FIRST));
  const [andLater, setAndLater] = useState(true);
  const hintId = useId();
  const chosen = stage === '' ? known[0] : stage;
  const count = Number(minutes);
  const isWhole = Number.isInteger(count) && count !== 0 && Math.abs(count) <= MINUTES_MAX;
  return (
    <form
      className="fields"
      data-testid="shift-form"
      aria-describedby={hintId}
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen !== undefined && isWhole) onShift({ stage: chosen, minutes: count, andLater });
      }}
    >
      <label>
        {own.stage}
        <select
          value={chosen}
          onChange={({ target }) => setStage(stageIds.find((id) => id === target.value) ?? '')}
        >
          {known.map((id) => (
            <option key={id} value={id}>
              {stages.stages[id]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {own.shiftBy}
        <input
          type="number"
          min={-MINUTES_MAX}
          max={MINUTES_MAX}
          step={1}
          required
          value={minutes}
          onChange={({ target }) => setMinutes(target.value)}
        />
      </label>
      <label>
        <input
          type="checkbox"
          checked={andLater}
          onChange={({ target }) => setAndLater(target.checked)}
        />
        {own.andLater}
      </label>
      <button type="submit" disabled={isBusy || !isWhole || chosen === undefined}>
        {own.shiftDo}
      </button>
      <p className="quiet" id={hintId}>
        {own.shiftHint}
      </p>
    </form>
  );
}

/** Stages that the plan rehearses and that have something to shift, in the order of the day. */
function stagesWithDeadline(plan: Plan): readonly StageId[] {
  const due = new Set(
    trackTimesOf(plan).flatMap(({ rows }) =>
      rows.filter((row) => row.due !== null).map(({ stage }) => stage),
    ),
  );
  return stageIds.filter((id) => due.has(id));
}
