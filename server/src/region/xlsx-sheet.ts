import { regionLimits } from '@ppe-pulse/protocol';
import { columnIndex, columnLetters, type OddCell, type RawRow } from './raw-table.ts';
import { RefusedFile } from './remarks.ts';
import { readXml, type XmlListener } from './xml-events.ts';

/** What a sheet holds. */
export interface SheetContent {
  readonly rows: RawRow[];
  readonly odd: OddCell[];
  readonly merged: string[];
}

/** Odd cells and merged ranges are listed so far; nobody mends a thousand one by one. */
const LISTED = 1_000;

/** Reads the rows of a sheet that have something in them; empty ones cost no memory. */
export function readSheet(xml: Uint8Array, shared: readonly string[]): SheetContent {
  const reader = new SheetReader(shared);
  readXml(xml, reader);
  return reader.content;
}

class SheetReader implements XmlListener {
  readonly content: SheetContent = { rows: [], odd: [], merged: [] };
  readonly #shared: readonly string[];
  #row = 0;
  #cells: string[] = [];
  #column = -1;
  #type = '';
  #value = '';
  #hasValue = false;
  #hasFormula = false;
  /** Texts count inside of a value only. */
  #isInValue = false;
  #isPhonetic = false;

  constructor(shared: readonly string[]) {
    this.#shared = shared;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'c') this.#openCell(attributes);
    else if (name === 'row') this.#openRow(attributes);
    else if (name === 'v' || name === 't') {
      this.#isInValue = !this.#isPhonetic;
      this.#hasValue = true;
    } else if (name === 'f') this.#hasFormula = true;
    else if (name === 'rPh') this.#isPhonetic = true;
    else if (name === 'mergeCell' && this.content.merged.length < LISTED)
      this.content.merged.push(attributes.ref ?? '');
  }

  text(text: string): void {
    if (this.#isInValue) this.#value += text;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#isInValue = false;
    else if (name === 'rPh') this.#isPhonetic = false;
    else if (name === 'c') this.#closeCell();
    else if (name === 'row') this.#closeRow();
  }

  #openRow({ r }: Readonly<Record<string, string>>): void {
    const number = Number(r ?? this.#row + 1);
    this.#row = Number.isInteger(number) && number > 0 ? number : this.#row + 1;
    this.#cells = [];
    this.#column = -1;
  }

  #openCell({ r, t }: Readonly<Record<string, string>>): void {
    this.#column = r === undefined ? this.#column + 1 : columnIndex(r);
    this.#type = t ?? 'n';
    this.#value = '';
    this.#hasValue = false;
    this.#hasFormula = false;
  }

  #closeCell(): void {
    if (this.#hasFormula) this.#odd(this.#hasValue ? 'formula' : 'formulaWithoutValue');
    if (!this.#hasValue) return;
    if (this.#type === 'e') this.#odd('error');
    const text = this.#text().trim();
    if (text === '') return;
    if (this.#column < 0 || this.#column >= regionLimits.columns)
      throw new RefusedFile('tooManyColumns', {
        row: this.#row,
        cell: `${columnLetters(Math.max(0, this.#column))}${this.#row}`,
        expected: String(regionLimits.columns),
      });
    // Columns between are empty: a list without holes.
    while (this.#cells.length < this.#column) this.#cells.push('');
    this.#cells[this.#column] = text;
  }

  #text(): string {
    if (this.#type === 's') return this.#shared[Number(this.#value)] ?? '';
    if (this.#type !== 'n') return this.#value;
    // 50 is written as 50, 5E1 or 50.0.
    const number = Number(this.#value);
    return this.#value === '' || Number.isNaN(number) ? this.#value : String(number);
  }

  #odd(kind: OddCell['kind']): void {
    if (this.content.odd.length < LISTED)
      this.content.odd.push({ row: this.#row, column: this.#column, kind });
  }

  #closeRow(): void {
    if (this.#cells.length === 0) return;
    this.content.rows.push({ number: this.#row, cells: this.#cells });
    if (this.content.rows.length > regionLimits.rows)
      throw new RefusedFile('tooManyRows', { expected: String(regionLimits.rows) });
  }
}
