import type { ParticipantKind, Plan } from '@ppe-pulse/protocol';
import { Codes } from './Codes.tsx';
import { usePlanWords } from './use-plan-words.ts';

/** Which sites the plan means, for the exams and for the video test. */
export function WhoTakesPart({ plan }: { readonly plan: Plan }) {
  const { own } = usePlanWords();
  const { kinds, only, except } = plan.participants;
  const names = (of: readonly ParticipantKind[]): string =>
    of.length === 0 ? own.nobody : of.map((each) => own.participantKinds[each]).join(', ');
  return (
    <section className="panel plan-facts" aria-label={own.participants}>
      <h2>{own.participants}</h2>
      <dl>
        <dt>{own.exams}</dt>
        <dd>{names(kinds)}</dd>
        <dt>{own.only}</dt>
        <dd>{only.length === 0 ? own.onlyAll : <Codes codes={only} />}</dd>
        <dt>{own.except}</dt>
        <dd>{except.length === 0 ? own.nobody : <Codes codes={except} />}</dd>
        <dt>{own.video}</dt>
        <dd>
          {plan.video === null ? own.noVideo : names(plan.video.participants)}
          {plan.video !== null && plan.video.municipal.length > 0 && (
            <span className="quiet">
              {' '}
              · {names(plan.video.municipal)}: {own.videoMunicipal}
            </span>
          )}
        </dd>
      </dl>
    </section>
  );
}
