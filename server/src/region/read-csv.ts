import { regionLimits } from '@ppe-pulse/protocol';
import { CsvError, parse } from 'csv-parse/sync';
import { decodeText } from './decode-text.ts';
import type { ImportFile, RawRow, RawTable } from './raw-table.ts';
import { RefusedFile } from './remarks.ts';

const separators = [';', '\t', ','] as const;
/** Rows and what stands above and between them. */
const LINES_MAX = regionLimits.rows + 10_000;
/** A first line of Excel that names the separator. */
const SEPARATOR_LINE = /^sep=(.)\r?\n/;

/** Reads a CSV file of any of the encodings and separators that spreadsheets write. */
export function readCsv({ name, bytes }: ImportFile): RawTable {
  const text = decodeText(bytes);
  const named = SEPARATOR_LINE.exec(text);
  const body = named ? text.slice(named[0].length) : text;
  const first = named ? 2 : 1;
  const records = recordsOf(body, named?.[1] ?? separatorOf(body), first);
  const rows = records.flatMap((cells, at): RawRow[] => {
    const trimmed = cells.map((cell) => cell.trim());
    if (cells.length > regionLimits.columns)
      throw new RefusedFile('tooManyColumns', {
        row: at + first,
        expected: String(regionLimits.columns),
      });
    // Lines of explanation, as the template has them, and empty ones are no rows.
    if (trimmed[0]?.startsWith('#') === true || trimmed.every((cell) => cell === '')) return [];
    return [{ number: at + first, cells: trimmed }];
  });
  return { file: name, sheet: null, rows, odd: [], merged: [] };
}

function recordsOf(text: string, delimiter: string, first: number): string[][] {
  try {
    const records = parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      // МБОУ "Школа" without quotes around it is a name, not a fault.
      relax_quotes: true,
      max_record_size: regionLimits.columns * regionLimits.cellCharacters * 10,
      to: LINES_MAX,
    });
    if (records.length === LINES_MAX)
      throw new RefusedFile('tooManyRows', { expected: String(regionLimits.rows) });
    return records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const lines = (error as { readonly lines?: unknown }).lines;
    const row = typeof lines === 'number' ? lines + first - 1 : null;
    throw new RefusedFile('badQuotes', { row });
  }
}

/** The separator that the first line of several columns has most of, outside of quotes. */
function separatorOf(text: string): string {
  const lines = text.slice(0, 20_000).split(/\r?\n/, 20);
  for (const line of lines) {
    if (line.startsWith('#')) continue;
    const bare = line.replaceAll(/"[^"]*"/g, '');
    const counts = separators.map((each) => bare.split(each).length - 1);
    const most = Math.max(...counts);
    if (most > 0) return separators[counts.indexOf(most)] ?? ';';
  }
  return ';';
}
