import { useDateTime } from '../access/use-date-time.ts';
import { useAction } from '../incidents/use-action.ts';
import { useMunicipalityName } from '../session/use-municipality-name.ts';
import { useMay } from '../session/use-session.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { SureButton } from '../ui/SureButton.tsx';
import { RolloutRefusal } from './RolloutRefusal.tsx';
import { isOpenStage, standings, totalOf, type StageAnswer } from './rollout-shapes.ts';
import { useRolloutWords } from './use-rollout-words.ts';

interface StageProgressProps {
  readonly stage: StageAnswer;
  readonly troublePercent: number;
  readonly onChanged: () => void;
}

/** How far a stage is, in counts, and what may be done with it. */
export function StageProgress({ stage, troublePercent, onChanged }: StageProgressProps) {
  const { own, number } = useRolloutWords();
  const dateTime = useDateTime();
  const { progress, startedBy, startedAt } = stage;
  const confirmed = progress.confirmed ?? 0;
  const total = totalOf(stage);
  return (
    <div className="rollout-stage" data-testid={`stage-${stage.id}`}>
      <h3>
        {stage.state === 'paused' && <Glyph verdict="warn" />} <StageName stage={stage} />
      </h3>
      <p>
        <progress max={Math.max(1, total)} value={confirmed} aria-hidden="true" />{' '}
        <strong>{own.done(number(confirmed), number(total))}</strong>{' '}
        <small className="quiet">{own.begun(startedBy, dateTime(startedAt))}</small>
      </p>
      {stage.state === 'paused' && <p role="alert">{own.pausedHint(number(troublePercent))}</p>}
      <ul className="rollout-counts">
        {standings.map((each) => {
          const count = progress[each] ?? 0;
          if (count === 0) return null;
          return (
            <li key={each}>
              {own.standings[each]} <strong className="number">{number(count)}</strong>
            </li>
          );
        })}
      </ul>
      {isOpenStage(stage) && <StageButtons stage={stage} onChanged={onChanged} />}
    </div>
  );
}

/** What a stage is of, in one line. */
export function StageName({ stage }: { readonly stage: StageAnswer }) {
  const { own } = useRolloutWords();
  const { version, scope, place, state } = stage;
  const municipality = useMunicipalityName(scope === 'municipality' ? place : '');
  const name = own.place(scope, scope === 'municipality' ? municipality : place);
  return <span>{own.stage(version, name, own.states[state])}</span>;
}

function StageButtons({ stage, onChanged }: Omit<StageProgressProps, 'troublePercent'>) {
  const { own } = useRolloutWords();
  const maySetUp = useMay('setUp');
  const { isBusy, failure, send } = useAction();
  const act = async (what: 'go-on' | 'stop'): Promise<void> => {
    await send({ path: `/api/v1/update-stages/${stage.id}/${what}`, hasRequestId: false });
    onChanged();
  };
  if (!maySetUp) return null;
  return (
    <div className="agents-filters">
      {stage.state === 'paused' && (
        <SureButton
          text={own.goOn}
          sureText={own.goOnReally}
          isBusy={isBusy}
          onSure={() => void act('go-on')}
        />
      )}
      <SureButton
        text={own.stop}
        sureText={own.stopReally}
        isBusy={isBusy}
        onSure={() => void act('stop')}
      />
      <RolloutRefusal of={failure} />
    </div>
  );
}
