import { Link } from 'wouter';
import { useDateTime } from '../access/use-date-time.ts';
import { ownText } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import type { TroubleAnswer } from './rollout-shapes.ts';
import { useRolloutWords } from './use-rollout-words.ts';

/** Who is not on the new version, and why: refused, rolled back, fallen silent. */
export function TroubleTable({ items }: { readonly items: readonly TroubleAnswer[] }) {
  const { own, page } = useRolloutWords();
  const dateTime = useDateTime();
  return (
    <div className="scroll">
      <table data-testid="update-troubles">
        <caption>{own.troubles}</caption>
        <thead>
          <tr>
            <th scope="col">{own.workstation}</th>
            <th scope="col">{own.what}</th>
            <th scope="col">{own.when}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ id, siteCode, state, reason, at }) => (
            <tr key={id}>
              <th scope="row">
                <Link href={`/ppe/${siteCode}`}>
                  {page.ppe} {siteCode}
                </Link>
                {' · '}
                <Link href={`/workstations/${id}`}>{id}</Link>
              </th>
              <td>
                <Glyph verdict="warn" /> {ownText(own.standings, state) ?? state}
                {reason !== '' && `: ${ownText(own.reasons, reason) ?? reason}`}
              </td>
              <td>{dateTime(at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
