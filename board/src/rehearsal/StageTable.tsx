import { useMemo } from 'react';
import type { LiveStage } from '@ppe-pulse/protocol';
import { useLive } from '../live/use-live.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { zoneClock } from '../ui/time.ts';
import { isTold } from './stages-in-play.ts';
import { useRehearsalWords } from './use-rehearsal-words.ts';

/** Stages of the region or of one site: how far, until when, since when. */
export function StageTable({
  stages,
  timeZone,
}: {
  readonly stages: readonly LiveStage[];
  readonly timeZone: string;
}) {
  const words = useRehearsalWords();
  const { own, language } = words;
  const clock = useMemo(() => zoneClock(timeZone, language, false), [timeZone, language]);
  const days = useMemo(
    () => new Intl.DateTimeFormat(language, { timeZone, day: '2-digit', month: '2-digit' }),
    [timeZone, language],
  );
  const nowAt = useLive((state) => state.overview?.rehearsal?.nowAt);
  const today = nowAt === undefined ? '' : days.format(Date.parse(nowAt));
  const time = (ms: number | null): string => {
    if (ms === null) return '—';
    const day = days.format(ms);
    return day === today ? clock.time(ms) : `${day} ${clock.time(ms)}`;
  };
  return (
    <div className="scroll">
      <table data-testid="stages">
        <thead>
          <tr>
            <th scope="col">{own.stage}</th>
            <th scope="col">{own.track}</th>
            <th scope="col">{own.done}</th>
            <th scope="col">{own.due}</th>
            <th scope="col">{own.reached}</th>
            <th scope="col">{own.state}</th>
          </tr>
        </thead>
        <tbody>
          {stages.map((stage) => (
            <tr key={`${stage.track} ${stage.stage}`}>
              <th scope="row">{words.stages.stages[stage.stage]}</th>
              <td>{words.stages.tracks[stage.track]}</td>
              <td className="number">
                {stage.done}/{stage.total}
              </td>
              <td className="number">{time(stage.dueAtMs)}</td>
              <td className="number">{time(stage.reachedAtMs)}</td>
              <td>
                {isTold(stage) && <Glyph verdict={stage.verdict} />}{' '}
                {stage.isMismatch ? own.mismatch : reasonOf(words, stage.reason)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function reasonOf(words: ReturnType<typeof useRehearsalWords>, reason: string): string {
  const texts: Readonly<Record<string, string>> = words.stages.reasons;
  return (Object.hasOwn(texts, reason) ? texts[reason] : undefined) ?? reason;
}
