import type { LiveStage } from '@ppe-pulse/protocol';
import { Glyph } from '../ui/Glyph.tsx';
import { isTold } from './stages-in-play.ts';
import { useDayClock } from './use-day-clock.ts';
import { useRehearsalWords } from './use-rehearsal-words.ts';

/** Stages of the region or of one site: how far, until when, since when. */
export function StageTable({ stages }: { readonly stages: readonly LiveStage[] }) {
  const words = useRehearsalWords();
  const { own } = words;
  const dayTime = useDayClock();
  const time = (ms: number | null): string => (ms === null ? '—' : dayTime(ms));
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
