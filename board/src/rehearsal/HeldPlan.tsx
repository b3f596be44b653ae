import type { WorkstationAnswer } from '../api/shapes.ts';
import { useRehearsalWords } from './use-rehearsal-words.ts';

/** Mode and plan version of a workstation, among its facts. */
export function HeldPlan({ workstation }: { readonly workstation: WorkstationAnswer }) {
  const { own } = useRehearsalWords();
  const { mode, planVersion } = workstation;
  return (
    <>
      {mode !== null && (
        <div className="fact" data-testid="mode">
          <dt>{own.mode}</dt>
          <dd>{own.modes[mode]}</dd>
        </div>
      )}
      <div className="fact" data-testid="plan-version">
        <dt>{own.heldVersion}</dt>
        <dd>{planVersion ?? own.noVersion}</dd>
      </div>
    </>
  );
}
