import { nearest, type RegionSpot } from '@ppe-pulse/protocol';
import {
  columnHeaders,
  columnOf,
  columns,
  roomColumns,
  siteColumns,
  type ColumnId,
} from './columns.ts';
import { isPersonalHeader, isPersonalValue } from './personal.ts';
import { columnLetters, type RawRow, type RawTable } from './raw-table.ts';
import { spotOfFile, type ImportRemarks } from './remarks.ts';

/** Which column of a table is what, and what a row of it says. */
export interface TableLayout {
  readonly table: RawTable;
  readonly rows: readonly RawRow[];
  readonly at: ReadonlyMap<ColumnId, number>;
  readonly headers: readonly string[];
  /** A row is of a site alone, of a room, or of workstations. */
  readonly level: 'site' | 'room' | 'workstation';
  readonly saysSite: boolean;
}

/** Titles may stand above the headers, but not many. */
const HEADER_WITHIN = 20;

/** Finds the headers of a table; undefined when it is none of ours, or its headers are refused. */
export function layoutOf(table: RawTable, remarks: ImportRemarks): TableLayout | undefined {
  const headerAt = table.rows
    .slice(0, HEADER_WITHIN)
    .findIndex(({ cells }) => new Set(cells.map(columnOf).filter(Boolean)).size >= 2);
  const header = table.rows[headerAt];
  if (!header) return undefined;
  const reading = new HeaderReading(table, header, remarks);
  const at = reading.columns(table.rows.slice(headerAt + 1));
  const level = at.has('role') ? 'workstation' : at.has('roomCode') ? 'room' : 'site';
  // The name alone stands beside a code for people to read.
  const saysSite = level === 'site' || siteColumns.some((id) => id !== 'siteName' && at.has(id));
  const before = remarks.problems.total;
  reading.refuseMissing(at, level, saysSite);
  reading.refuseMerged();
  if (remarks.problems.total > before) return undefined;
  const rows = table.rows.slice(headerAt + 1);
  if (rows.length === 0) remarks.warnings.add(spotOfFile(table.file, table.sheet), 'emptyTable');
  return { table, rows, at, headers: header.cells, level, saysSite };
}

class HeaderReading {
  readonly #table: RawTable;
  readonly #header: RawRow;
  readonly #remarks: ImportRemarks;

  constructor(table: RawTable, header: RawRow, remarks: ImportRemarks) {
    this.#table = table;
    this.#header = header;
    this.#remarks = remarks;
  }

  /** Known columns by their place. Others are passed over, unless they are of persons. */
  columns(rows: readonly RawRow[]): Map<ColumnId, number> {
    const at = new Map<ColumnId, number>();
    const { cells } = this.#header;
    const hasRoomColumns = cells.some((cell) => {
      const id = columnOf(cell);
      return id === 'role' || roomColumns.some((each) => each === id);
    });
    for (const [column, text] of cells.entries()) {
      if (text === '') {
        this.#refusePersons(column, rows);
        continue;
      }
      let id = columnOf(text);
      // «Код» beside «Код ППЭ» in a table of rooms is the room's.
      const isBareCode = id === 'siteCode' && /^(?:код|code)$/i.test(text);
      if (isBareCode && hasRoomColumns && !at.has('roomCode') && this.#hasOtherSiteCode(column))
        id = 'roomCode';
      if (id === undefined) this.#unknown(column, text, rows);
      else if (at.has(id)) this.#refuse('doubleColumn', column, text, cells[at.get(id) ?? 0]);
      else at.set(id, column);
    }
    return at;
  }

  refuseMissing(
    at: ReadonlyMap<ColumnId, number>,
    level: TableLayout['level'],
    saysSite: boolean,
  ): void {
    const needed: ColumnId[] = ['siteCode'];
    if (level !== 'site') needed.push('roomCode');
    if (saysSite) needed.push('siteName', 'municipality');
    for (const id of needed) {
      if (at.has(id)) continue;
      const spot = { ...spotOfFile(this.#table.file, this.#table.sheet), row: this.#header.number };
      const expected = `${columns[id].ru} / ${columns[id].en}`;
      this.#remarks.problems.add(spot, 'missingColumn', '', expected);
    }
  }

  /** What is merged belongs to nobody knows how many rows. */
  refuseMerged(): void {
    for (const range of this.#table.merged) {
      const row = Number(/\d+/.exec(range)?.[0] ?? 0);
      const until = Number(/:[A-Z]+(\d+)/.exec(range)?.[1] ?? row);
      // A title over the table may well be merged.
      if (until < this.#header.number) continue;
      const spot = spotOfFile(this.#table.file, this.#table.sheet);
      this.#remarks.problems.add({ ...spot, row, cell: range }, 'mergedCells', range);
    }
  }

  #hasOtherSiteCode(column: number): boolean {
    return this.#header.cells.some(
      (cell, at) => at !== column && columnOf(cell) === 'siteCode' && !/^(?:код|code)$/i.test(cell),
    );
  }

  #unknown(column: number, text: string, rows: readonly RawRow[]): void {
    if (isPersonalHeader(text)) {
      this.#refuse('personalColumn', column, text);
      return;
    }
    if (this.#refusePersons(column, rows)) return;
    const guess = nearest(text, columnHeaders) ?? '';
    this.#remarks.warnings.add(this.#spot(column), 'unknownColumn', text, guess);
  }

  /** A column of names needs no header to be one. */
  #refusePersons(column: number, rows: readonly RawRow[]): boolean {
    const row = rows.find(({ cells }) => isPersonalValue(cells[column] ?? ''));
    if (!row) return false;
    const spot = { ...this.#spot(column), row: row.number };
    const cell = `${columnLetters(column)}${row.number}`;
    this.#remarks.problems.add({ ...spot, cell }, 'personalColumn');
    return true;
  }

  #refuse(
    code: 'doubleColumn' | 'personalColumn',
    column: number,
    found: string,
    expected = '',
  ): void {
    this.#remarks.problems.add(this.#spot(column), code, found, expected);
  }

  #spot(column: number): RegionSpot {
    return {
      file: this.#table.file,
      sheet: this.#table.sheet,
      row: this.#header.number,
      cell: `${columnLetters(column)}${this.#header.number}`,
      column: this.#header.cells[column] ?? null,
    };
  }
}
