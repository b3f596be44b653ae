import { useState } from 'react';
import { getJson } from '../api/client.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { useMay } from '../session/use-session.ts';
import { CompareVersions } from './CompareVersions.tsx';
import type { PlanAnswer, PlanVersionAnswer } from './plan-shapes.ts';
import { ReturnTo } from './ReturnTo.tsx';
import { usePlanClock, type PlanClock } from './use-plan-clock.ts';
import { usePlanWords } from './use-plan-words.ts';
import { VersionText } from './VersionText.tsx';

const LISTED = 200;

interface VersionsProps {
  readonly live: PlanAnswer;
  readonly onMoved: () => void;
}

/** All that was ever applied: looked at, compared, and returned to as a new version. */
export function Versions({ live, onMoved }: VersionsProps) {
  const { own } = usePlanWords();
  const clock = usePlanClock(live.plan.timeZone, live.plan.date);
  const path = `/api/v1/plan/versions?limit=${LISTED}`;
  const answer = useAnswer(
    getJson<{ readonly items: readonly PlanVersionAnswer[] }>,
    path,
    live.version,
  );
  const [shown, setShown] = useState<number>();
  const [back, setBack] = useState<number>();
  const items = answer?.kind === 'done' ? answer.value.items : [];
  return (
    <>
      <section className="panel is-wide" aria-label={own.views.versions}>
        <h2>{own.views.versions}</h2>
        <div className="scroll">
          <table data-testid="plan-versions">
            <thead>
              <tr>
                <th scope="col">{own.version}</th>
                <th scope="col">{own.when}</th>
                <th scope="col">{own.by}</th>
                <th scope="col">{own.reason}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {items.map((each) => (
                <Row
                  key={each.version}
                  of={each}
                  clock={clock}
                  isLive={each.version === live.version}
                  isShown={each.version === shown}
                  onShow={() => setShown(each.version === shown ? undefined : each.version)}
                  onBack={() => setBack(each.version)}
                />
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {shown !== undefined && <VersionText key={`text ${shown}`} version={shown} />}
      {back !== undefined && (
        <ReturnTo
          key={`back ${back} ${live.version}`}
          version={back}
          live={live}
          onEnd={() => setBack(undefined)}
          onMoved={onMoved}
        />
      )}
      {items.length > 1 && (
        <CompareVersions key={live.version} versions={items.map(({ version }) => version)} />
      )}
    </>
  );
}

interface RowProps {
  readonly of: PlanVersionAnswer;
  readonly clock: PlanClock;
  readonly isLive: boolean;
  readonly isShown: boolean;
  readonly onShow: () => void;
  readonly onBack: () => void;
}

function Row({ of, clock, isLive, isShown, onShow, onBack }: RowProps) {
  const { own } = usePlanWords();
  const maySetUp = useMay('setUp');
  return (
    <tr>
      <th scope="row" className="number">
        {of.version} {isLive && <span className="mark">{own.current}</span>}
      </th>
      <td className="number">{clock.full(Date.parse(of.at))}</td>
      <td>{of.by}</td>
      <td className="version-note" title={of.note}>
        {of.note}
      </td>
      <td>
        <div className="fields">
          <button
            type="button"
            aria-expanded={isShown}
            aria-label={`${isShown ? own.hide : own.show}: ${of.version}`}
            onClick={onShow}
          >
            {isShown ? own.hide : own.show}
          </button>
          {!isLive && maySetUp && (
            <button type="button" aria-label={own.backTo(of.version)} onClick={onBack}>
              {own.back}
            </button>
          )}
        </div>
      </td>
    </tr>
  );
}
