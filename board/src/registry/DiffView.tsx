import { useMemo } from 'react';
import {
  changeKinds,
  isNoChange,
  type ChangeCounts,
  type Municipality,
  type RegionChange,
  type RegionDiff,
} from '@ppe-pulse/protocol';
import { changeText } from './change-text.ts';
import { changesBySite, type SiteChanges } from './diff-groups.ts';
import { Pages } from './Pages.tsx';
import { usePages } from './use-pages.ts';
import { useRegistryWords } from './use-registry-words.ts';

const PAGE = 25;
const SHOWN_AT_ONCE = 12;
const signs = { added: '+', changed: '~', removed: '−' } as const;

interface DiffViewProps {
  readonly diff: RegionDiff;
  readonly municipalities: readonly Municipality[];
}

/** What an import or an edit does: counts, then site by site. */
export function DiffView({ diff, municipalities }: DiffViewProps) {
  const words = useRegistryWords();
  const { own } = words;
  const groups = useMemo(() => changesBySite(diff.changes.listed), [diff]);
  const pages = usePages(groups, PAGE);
  if (isNoChange(diff)) return <p role="status">{own.noDifference}</p>;
  const unlisted = diff.changes.total - diff.changes.listed.length;
  return (
    <div className="diff" role="region" aria-label={own.difference}>
      <h3>{own.difference}</h3>
      <DiffCounts diff={diff} />
      {diff.adoptedKept > 0 && (
        <p className="quiet">{own.adoptedKept(words.number(diff.adoptedKept))}</p>
      )}
      <ul className="diff-sites" data-testid="diff-sites">
        {pages.shown.map((group) => (
          <SiteGroup key={group.siteCode} of={group} municipalities={municipalities} />
        ))}
      </ul>
      <Pages of={pages} />
      {unlisted > 0 && <p className="quiet">{own.unlisted(words.number(unlisted))}</p>}
    </div>
  );
}

function DiffCounts({ diff }: { readonly diff: RegionDiff }) {
  const words = useRegistryWords();
  const { own } = words;
  const rows: readonly (readonly [string, ChangeCounts])[] = [
    [own.sites, diff.sites],
    [own.rooms, diff.rooms],
    [own.workstations, diff.workstations],
  ];
  return (
    <table className="diff-counts" data-testid="diff-counts">
      <thead>
        <tr>
          <td />
          {changeKinds.map((kind) => (
            <th key={kind} scope="col">
              {signs[kind]} {own.kinds[kind]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, counts]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {changeKinds.map((kind) => (
              <td key={kind} className={counts[kind] > 0 ? `number count-${kind}` : 'number quiet'}>
                {words.number(counts[kind])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface SiteGroupProps {
  readonly of: SiteChanges;
  readonly municipalities: readonly Municipality[];
}

function SiteGroup({ of, municipalities }: SiteGroupProps) {
  const words = useRegistryWords();
  const { own } = words;
  const inside = of.changes.filter(({ what, fields }) => what !== 'site' || fields.length > 0);
  const shown = inside.slice(0, SHOWN_AT_ONCE);
  return (
    <li className={`diff-site diff-${of.kind}`}>
      <p>
        <b>
          {signs[of.kind]} {of.siteCode}
        </b>{' '}
        {own.kinds[of.kind]}
      </p>
      {shown.length > 0 && (
        <ul>
          {shown.map((change) => (
            <li key={keyOf(change)}>{changeText(words, change, municipalities)}</li>
          ))}
        </ul>
      )}
      {inside.length > shown.length && (
        <p className="quiet">{own.more(words.number(inside.length - shown.length))}</p>
      )}
    </li>
  );
}

function keyOf({ what, roomCode, workstation }: RegionChange): string {
  return `${what} ${roomCode ?? ''} ${workstation ?? ''}`;
}
