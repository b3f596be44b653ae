import { Link } from 'wouter';
import { AccessRefusal } from '../access/AccessRefusal.tsx';
import { useDateTime } from '../access/use-date-time.ts';
import { useAction } from '../incidents/use-action.ts';
import { useMay } from '../session/use-session.ts';
import { SureButton } from '../ui/SureButton.tsx';
import type { EnrolmentAnswer } from './enrolment-shapes.ts';
import { useEnrolmentWords } from './use-enrolment-words.ts';
import { Heard, StateGlyph, usePlaceName } from './PlaceWords.tsx';

interface DecisionProps {
  readonly of: EnrolmentAnswer;
  readonly onDecided: () => void;
}

/** Who stands at a place and who wants to, side by side, and the two answers. */
export function Decision({ of, onDecided }: DecisionProps) {
  const { own, page } = useEnrolmentWords();
  const place = usePlaceName(of);
  const mayDecide = useMay('decideEnrolment');
  const { isBusy, failure, send } = useAction();
  const isReplacement = of.state === 'replaceAsked';
  const decide = async (how: 'approve' | 'reject'): Promise<void> => {
    const path = `/api/v1/enrolments/${encodeURIComponent(of.codeId)}/${how}`;
    await send({ path, hasRequestId: false });
    onDecided();
  };
  return (
    <li className="decision" data-testid={`decision-${of.codeId}`}>
      <h3>
        <StateGlyph state={of.state} />{' '}
        <Link href={`/ppe/${of.siteCode}`}>
          {page.ppe} {of.siteCode}
        </Link>{' '}
        · {place}
      </h3>
      <Sides of={of} />
      <p className="quiet">{isReplacement ? own.replaceHint : own.pendingHint}</p>
      {mayDecide && (
        <div className="fields">
          {isReplacement ? (
            <SureButton
              text={own.replace}
              sureText={own.replaceReally}
              of={place}
              isBusy={isBusy}
              onSure={() => void decide('approve')}
            />
          ) : (
            <button
              type="button"
              disabled={isBusy}
              aria-label={`${own.approve} ${place}`}
              onClick={() => void decide('approve')}
            >
              {own.approve}
            </button>
          )}
          <SureButton
            text={own.reject}
            sureText={own.rejectReally}
            of={place}
            isBusy={isBusy}
            onSure={() => void decide('reject')}
          />
        </div>
      )}
      <AccessRefusal of={failure} />
    </li>
  );
}

function Sides({ of }: { readonly of: EnrolmentAnswer }) {
  const { own } = useEnrolmentWords();
  const dateTime = useDateTime();
  const isReplacement = of.state === 'replaceAsked';
  const asking = isReplacement ? of.askedBy : (of.askedBy ?? of.workstationId);
  const askedAt = of.askedAt ?? of.enrolledAt;
  return (
    <dl className="sides">
      <div>
        <dt>{own.nowHere}</dt>
        <dd>
          {isReplacement && of.workstationId !== undefined ? (
            <Heard id={of.workstationId} />
          ) : (
            own.nobodyHere
          )}
        </dd>
      </div>
      <div>
        <dt>{own.asks}</dt>
        <dd>
          {asking}{' '}
          {askedAt !== undefined && <span className="quiet">{own.askedAt(dateTime(askedAt))}</span>}
        </dd>
      </div>
    </dl>
  );
}
