import { strToU8, unzipSync, zipSync } from 'fflate';
import type { ImportFile } from '../../server/src/region/raw-table.ts';
import { writeXlsx } from '../../server/src/region/write-xlsx.ts';

const SHEET = 'xl/worksheets/sheet1.xml';
const NAMESPACE = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

/** A workbook of one sheet «Лист» whose XML is given; more parts stand beside it. */
export function workbookOf(sheet: string, more: Record<string, string> = {}): ImportFile {
  const parts = unzipSync(writeXlsx([{ title: 'Лист', rows: [[]] }]));
  const added = Object.entries({ [SHEET]: sheet, ...more }).map(
    ([path, text]) => [path, strToU8(text)] as const,
  );
  const all = { ...parts, ...Object.fromEntries(added) };
  return { name: 'region.xlsx', bytes: zipSync(all, { level: 1 }) };
}

/** A sheet of rows, and what stands behind them. */
export function sheetXml(rows: string, behind = ''): string {
  return `<worksheet xmlns="${NAMESPACE}"><sheetData>${rows}</sheetData>${behind}</worksheet>`;
}

/** A row of text cells, its number given. */
export function textRow(number: number, texts: readonly string[]): string {
  const cells = texts.map(
    (text, at) =>
      `<c r="${String.fromCharCode(65 + at)}${number}" t="inlineStr"><is><t>${text}</t></is></c>`,
  );
  return `<row r="${number}">${cells.join('')}</row>`;
}
