import { deflateRawSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { regionLimits } from '@ppe-pulse/protocol';
import { describe, expect, it } from 'vitest';
import { readXlsx } from '../../server/src/region/read-xlsx.ts';
import { fuzzed } from '../support/fuzz.ts';
import { parsed, problemsOf, sitesOf, workbook } from '../support/region-files.ts';
import { sampleRegion } from '../../server/src/region/sample-region.ts';
import { sheetXml, textRow, workbookOf } from '../support/xlsx-parts.ts';

const head = textRow(1, ['Код ППЭ', 'Период', 'Наименование', 'Муниципалитет', 'Провайдер']);
const rest = ['main', 'Школа', 'yurga', 'Связь'];
const restCells = rest
  .map((text, at) => `<c r="${'BCDE'[at]}2" t="inlineStr"><is><t>${text}</t></is></c>`)
  .join('');
const row = (code: string): string => `<row r="2">${code}${restCells}</row>`;
const goodRow = textRow(2, ['0012', ...rest]);

describe('a workbook', () => {
  it('gives numbers their zeros back and says so', () => {
    for (const written of ['12', '12.0', '1.2E1']) {
      const file = workbookOf(sheetXml(head + row(`<c r="A2"><v>${written}</v></c>`)));
      expect(sitesOf(file)[0]?.code).toBe('0012');
      expect(parsed(file).warnings.listed).toMatchObject([{ code: 'zerosAdded', cell: 'A2' }]);
    }
    expect(problemsOf(workbookOf(sheetXml(head + row('<c r="A2"><v>12.5</v></c>'))))).toEqual([
      'badCode A2',
    ]);
  });

  it('reads shared strings with formats inside and without their transcription', () => {
    const shared =
      '<sst><si><r><t>Шко</t></r><r><t>ла</t></r><rPh><t>shkola</t></rPh></si><si><t/></si></sst>';
    const cells = `<c r="A2" t="str"><v>0012</v></c>${restCells.replace(
      '<c r="C2" t="inlineStr"><is><t>Школа</t></is></c>',
      '<c r="C2" t="s"><v>0</v></c>',
    )}`;
    const file = workbookOf(sheetXml(`${head}<row r="2">${cells}</row>`), {
      'xl/sharedStrings.xml': shared,
    });
    expect(sitesOf(file)[0]?.name).toBe('Школа');
  });

  it('takes a formula’s last value with a warning, and none without a value', () => {
    const formula = workbookOf(
      sheetXml(head + row('<c r="A2" t="str"><f>"00"&amp;12</f><v>0012</v></c>')),
    );
    expect(sitesOf(formula)[0]?.code).toBe('0012');
    expect(parsed(formula).warnings.listed).toMatchObject([{ code: 'formulaValue', cell: 'A2' }]);
    const bare = workbookOf(sheetXml(head + row('<c r="A2"><f>B1</f></c>')));
    expect(problemsOf(bare)).toContain('formulaWithoutValue A2');
    const failed = workbookOf(sheetXml(head + row('<c r="A2" t="e"><f>B1</f><v>#REF!</v></c>')));
    expect(problemsOf(failed)).toContain('cellError A2');
  });

  it('is refused for merged cells among its rows, not for a merged title', () => {
    const merged = (range: string): string =>
      `<mergeCells count="1"><mergeCell ref="${range}"/></mergeCells>`;
    const among = workbookOf(sheetXml(head + goodRow, merged('C2:C5')));
    expect(problemsOf(among)).toEqual(['mergedCells C2:C5']);
    const title = textRow(1, ['Список']) + head.replaceAll(/r="([A-Z]?)1"/g, 'r="$12"');
    const below = textRow(3, ['0012', ...rest]);
    expect(problemsOf(workbookOf(sheetXml(title + below, merged('A1:E1'))))).toEqual([]);
  });

  it('passes over sheets without a table and macros, and reads rows without numbers', () => {
    const region = sampleRegion({ ppe: 2, seed: 1 });
    const file = workbook(region);
    expect(sitesOf(file)).toEqual(region.sites);
    const bare = (head + goodRow).replaceAll(/ r="[A-Z]*\d+"/g, '');
    const macros = { 'xl/vbaProject.bin': 'MZ macro', 'xl/activeX/activeX1.bin': 'MZ' };
    expect(sitesOf(workbookOf(sheetXml(bare), macros))[0]?.code).toBe('0012');
  });
});

describe('a hostile workbook', () => {
  it('of a million empty rows is read in little time and memory', () => {
    const empty = '<row r="3"/>'.repeat(1_000_000);
    const file = workbookOf(sheetXml(head + goodRow + empty));
    const before = process.memoryUsage().heapUsed;
    const tables = readXlsx(file);
    expect(tables[0]?.rows).toHaveLength(2);
    // A row that was kept would take a hundred bytes at least.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  });

  it('that inflates without end is cut, whatever it declares', () => {
    const bytes = zipOf('xl/workbook.xml', Buffer.alloc(regionLimits.xlsxInflatedBytes + 1), 10);
    expect(bytes.length).toBeLessThan(300_000);
    expect(problemsOf({ name: 'bomb.xlsx', bytes })).toEqual(['tooBigInside']);
  });

  it('of more parts than a workbook has is refused before any is read', () => {
    const parts = Array.from({ length: regionLimits.xlsxEntries + 1 }, (_, at) => [
      `${at}.xml`,
      new Uint8Array(),
    ]);
    const bytes = zipSync(Object.fromEntries(parts) as Record<string, Uint8Array>);
    expect(problemsOf({ name: 'many.xlsx', bytes })).toEqual(['tooManyEntries']);
  });

  it('of more sheets or columns than anybody fills in is refused', () => {
    const wide = workbookOf(sheetXml(`<row r="1"><c r="XFD1"><v>1</v></c></row>`));
    expect(problemsOf(wide)).toEqual(['tooManyColumns XFD1']);
    const sheets = Array.from({ length: regionLimits.xlsxSheets + 1 }, (_, at) => at + 1);
    const many = workbookOf(sheetXml(''), {
      'xl/workbook.xml': `<workbook xmlns:r="r"><sheets>${sheets.map((at) => `<sheet name="${at}" r:id="rId1"/>`).join('')}</sheets></workbook>`,
    });
    expect(problemsOf(many)).toEqual(['tooManySheets']);
  });

  it('expands no entities that it defines itself', () => {
    const lol = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>';
    const file = workbookOf(lol + sheetXml(head + goodRow.replace('Школа', '&b;')));
    expect(problemsOf(file)).toEqual(['damagedXlsx']);
  });

  it.each([
    ['encrypted', Buffer.concat([compound(), Buffer.from('EncryptedPackage', 'utf16le')])],
    ['oldXls', compound()],
    ['damagedXlsx', Buffer.from('PK\u0003\u0004 and nothing behind')],
    ['damagedXlsx', zipSync({ 'word/document.xml': new Uint8Array(3) })],
  ])('is refused as %s', (problem, bytes) => {
    expect(problemsOf({ name: 'x.xlsx', bytes })).toEqual([problem]);
  });

  it('behind a ZIP password is refused as encrypted', () => {
    const bytes = Buffer.from(workbookOf(sheetXml('')).bytes);
    for (let at = 0; at + 4 < bytes.length; at += 1)
      if (bytes.readUInt32LE(at) === 0x02014b50) bytes[at + 8] = (bytes[at + 8] ?? 0) | 1;
    expect(problemsOf({ name: 'x.xlsx', bytes })).toEqual(['encrypted']);
  });

  it('of any damage is a refusal and never a crash', { timeout: 30_000 }, () => {
    const good = workbookOf(sheetXml(head + goodRow)).bytes;
    fuzzed('workbooks', [Buffer.from(good)], (bytes) => {
      const { problems, sites } = parsed({ name: 'x.xlsx', bytes });
      expect(problems.total > 0 || sites.length > 0).toBe(true);
    });
  });
});

function compound(): Buffer {
  return Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);
}

/** A ZIP of one entry that declares any size. */
function zipOf(name: string, content: Buffer, declaredBytes: number): Buffer {
  const packed = deflateRawSync(content);
  const recordOf = (signature: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    bytes.writeUInt32LE(signature);
    return bytes;
  };
  const local = recordOf(0x04034b50, 30);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(declaredBytes, 22);
  local.writeUInt16LE(name.length, 26);
  const entry = recordOf(0x02014b50, 46);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(declaredBytes, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = recordOf(0x06054b50, 22);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}
