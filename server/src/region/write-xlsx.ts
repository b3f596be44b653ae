import { strToU8, zipSync } from 'fflate';
import { columnLetters } from './raw-table.ts';

/** A sheet of texts: the first row is the headers'. */
export interface SheetText {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
/** The same template is the same bytes: ZIP knows no earlier day. */
const FILE_TIME = new Date(1980, 0, 1);
const WIDTH_MIN = 12;
const WIDTH_MAX = 60;
/** Rows below the example that are texts already, so that 0012 stays 0012. */
const TEXT_STYLE = 1;
const BOLD_STYLE = 2;

/** Writes a workbook whose columns are texts throughout: a spreadsheet eats no zeros in it. */
export function writeXlsx(sheets: readonly SheetText[]): Uint8Array {
  const files: Record<string, string> = {
    '[Content_Types].xml': contentTypes(sheets.length),
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': workbook(sheets),
    'xl/_rels/workbook.xml.rels': relations([
      ...sheets.map((_, at): [string, string] => ['worksheet', `worksheets/sheet${at + 1}.xml`]),
      ['styles', 'styles.xml'],
    ]),
    'xl/styles.xml': styles,
  };
  for (const [at, sheet] of sheets.entries())
    files[`xl/worksheets/sheet${at + 1}.xml`] = worksheet(sheet);
  const packed = Object.entries(files).map(([path, text]) => [path, strToU8(HEAD + text)] as const);
  return zipSync(Object.fromEntries(packed), { mtime: FILE_TIME });
}

const styles = `<styleSheet xmlns="${MAIN}"><fonts count="2"><font/><font><b/></font></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`;

function contentTypes(count: number): string {
  const sheets = Array.from(
    { length: count },
    (_, at) =>
      `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
  );
  return `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>${sheets.join('')}</Types>`;
}

function relations(list: readonly (readonly [type: string, target: string])[]): string {
  const each = list.map(
    ([type, target], at) =>
      `<Relationship Id="rId${at + 1}" Type="${RELATIONS}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`;
}

function workbook(sheets: readonly SheetText[]): string {
  const each = sheets.map(
    ({ title }, at) => `<sheet name="${escaped(title)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
  );
  return `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${each.join('')}</sheets></workbook>`;
}

function worksheet({ rows }: SheetText): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, ...rows.map((row) => (row[column]?.length ?? 0) + 2))),
  );
  const columns = widths.map(
    (width, at) =>
      `<col min="${at + 1}" max="${at + 1}" width="${width}" style="${TEXT_STYLE}" customWidth="1"/>`,
  );
  const cells = rows.map((row, at) => {
    const style = at === 0 ? BOLD_STYLE : TEXT_STYLE;
    const each = row.map((text, column) =>
      text === ''
        ? ''
        : `<c r="${columnLetters(column)}${at + 1}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`,
    );
    return `<row r="${at + 1}">${each.join('')}</row>`;
  });
  return `<worksheet xmlns="${MAIN}"><cols>${columns.join('')}</cols><sheetData>${cells.join('')}</sheetData></worksheet>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
