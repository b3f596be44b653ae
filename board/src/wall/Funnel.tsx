import { useMemo } from 'react';
import { Link } from 'wouter';
import type { LiveStage } from '@ppe-pulse/protocol';
import { useLive } from '../live/use-live.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { MAX_COLUMNS, funnelOf, partsOf, type FunnelColumn } from './funnel-steps.ts';
import { useWallStageWords, type WallStageWords } from './use-wall-stage-words.ts';

const nothing = [] as const;
/** More chips than this do not fit a row. */
const MAX_OTHERS = 5;

/** The stages of the day: how many ППЭ reached each, how many are late, of how many nobody knows. */
export function Funnel({ maxColumns = MAX_COLUMNS }: { readonly maxColumns?: number }) {
  const words = useWallStageWords();
  const { own, number } = words;
  const stages = useLive((state) => state.overview?.stages) ?? nothing;
  const nowAt = useLive((state) => state.overview?.rehearsal?.nowAt);
  const funnel = useMemo(
    () =>
      nowAt === undefined ? undefined : funnelOf(stages, { nowMs: Date.parse(nowAt), maxColumns }),
    [stages, nowAt, maxColumns],
  );
  if (!funnel || funnel.columns.length === 0) return null;
  const { columns, others } = funnel;
  return (
    <section className="stages" aria-label={own.funnel} data-testid="funnel">
      <ol>
        {columns.map((column) => (
          <Column key={column.stage.stage} column={column} />
        ))}
      </ol>
      {others.length > 0 && (
        <ul className="stages-others">
          {others.slice(0, MAX_OTHERS).map((stage) => (
            <li key={`${stage.track} ${stage.stage}`} title={spoken(words, stage)}>
              {own.tracks[stage.track]} · {own.stages[stage.stage]} {number(stage.done)}/
              {number(stage.total)} <Off stage={stage} />
            </li>
          ))}
          {others.length > MAX_OTHERS && (
            <li>
              <Link href="/rehearsal">{own.more(number(others.length - MAX_OTHERS))}</Link>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function Column({ column }: { readonly column: FunnelColumn }) {
  const words = useWallStageWords();
  const { own, number } = words;
  const { stage, isCurrent } = column;
  const parts = partsOf(stage);
  const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;
  return (
    <li
      className={`stage ${isCurrent ? 'is-current' : ''} ${stage.done === 0 ? 'is-zero' : ''}`}
      title={spoken(words, stage)}
      aria-current={isCurrent ? 'step' : undefined}
      data-testid={`step-${stage.stage}`}
    >
      <span className="stage-name">{own.stages[stage.stage]}</span>
      <span className="stage-count">
        <strong>{number(stage.done)}</strong> <Off stage={stage} />
      </span>
      <span className="bar" aria-hidden="true">
        <span className="bar-done" style={{ width: percent(parts.done) }} />
        {parts.unknown > 0 && (
          <span className="bar-unknown" style={{ width: percent(parts.unknown) }} />
        )}
      </span>
    </li>
  );
}

/** `−1 ? 2`: behind the plan, and of how many nobody knows. */
function Off({ stage }: { readonly stage: LiveStage }) {
  const { own, number } = useWallStageWords();
  return (
    <>
      {stage.late > 0 && (
        <span className="stage-late" title={own.late(number(stage.late))}>
          −{number(stage.late)}
        </span>
      )}{' '}
      {stage.unknown > 0 && (
        <span className="stage-unknown" title={own.blind(number(stage.unknown))}>
          ? {number(stage.unknown)}
        </span>
      )}{' '}
      {stage.isMismatch && <Glyph verdict="warn" label={own.mismatch} />}
    </>
  );
}

/** «Печать ЭМ: 95 из 98, опаздывают 1, нет данных 2». */
function spoken({ own, number }: WallStageWords, stage: LiveStage): string {
  return [
    own.column(own.stages[stage.stage], number(stage.done), number(stage.total)),
    ...(stage.late > 0 ? [own.late(number(stage.late))] : []),
    ...(stage.unknown > 0 ? [own.blind(number(stage.unknown))] : []),
    ...(stage.isMismatch ? [own.mismatch] : []),
  ].join(', ');
}
