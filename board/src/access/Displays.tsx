import { useState } from 'react';
import type { Verdict } from '@ppe-pulse/protocol';
import { useAction } from '../incidents/use-action.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { SureButton } from '../ui/SureButton.tsx';
import type { DisplayAnswer, DisplaysAnswer } from './access-shapes.ts';
import { useAccessWords } from './use-access-words.ts';
import { AccessRefusal } from './AccessRefusal.tsx';
import { DisplayForm } from './DisplayForm.tsx';
import { OneTimeLink } from './OneTimeLink.tsx';
import { useDateTime } from './use-date-time.ts';
import { useList } from './use-list.ts';
import { viewIdOf } from './wall-views.ts';

interface MadeLink {
  readonly name: string;
  readonly path: string;
}

/** The screens: each by a link of its own that holds until its end and can be revoked. */
export function Displays() {
  const { own } = useAccessWords();
  const { answer, nudge } = useList<DisplaysAnswer>('/api/v1/displays');
  const [isAdding, setIsAdding] = useState(false);
  const [made, setMade] = useState<MadeLink>();
  const items = answer?.kind === 'done' ? answer.value.items : [];
  return (
    <section className="panel" aria-label={own.displays} data-testid="displays">
      <h2>{own.displays}</h2>
      <p className="quiet">{own.displaysHint}</p>
      {answer?.kind === 'failed' && <p role="alert">{own.loadFailed}</p>}
      {answer?.kind === 'done' && items.length === 0 && <p>{own.noDisplays}</p>}
      {items.length > 0 && <Table items={items} onChanged={nudge} />}
      {made && (
        <OneTimeLink
          key={made.path}
          title={own.link.ofDisplay(made.name)}
          hint={own.link.bind}
          path={made.path}
          onDone={() => setMade(undefined)}
        />
      )}
      {isAdding ? (
        <DisplayForm
          onMade={(name, { path }) => {
            setMade({ name, path });
            setIsAdding(false);
            nudge();
          }}
          onCancel={() => setIsAdding(false)}
        />
      ) : (
        <p className="fields">
          <button type="button" onClick={() => setIsAdding(true)}>
            {own.addDisplay}
          </button>
        </p>
      )}
    </section>
  );
}

interface TableProps {
  readonly items: readonly DisplayAnswer[];
  readonly onChanged: () => void;
}

function Table({ items, onChanged }: TableProps) {
  const { own } = useAccessWords();
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{own.name}</th>
            <th scope="col">{own.state}</th>
            <th scope="col">{own.view}</th>
            <th scope="col">{own.until}</th>
            <th scope="col">{own.lastSeen}</th>
            <th scope="col">{own.created}</th>
            <th scope="col">{own.actions}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((display) => (
            <Row key={display.id} of={display} onChanged={onChanged} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const verdicts: Readonly<Record<DisplayAnswer['state'], Verdict>> = {
  waiting: 'unknown',
  bound: 'ok',
  expired: 'notInvolved',
  revoked: 'notInvolved',
};

function Row({ of, onChanged }: { readonly of: DisplayAnswer; readonly onChanged: () => void }) {
  const { own } = useAccessWords();
  const dateTime = useDateTime();
  const { isBusy, failure, send } = useAction();
  const { id, name, state, expiresAt, lastSeenAt, createdBy } = of;
  const isOver = state === 'expired' || state === 'revoked';
  const view = viewIdOf(of.view);
  const revoke = async (): Promise<void> => {
    await send({ method: 'DELETE', path: `/api/v1/displays/${id}`, hasRequestId: false });
    onChanged();
  };
  return (
    <tr className={isOver ? 'is-off' : ''} data-testid={`display-${id}`}>
      <th scope="row">{name}</th>
      <td>
        <Glyph verdict={verdicts[state]} /> {own.displayStates[state]}
      </td>
      <td title={of.view}>{view ? own.views[view] : own.otherView}</td>
      <td>{dateTime(expiresAt)}</td>
      <td>{lastSeenAt === undefined ? own.never : dateTime(lastSeenAt)}</td>
      <td>{createdBy}</td>
      <td>
        <div className="row-buttons">
          {!isOver && (
            <SureButton
              text={own.revoke}
              sureText={own.revokeReally}
              of={name}
              isBusy={isBusy}
              onSure={() => void revoke()}
            />
          )}
        </div>
        <AccessRefusal of={failure} />
      </td>
    </tr>
  );
}
