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

/** Receiving a frame keeps a page from drawing for as long as it is large: 0.2 ms a kilobyte. */
const PART_CHARACTERS = 48_000;

/** A snapshot as texts of frames: whole, or its rows in `more` frames of some 48 kB. */
export function snapshotFrames(snapshot: Snapshot): readonly string[] {
  const { workstations, sites, ...rest } = snapshot;
  const rows = {
    workstations: workstations.map((row) => JSON.stringify(row)),
    sites: sites.map(siteText),
  };
  const size = [...rows.workstations, ...rows.sites].reduce((sum, row) => sum + row.length, 0);
  if (size <= PART_CHARACTERS) return [snapshotText(snapshot)];
  const head = `{"type":"more","seq":${snapshot.seq},`;
  const more = [
    ...packed(rows.workstations).map((list) => `${head}"workstations":[${list}],"sites":[]}`),
    ...packed(rows.sites).map((list) => `${head}"workstations":[],"sites":[${list}]}`),
  ];
  return [JSON.stringify({ ...rest, workstations: [], sites: [], more: more.length }), ...more];
}

/** Texts with commas between them, as many together as a part holds. */
function packed(rows: readonly string[]): string[] {
  const parts: string[][] = [];
  let left = 0;
  for (const row of rows) {
    left -= row.length;
    const part = left < 0 ? undefined : parts.at(-1);
    if (part) part.push(row);
    else {
      parts.push([row]);
      left = PART_CHARACTERS - row.length;
    }
  }
  return parts.map((part) => part.join(','));
}

/** A site as JSON, made once of one row. */
function siteText(row: SiteRow): string {
  const known = texts.get(row);
  if (known !== undefined) return known;
  const made = JSON.stringify(row);
  texts.set(row, made);
  return made;
}
