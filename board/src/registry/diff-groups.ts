import type { ChangeKind, RegionChange } from '@ppe-pulse/protocol';

/** All that changes at one site. */
export interface SiteChanges {
  readonly siteCode: string;
  /** What happens to the site itself: `changed` also where only its rooms do. */
  readonly kind: ChangeKind;
  readonly changes: readonly RegionChange[];
}

const order: Readonly<Record<ChangeKind, number>> = { removed: 0, changed: 1, added: 2 };

/** A difference by sites: what goes first, then what changes, then what comes; by code. Pure. */
export function changesBySite(changes: readonly RegionChange[]): readonly SiteChanges[] {
  const sites = new Map<string, { kind: ChangeKind; changes: RegionChange[] }>();
  for (const change of changes) {
    const known = sites.get(change.siteCode) ?? { kind: 'changed', changes: [] };
    if (change.what === 'site') known.kind = change.kind;
    known.changes.push(change);
    sites.set(change.siteCode, known);
  }
  return [...sites]
    .map(([siteCode, site]) => ({ siteCode, ...site }))
    .sort((a, b) => order[a.kind] - order[b.kind] || (a.siteCode < b.siteCode ? -1 : 1));
}
