import type { LiveSite } from '../messages/live-parts.ts';
import type { SiteRow } from '../messages/live-rows.ts';
import type { Snapshot } from '../messages/live.ts';
import { siteRow } from './rows.ts';

/** A site is told whole and seldom changes: of thousands only the changed ones are made into text. */
const texts = new WeakMap<SiteRow, string>();

/** True when boards are told the same of both. */
export function isSameSite(a: LiveSite, b: LiveSite): boolean {
  return a === b || siteText(siteRow(a)) === siteText(siteRow(b));
}

/** A snapshot as JSON; its sites are half of it. */
export function snapshotText({ sites, ...rest }: Snapshot): string {
  return `${JSON.stringify(rest).slice(0, -1)},"sites":[${sites.map(siteText).join(',')}]}`;
}

/** A site as JSON, made once of one row. */
function siteText(row: SiteRow): string {
  const known = texts.get(row);
  if (known !== undefined) return known;
  const made = JSON.stringify(row);
  texts.set(row, made);
  return made;
}
