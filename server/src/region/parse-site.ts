import type { Bounded, Municipality, RegionProblem, Site } from '@ppe-pulse/protocol';
import { roomColumns, siteColumns, type ColumnId } from './columns.ts';
import type { RawTable } from './raw-table.ts';
import { RowFold } from './read-rows.ts';
import { createRemarks } from './remarks.ts';
import { settleRegion } from './settle-region.ts';
import { layoutOf } from './table-layout.ts';

/** Columns that a form of one site fills in, by the table that they are of. */
export const siteTables = {
  site: siteColumns,
  rooms: ['roomCode', ...roomColumns],
  workstations: ['roomCode', 'role', 'duty', 'count'],
} as const satisfies Readonly<Record<string, readonly ColumnId[]>>;
export type SiteTable = keyof typeof siteTables;

type Row<T extends SiteTable> = Readonly<Record<(typeof siteTables)[T][number], string>>;

/** One site as a person writes it: the texts that an import would have in its cells. */
export interface SiteTexts {
  readonly site: Row<'site'>;
  readonly rooms: readonly Row<'rooms'>[];
  readonly workstations: readonly Row<'workstations'>[];
}

export type ParsedSite =
  | { readonly ok: true; readonly site: Site }
  /** `file` names the table, `row` counts its rows from 1, `column` is the field. */
  | { readonly ok: false; readonly problems: Bounded<RegionProblem> };

/** Reads one site by the very rules of an import. Pure. */
export function parseSite(
  code: string,
  texts: SiteTexts,
  municipalities: readonly Municipality[],
): ParsedSite {
  const remarks = createRemarks();
  const fold = new RowFold(municipalities, remarks);
  const tables = [
    tableOf(code, 'site', [texts.site]),
    tableOf(code, 'rooms', texts.rooms),
    tableOf(code, 'workstations', texts.workstations),
  ];
  for (const table of tables) {
    const layout = layoutOf(table, remarks);
    if (layout) fold.take(layout);
  }
  const [site] = settleRegion(fold.sites.values(), remarks);
  const problems = remarks.problems.result();
  return site && problems.total === 0 ? { ok: true, site } : { ok: false, problems };
}

/** The headers are row 0: rows of a form count from 1. */
function tableOf(
  code: string,
  table: SiteTable,
  rows: readonly Readonly<Record<string, string>>[],
): RawTable {
  const ids: readonly ColumnId[] = siteTables[table];
  const cells = rows.map((row) => [code, ...ids.map((id) => (row[id] ?? '').trim())]);
  return {
    file: table,
    sheet: null,
    rows: [['siteCode', ...ids], ...cells].map((each, number) => ({ number, cells: each })),
    odd: [],
    merged: [],
  };
}
