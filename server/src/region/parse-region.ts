import {
  regionLimits,
  type Bounded,
  type Municipality,
  type RegionProblem,
  type RegionWarning,
  type Site,
} from '@ppe-pulse/protocol';
import { EXPLANATION_SHEET } from './columns.ts';
import type { ImportFile, RawTable } from './raw-table.ts';
import { columnLetters } from './raw-table.ts';
import { readCsv } from './read-csv.ts';
import { RowFold } from './read-rows.ts';
import { isWorkbook, readXlsx } from './read-xlsx.ts';
import { createRemarks, RefusedFile, spotOfFile, type ImportRemarks } from './remarks.ts';
import { settleRegion } from './settle-region.ts';
import { layoutOf, type TableLayout } from './table-layout.ts';

/** What the files say. With a problem in them nothing of it may be used. */
export interface ParsedRegion {
  readonly sites: readonly Site[];
  readonly problems: Bounded<RegionProblem>;
  readonly warnings: Bounded<RegionWarning>;
}

/** Reads all files of one import as one list of sites. Pure: it knows nothing of what was before. */
export function parseRegion(
  files: readonly ImportFile[],
  municipalities: readonly Municipality[],
): ParsedRegion {
  const remarks = createRemarks();
  const sites = isTooMuch(files, remarks) ? [] : sitesOf(files, municipalities, remarks);
  return { sites, problems: remarks.problems.result(), warnings: remarks.warnings.result() };
}

function isTooMuch(files: readonly ImportFile[], { problems }: ImportRemarks): boolean {
  const spot = spotOfFile(files[0]?.name ?? '');
  const bytes = files.reduce((sum, file) => sum + file.bytes.byteLength, 0);
  if (files.length > regionLimits.files)
    problems.add(spot, 'tooManyFiles', String(files.length), String(regionLimits.files));
  if (bytes > regionLimits.filesBytes)
    problems.add(spot, 'filesTooBig', megabytes(bytes), megabytes(regionLimits.filesBytes));
  return problems.total > 0;
}

function sitesOf(
  files: readonly ImportFile[],
  municipalities: readonly Municipality[],
  remarks: ImportRemarks,
): Site[] {
  const fold = new RowFold(municipalities, remarks);
  let rows = 0;
  for (const file of files) {
    const layouts = layoutsOf(file, remarks);
    rows += layouts.reduce((sum, layout) => sum + layout.rows.length, 0);
    if (rows > regionLimits.rows) {
      const { problems } = remarks;
      problems.add(spotOfFile(file.name), 'tooManyRows', String(rows), String(regionLimits.rows));
      return [];
    }
    for (const layout of layouts) fold.take(layout);
  }
  // A list with a table missing would name every site of the others as unknown.
  if (fold.sites.size === 0 && remarks.problems.total === 0)
    remarks.problems.add(spotOfFile(files[0]?.name ?? ''), 'noSites');
  return settleRegion(fold.sites.values(), remarks);
}

/** The tables of a file that are ours. Other sheets are passed over, a whole other file is not. */
function layoutsOf(file: ImportFile, remarks: ImportRemarks): TableLayout[] {
  const { problems, warnings } = remarks;
  const before = problems.total;
  const tables = tablesOf(file, remarks);
  const layouts = tables.flatMap((table) => {
    const refused = problems.total;
    const layout = layoutOf(table, remarks);
    if (layout) {
      remarkOdd(layout, remarks);
      return [layout];
    }
    const isOurs = table.sheet === null || table.sheet === EXPLANATION_SHEET;
    if (problems.total === refused && !isOurs && table.rows.length > 0)
      warnings.add(spotOfFile(file.name, table.sheet), 'sheetIgnored');
    return [];
  });
  if (layouts.length === 0 && problems.total === before)
    problems.add(spotOfFile(file.name), 'noTable');
  return layouts;
}

function tablesOf(file: ImportFile, { problems }: ImportRemarks): RawTable[] {
  try {
    return isWorkbook(file.bytes) ? readXlsx(file) : [readCsv(file)];
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw error;
    const { code, found, expected, spot } = error;
    problems.add({ ...spotOfFile(file.name), ...spot }, code, found, expected);
    return [];
  }
}

/** Formulas count by the value that the spreadsheet last saw; none, or an error, is no value. */
function remarkOdd({ table, headers, at }: TableLayout, remarks: ImportRemarks): void {
  const used = new Set(at.values());
  for (const { row, column, kind } of table.odd) {
    if (!used.has(column)) continue;
    const cell = `${columnLetters(column)}${row}`;
    const spot = { ...spotOfFile(table.file, table.sheet), row, cell };
    const named = { ...spot, column: headers[column] ?? null };
    if (kind === 'formula') remarks.warnings.add(named, 'formulaValue');
    else remarks.problems.add(named, kind === 'error' ? 'cellError' : 'formulaWithoutValue');
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
