import { regionLimits, type RegionProblemCode, type RegionSpot } from '@ppe-pulse/protocol';
import type { Parsed } from './cell-values.ts';
import type { ColumnId } from './columns.ts';
import { isPersonalValue } from './personal.ts';
import { columnLetters, type RawRow } from './raw-table.ts';
import type { ImportRemarks } from './remarks.ts';
import type { TableLayout } from './table-layout.ts';

/** Reads one row of a table by the names of its columns, and remarks on what is wrong in it. */
export class RowReader {
  readonly layout: TableLayout;
  readonly #remarks: ImportRemarks;
  #row: RawRow = { number: 0, cells: [] };

  constructor(layout: TableLayout, remarks: ImportRemarks) {
    this.layout = layout;
    this.#remarks = remarks;
  }

  take(row: RawRow): void {
    this.#row = row;
  }

  /** The text of a column; empty where there is no such column or nothing in it. */
  text(id: ColumnId): string {
    const at = this.layout.at.get(id);
    if (at === undefined) return '';
    const text = this.#row.cells[at] ?? '';
    if (text.length > regionLimits.cellCharacters) {
      this.refuse(id, 'tooLong', '', String(regionLimits.cellCharacters));
      return '';
    }
    if (!isPersonalValue(text)) return text;
    // What it says is not repeated anywhere.
    this.refuse(id, 'personalValue');
    return '';
  }

  /** The value of a column; null where there is none, undefined when it is refused. */
  value<T>(id: ColumnId, parse: (text: string) => Parsed<T>): T | null | undefined {
    const text = this.text(id);
    if (text === '') return null;
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
    this.refuse(id, parsed.code, text, parsed.expected);
    return undefined;
  }

  /** The same where there must be one. */
  needed<T>(id: ColumnId, parse: (text: string) => Parsed<T>): T | undefined {
    const before = this.#remarks.problems.total;
    const value = this.value(id, parse);
    if (value === null && this.#remarks.problems.total === before) this.refuse(id, 'required');
    return value ?? undefined;
  }

  /** A code of four digits. Zeros that a spreadsheet has lost are put back, and it is said. */
  code(id: ColumnId, parse: (text: string) => Parsed<string>): string | undefined {
    const code = this.needed(id, parse);
    const text = code === undefined ? '' : this.text(id);
    if (code !== undefined && code !== text)
      this.#remarks.warnings.add(this.spot(id), 'zerosAdded', text, code);
    return code;
  }

  refuse(id: ColumnId, code: RegionProblemCode, found = '', expected = ''): void {
    this.#remarks.problems.add(this.spot(id), code, found, expected);
  }

  spot(id: ColumnId): RegionSpot {
    const { at, headers, table } = this.layout;
    const column = at.get(id);
    return {
      file: table.file,
      sheet: table.sheet,
      row: this.#row.number,
      cell: column === undefined ? null : `${columnLetters(column)}${this.#row.number}`,
      column: column === undefined ? null : (headers[column] ?? null),
    };
  }
}
