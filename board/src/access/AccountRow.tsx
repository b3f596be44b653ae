import { Link } from 'wouter';
import { useAction } from '../incidents/use-action.ts';
import { useMunicipalityName } from '../session/use-municipality-name.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { SureButton } from '../ui/SureButton.tsx';
import type { AccountAnswer, LinkAnswer } from './access-shapes.ts';
import { useAccessWords } from './use-access-words.ts';
import { AccessRefusal } from './AccessRefusal.tsx';
import { useDateTime } from './use-date-time.ts';

interface AccountRowProps {
  readonly of: AccountAnswer;
  readonly isOwn: boolean;
  readonly onEdit: () => void;
  readonly onLink: (link: LinkAnswer) => void;
  readonly onChanged: () => void;
}

/** One account: what it may see, whether somebody is in, and what can be done with it. */
export function AccountRow({ of, isOwn, onEdit, onLink, onChanged }: AccountRowProps) {
  const { own, signIn } = useAccessWords();
  const { isBusy, failure, send } = useAction();
  const path = `/api/v1/accounts/${of.account}`;
  const renew = async (): Promise<void> => {
    const link = await send<LinkAnswer>({ path: `${path}/links`, hasRequestId: false });
    if (link) onLink(link);
    onChanged();
  };
  const remove = async (): Promise<void> => {
    await send({ method: 'DELETE', path, hasRequestId: false });
    onChanged();
  };
  return (
    <tr className={of.disabled ? 'is-off' : ''} data-testid={`account-${of.account}`}>
      <th scope="row">{of.account}</th>
      <td>{signIn.roles[of.role]}</td>
      <td>
        <Scope of={of} />
      </td>
      <td>
        <State of={of} />
      </td>
      <td>
        <LastSignIn of={of} />
      </td>
      <td>
        <div className="row-buttons">
          <button type="button" aria-label={`${own.edit} ${of.account}`} onClick={onEdit}>
            {own.edit}
          </button>
          {/* One's own sessions would end under the hand that holds the new link. */}
          {!isOwn && (
            <>
              <SureButton
                text={own.newLink}
                sureText={own.newLinkReally}
                of={of.account}
                isBusy={isBusy}
                onSure={() => void renew()}
              />
              <SureButton
                text={own.remove}
                sureText={own.removeReally}
                of={of.account}
                isBusy={isBusy}
                onSure={() => void remove()}
              />
            </>
          )}
        </div>
        <AccessRefusal of={failure} />
      </td>
    </tr>
  );
}

function Scope({ of }: { readonly of: AccountAnswer }) {
  const { own, page } = useAccessWords();
  const name = useMunicipalityName(of.municipality ?? '');
  if (of.municipality !== undefined)
    return <Link href={`/municipalities/${encodeURIComponent(of.municipality)}`}>{name}</Link>;
  if (of.siteCode === undefined) return own.wholeRegion;
  return (
    <Link href={`/ppe/${of.siteCode}`}>
      {page.ppe} {of.siteCode}
    </Link>
  );
}

function State({ of }: { readonly of: AccountAnswer }) {
  const { own, count } = useAccessWords();
  if (of.disabled)
    return (
      <>
        <Glyph verdict="notInvolved" /> {own.disabled}
      </>
    );
  const parts = [
    of.hasPassword ? own.works : own.noPassword,
    of.sessions > 0 ? count(of.sessions, own.sessions) : own.nobodyIn,
    ...(of.totp === 'on' ? [own.withCode] : []),
  ];
  return parts.join(' · ');
}

function LastSignIn({ of: { lastSignInAt } }: { readonly of: AccountAnswer }) {
  const { own } = useAccessWords();
  const dateTime = useDateTime();
  return lastSignInAt === undefined ? own.never : dateTime(lastSignInAt);
}
