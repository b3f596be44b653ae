import { Link } from 'wouter';
import { AccessRefusal } from '../access/AccessRefusal.tsx';
import { useDateTime } from '../access/use-date-time.ts';
import { useAction } from '../incidents/use-action.ts';
import { useMay } from '../session/use-session.ts';
import { SureButton } from '../ui/SureButton.tsx';
import type { EnrolmentAnswer, EnrolmentAsker } from './enrolment-shapes.ts';
import { useEnrolmentWords } from './use-enrolment-words.ts';
import { Heard, StateGlyph, usePlaceName } from './PlaceWords.tsx';

interface DecisionProps {
  readonly of: EnrolmentAnswer;
  readonly onDecided: () => void;
}

/** Who stands at a place and who wants to, side by side, and the two answers to each of these. */
export function Decision({ of, onDecided }: DecisionProps) {
  const { own, page } = useEnrolmentWords();
  const place = usePlaceName(of);
  const isReplacement = of.state === 'replaceAsked';
  const hint = isReplacement ? own.replaceHint : own.pendingHint;
  return (
    <li className="decision" data-testid={`decision-${of.codeId}`}>
      <h3>
        <StateGlyph state={of.state} />{' '}
        <Link href={`/ppe/${of.siteCode}`}>
          {page.ppe} {of.siteCode}
        </Link>{' '}
        · {place}
      </h3>
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
          {of.askers.map((asker) => (
            <Asker key={asker.workstationId} of={of} asker={asker} onDecided={onDecided} />
          ))}
        </div>
      </dl>
      <p className="quiet">
        {of.askers.length > 1 ? own.contestHint : hint} {own.guardHint}
      </p>
    </li>
  );
}

interface AskerProps extends DecisionProps {
  readonly asker: EnrolmentAsker;
}

/** One PC that wants a place. What is decided names it: the next one may have come meanwhile. */
function Asker({ of, asker: { workstationId, askedAt, way }, onDecided }: AskerProps) {
  const { own } = useEnrolmentWords();
  const dateTime = useDateTime();
  const who = `${workstationId}, ${usePlaceName(of)}`;
  const mayDecide = useMay('decideEnrolment');
  const { isBusy, failure, send } = useAction();
  const decide = async (how: 'approve' | 'reject'): Promise<void> => {
    const path = `/api/v1/enrolments/${encodeURIComponent(of.codeId)}/${how}`;
    await send({ path, body: { workstationId }, hasRequestId: false });
    onDecided();
  };
  const isReplacement = of.state === 'replaceAsked';
  const isSimple = !isReplacement && of.askers.length === 1;
  return (
    <dd className="asker" data-testid={`asker-${workstationId}`}>
      <span>
        {workstationId}{' '}
        <span className="quiet">
          {own.askedAt(dateTime(askedAt))} · {own.ways[way]}
        </span>
      </span>
      {mayDecide && (
        <div className="fields">
          {isSimple ? (
            <button
              type="button"
              disabled={isBusy}
              aria-label={`${own.approve} ${who}`}
              onClick={() => void decide('approve')}
            >
              {own.approve}
            </button>
          ) : (
            <SureButton
              text={isReplacement ? own.replace : own.approve}
              sureText={isReplacement ? own.replaceReally : own.approveReally}
              of={who}
              isBusy={isBusy}
              onSure={() => void decide('approve')}
            />
          )}
          <SureButton
            text={own.reject}
            sureText={own.rejectReally}
            of={who}
            isBusy={isBusy}
            onSure={() => void decide('reject')}
          />
        </div>
      )}
      <AccessRefusal of={failure} />
    </dd>
  );
}
