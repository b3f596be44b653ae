import { useMemo } from 'react';
import { formatDuration } from '@ppe-pulse/protocol/texts';
import { useLive } from '../live/use-live.ts';
import { zoneClock } from '../ui/time.ts';
import { countdown } from './countdown.ts';
import { milestonesOf, type Milestone } from './milestone.ts';
import { inSentence, useWallStageWords, type WallStageWords } from './use-wall-stage-words.ts';

const DAY_MS = 24 * 60 * 60_000;
const nothing = [] as const;

interface NextMilestoneProps {
  /** The day's moment. */
  readonly dayMs: number;
  readonly timeZone: string;
}

/** «10:00 печать ЭМ · через 17:40»; a deadline that has just passed is counted from. */
export function NextMilestone({ dayMs, timeZone }: NextMilestoneProps) {
  const words = useWallStageWords();
  const { own, number, language } = words;
  const clock = useMemo(() => zoneClock(timeZone, language, false), [timeZone, language]);
  const stages = useLive((state) => state.overview?.stages) ?? nothing;
  const hasPlan = useLive((state) => state.overview?.rehearsal !== undefined);
  if (!hasPlan) return null;
  const { next, overdue } = milestonesOf(stages, dayMs);
  const told = overdue ?? next;
  if (!told) return <p className="milestone quiet">{own.allDuesPassed}</p>;
  const at = clock.time(told.dueAtMs);
  return (
    <div className={`milestone ${overdue?.isLate ? 'is-late' : ''}`} data-testid="milestone">
      <p>{overdue ? own.duePassed(number(told.done), number(told.total)) : own.nextStage}</p>
      <p className="milestone-what">
        <strong>{at}</strong> <span>{inSentence(own.stages[told.stage])}</span>{' '}
        <span className="countdown">
          {overdue
            ? own.afterDue(countdown(dayMs - told.dueAtMs))
            : own.inTime(spanText(words, told, dayMs))}
        </span>
      </p>
      {overdue && next && (
        <p className="milestone-then">
          {own.following(clock.time(next.dueAtMs), inSentence(own.stages[next.stage]))}
        </p>
      )}
    </div>
  );
}

/** A countdown to the second; days ahead in days and hours. */
function spanText({ language }: WallStageWords, { dueAtMs }: Milestone, dayMs: number): string {
  const leftMs = dueAtMs - dayMs;
  return leftMs < DAY_MS ? countdown(leftMs) : formatDuration(leftMs, language);
}
