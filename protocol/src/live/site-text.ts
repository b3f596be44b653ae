import type { LiveSite, Snapshot } from '../messages/live.ts';

/** A site is told whole and seldom changes: of thousands only the changed ones are made into text. */
const texts = new WeakMap<LiveSite, string>();

/** A site as JSON, made once of one object. */
export function siteText(site: LiveSite): string {
  const known = texts.get(site);
  if (known !== undefined) return known;
  const made = JSON.stringify(site);
  texts.set(site, made);
  return made;
}

/** A snapshot as JSON; its sites are most of it. */
export function snapshotText({ sites, ...rest }: Snapshot): string {
  return `${JSON.stringify(rest).slice(0, -1)},"sites":[${sites.map(siteText).join(',')}]}`;
}
