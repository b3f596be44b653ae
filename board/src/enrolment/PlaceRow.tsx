import { useState } from 'react';
import { AccessRefusal } from '../access/AccessRefusal.tsx';
import { useDateTime } from '../access/use-date-time.ts';
import { useAction } from '../incidents/use-action.ts';
import { useMay } from '../session/use-session.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { SureButton } from '../ui/SureButton.tsx';
import { useLeaveGuard } from '../ui/use-leave-guard.ts';
import type { EnrolmentAnswer } from './enrolment-shapes.ts';
import { useEnrolmentWords } from './use-enrolment-words.ts';
import { Heard, StateGlyph, usePlaceName } from './PlaceWords.tsx';
import { enrolmentFileName, saveJson } from './save-file.ts';

/** As the collector takes it. */
const MAX_NOTE_LENGTH = 300;

interface PlaceRowProps {
  readonly of: EnrolmentAnswer;
  readonly onChanged: () => void;
}

/** One place: who stands there, by which way, until when, and what can be done. */
export function PlaceRow({ of, onChanged }: PlaceRowProps) {
  const { own } = useEnrolmentWords();
  const place = usePlaceName(of);
  const dateTime = useDateTime();
  const { state, workstationId, enrolledAt, validTo, way } = of;
  const isOver = state === 'expired' || state === 'revoked';
  return (
    <tr className={isOver ? 'is-off' : ''} data-testid={`place-${of.codeId}`}>
      <th scope="row">{place}</th>
      <td>
        <StateGlyph state={state} /> {own.states[state]}
        {of.isCloned === true && (
          <strong className="cloned">
            <Glyph verdict="fail" /> {own.cloned}
          </strong>
        )}
      </td>
      <td>{workstationId === undefined ? '—' : <Heard id={workstationId} />}</td>
      <td>
        {enrolledAt === undefined ? '—' : dateTime(enrolledAt)}
        {way !== null && ` · ${own.ways[way]}`}
      </td>
      <td>{dateTime(validTo)}</td>
      <td>
        <Doings of={of} place={place} onChanged={onChanged} />
      </td>
    </tr>
  );
}

interface DoingsProps extends PlaceRowProps {
  readonly place: string;
}

function Doings({ of, place, onChanged }: DoingsProps) {
  const { own } = useEnrolmentWords();
  const maySetUp = useMay('setUp');
  const mayDecide = useMay('decideEnrolment');
  const { isBusy, failure, send } = useAction();
  const [isRevoking, setIsRevoking] = useState(false);
  const [saved, setSaved] = useState('');
  const { codeId, siteCode, roomCode, workstationId, state } = of;
  // Who only waits for a place is let in or turned away above; there is nothing to take back yet.
  const holds = workstationId !== undefined && (state === 'active' || state === 'replaceAsked');
  const renew = async (): Promise<void> => {
    const path = `/api/v1/enrolments/${encodeURIComponent(codeId)}/renew`;
    const file = await send<object>({ path, hasRequestId: false });
    if (!file) return;
    const name = enrolmentFileName(siteCode, roomCode);
    saveJson(name, file);
    setSaved(own.renewed(name));
    onChanged();
  };
  const revoke = async (note: string): Promise<void> => {
    const path = `/api/v1/workstations/${workstationId}/revoke`;
    const done = await send({ path, body: { note }, hasRequestId: false });
    if (done === undefined) return;
    setIsRevoking(false);
    onChanged();
  };
  return (
    <>
      <div className="row-buttons">
        {maySetUp && (
          <SureButton
            text={own.renew}
            sureText={own.renewReally}
            of={place}
            isBusy={isBusy}
            onSure={() => void renew()}
          />
        )}
        {mayDecide && holds && !isRevoking && (
          <button
            type="button"
            aria-label={`${own.revoke} ${place}`}
            onClick={() => setIsRevoking(true)}
          >
            {own.revoke}
          </button>
        )}
      </div>
      {isRevoking && (
        <RevokeForm
          isBusy={isBusy}
          onRevoke={(note) => void revoke(note)}
          onCancel={() => setIsRevoking(false)}
        />
      )}
      {saved !== '' && <p role="status">{saved}</p>}
      <AccessRefusal of={failure} />
    </>
  );
}

interface RevokeFormProps {
  readonly isBusy: boolean;
  readonly onRevoke: (note: string) => void;
  readonly onCancel: () => void;
}

/** A word on why stands in the audit; one press of Enter in an empty field revokes nothing. */
function RevokeForm({ isBusy, onRevoke, onCancel }: RevokeFormProps) {
  const { own } = useEnrolmentWords();
  const [note, setNote] = useState('');
  useLeaveGuard(note !== '', own.leave);
  return (
    <form
      className="access-form revoke-form"
      onSubmit={(event) => {
        event.preventDefault();
        onRevoke(note.trim());
      }}
    >
      <input
        value={note}
        required
        autoFocus
        maxLength={MAX_NOTE_LENGTH}
        aria-label={own.revokeNote}
        placeholder={own.revokeNote}
        onChange={({ target }) => setNote(target.value)}
      />
      <button type="submit" className="main" disabled={isBusy}>
        {own.revokeReally}
      </button>
      <button type="button" onClick={onCancel}>
        {own.cancel}
      </button>
      <p className="quiet is-wide">{own.revokeHint}</p>
    </form>
  );
}
