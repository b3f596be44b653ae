import { useState } from 'react';
import { useSession } from '../session/use-session.ts';
import type { AccountAnswer, AccountsAnswer, LinkAnswer } from './access-shapes.ts';
import { useAccessWords } from './use-access-words.ts';
import { AccountForm } from './AccountForm.tsx';
import { AccountRow } from './AccountRow.tsx';
import { OneTimeLink } from './OneTimeLink.tsx';
import { useDateTime } from './use-date-time.ts';
import { useList } from './use-list.ts';

/** A new account's link lives as long as one that takes the place of it. */
const LINK_LIFE_MS = 24 * 3_600_000;

/** A link of an account that was made just now. */
interface MadeLink {
  readonly account: string;
  readonly path: string;
  /** RFC 3339. */
  readonly until: string;
}

/** Who may sign in, with what role, and the ways to add, change, let in anew and remove. */
export function Accounts() {
  const { own } = useAccessWords();
  const { answer, nudge } = useList<AccountsAnswer>('/api/v1/accounts');
  const [edited, setEdited] = useState<string | null>();
  const [made, setMade] = useState<MadeLink>();
  const items = answer?.kind === 'done' ? answer.value.items : [];
  const show = (account: string, { path, expiresInMs }: LinkAnswer): void => {
    const until = new Date(Date.now() + (expiresInMs ?? LINK_LIFE_MS)).toISOString();
    setMade({ account, path, until });
  };
  const close = (): void => setEdited(undefined);
  return (
    <section className="panel" aria-label={own.accounts} data-testid="accounts">
      <h2>{own.accounts}</h2>
      <p className="quiet">{own.accountsHint}</p>
      {answer?.kind === 'failed' && <p role="alert">{own.loadFailed}</p>}
      <Table items={items} onEdit={setEdited} onLink={show} onChanged={nudge} />
      {made && <Made of={made} onDone={() => setMade(undefined)} />}
      {edited === undefined ? (
        <p className="fields">
          <button type="button" onClick={() => setEdited(null)}>
            {own.add}
          </button>
        </p>
      ) : (
        <AccountForm
          key={edited}
          {...knownOf(items, edited)}
          onSaved={(account, link) => {
            if (link) show(account, link);
            close();
            nudge();
          }}
          onCancel={close}
        />
      )}
    </section>
  );
}

function knownOf(
  items: readonly AccountAnswer[],
  name: string | null,
): { readonly known?: AccountAnswer } {
  const known = items.find(({ account }) => account === name);
  return known ? { known } : {};
}

function Made({ of, onDone }: { readonly of: MadeLink; readonly onDone: () => void }) {
  const { own } = useAccessWords();
  const dateTime = useDateTime();
  return (
    <OneTimeLink
      key={of.path}
      title={own.link.ofAccount(of.account)}
      hint={`${own.link.once} ${own.link.until(dateTime(of.until))}`}
      path={of.path}
      onDone={onDone}
    />
  );
}

interface TableProps {
  readonly items: readonly AccountAnswer[];
  readonly onEdit: (account: string) => void;
  readonly onLink: (account: string, link: LinkAnswer) => void;
  readonly onChanged: () => void;
}

function Table({ items, onEdit, onLink, onChanged }: TableProps) {
  const { own } = useAccessWords();
  const session = useSession();
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{own.account}</th>
            <th scope="col">{own.role}</th>
            <th scope="col">{own.scope}</th>
            <th scope="col">{own.state}</th>
            <th scope="col">{own.lastSignIn}</th>
            <th scope="col">{own.actions}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <AccountRow
              key={item.account}
              of={item}
              isOwn={item.account === session?.account}
              onEdit={() => onEdit(item.account)}
              onLink={(link) => onLink(item.account, link)}
              onChanged={onChanged}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
