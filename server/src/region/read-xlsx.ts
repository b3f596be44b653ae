import { regionLimits } from '@ppe-pulse/protocol';
import type { ImportFile, RawTable } from './raw-table.ts';
import { RefusedFile } from './remarks.ts';
import { readXml } from './xml-events.ts';
import { readSheet } from './xlsx-sheet.ts';
import { openZip, type ZipEntries } from './zip-entries.ts';

/** Compound files of Office: old .xls, and .xlsx behind a password. */
const COMPOUND = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ENCRYPTED_STREAM = Buffer.from('EncryptedPackage', 'utf16le');
const WORKBOOK = 'xl/workbook.xml';

/** True for what only a workbook can be. */
export function isWorkbook(bytes: Uint8Array): boolean {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  return isZip || COMPOUND.equals(bytes.subarray(0, COMPOUND.length));
}

/** Reads every sheet of a workbook. Macros, pictures and styles in it are never looked at. */
export function readXlsx({ name, bytes }: ImportFile): RawTable[] {
  if (COMPOUND.equals(bytes.subarray(0, COMPOUND.length))) {
    const isEncrypted = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(
      ENCRYPTED_STREAM,
    );
    throw new RefusedFile(isEncrypted ? 'encrypted' : 'oldXls');
  }
  const zip = openZip(bytes);
  if (!zip.has(WORKBOOK)) throw new RefusedFile('damagedXlsx', { found: WORKBOOK });
  const sheets = sheetsOf(zip);
  if (sheets.length > regionLimits.xlsxSheets)
    throw new RefusedFile('tooManySheets', {
      found: String(sheets.length),
      expected: String(regionLimits.xlsxSheets),
    });
  const shared = sharedStrings(zip);
  return sheets.map(({ title, path }) => {
    try {
      return { file: name, sheet: title, ...readSheet(zip.read(path), shared) };
    } catch (error) {
      if (!(error instanceof RefusedFile) || error.spot.sheet !== undefined) throw error;
      const { found, expected, spot } = error;
      throw new RefusedFile(error.code, { ...spot, found, expected, sheet: title });
    }
  });
}

/** Titles and paths of the sheets with cells, in the workbook's order. */
function sheetsOf(zip: ZipEntries): { readonly title: string; readonly path: string }[] {
  const titles: { readonly title: string; readonly id: string }[] = [];
  readXml(zip.read(WORKBOOK), {
    open: (name, attributes) => {
      if (name === 'sheet')
        titles.push({ title: attributes.name ?? '', id: relationOf(attributes) });
    },
    text: () => undefined,
    close: () => undefined,
  });
  const targets = new Map<string, string>();
  readXml(zip.read('xl/_rels/workbook.xml.rels'), {
    open: (name, { Id, Target, Type }) => {
      if (name === 'Relationship' && Id !== undefined && Type?.endsWith('/worksheet') === true)
        targets.set(Id, pathOf(Target ?? ''));
    },
    text: () => undefined,
    close: () => undefined,
  });
  return titles.flatMap(({ title, id }) => {
    const path = targets.get(id);
    // Charts and macro sheets have no rows.
    return path === undefined ? [] : [{ title, path }];
  });
}

/** `r:id`, whatever the prefix. */
function relationOf(attributes: Readonly<Record<string, string>>): string {
  const key = Object.keys(attributes).find((each) => /(^|:)id$/.test(each));
  return key === undefined ? '' : (attributes[key] ?? '');
}

function pathOf(target: string): string {
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

function sharedStrings(zip: ZipEntries): string[] {
  const path = 'xl/sharedStrings.xml';
  const strings: string[] = [];
  if (!zip.has(path)) return strings;
  let text = '';
  let isInText = false;
  let isPhonetic = false;
  readXml(zip.read(path), {
    open: (name) => {
      if (name === 'si') text = '';
      else if (name === 'rPh') isPhonetic = true;
      else if (name === 't') isInText = !isPhonetic;
    },
    text: (piece) => {
      if (isInText) text += piece;
    },
    close: (name) => {
      if (name === 'si') strings.push(text);
      else if (name === 'rPh') isPhonetic = false;
      else if (name === 't') isInText = false;
    },
  });
  return strings;
}
