/** A row that has something in it. Rows count from 1, as a spreadsheet shows them. */
export interface RawRow {
  readonly number: number;
  /** Trimmed texts by column; what is not there is empty. */
  readonly cells: readonly string[];
}

/** A cell whose text is not what somebody typed. */
export interface OddCell {
  readonly row: number;
  /** From 0. */
  readonly column: number;
  readonly kind: 'formula' | 'formulaWithoutValue' | 'error';
}

/** A CSV file or a sheet, before anybody knows what is in it. */
export interface RawTable {
  readonly file: string;
  /** Name of the sheet; null for CSV. */
  readonly sheet: string | null;
  readonly rows: readonly RawRow[];
  readonly odd: readonly OddCell[];
  /** Ranges of merged cells: `A2:A5`. */
  readonly merged: readonly string[];
}

/** A file as it was handed in. */
export interface ImportFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** `A`, `Z`, `AA` for 0, 25, 26. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26))
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  return letters;
}

/** 0, 25, 26 for `A`, `Z`, `AA`; a row's number behind the letters is passed over. */
export function columnIndex(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const letter = reference.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
}
