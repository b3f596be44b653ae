import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleRegion } from '../../server/src/region/sample-region.ts';
import { fuzzSeed } from '../support/fuzz.ts';
import {
  csv,
  csvFile,
  csvFiles,
  encoded,
  encodings,
  sitesOf,
  tablesOf,
  workbook,
  type Table,
} from '../support/region-files.ts';

const region = sampleRegion({ ppe: 6, seed: 3 });
const separators = [';', ',', '\t'] as const;

/** The same table with its rows and its columns in another order. */
function shuffled([headers, ...rows]: Table, order: (length: number) => number[]): Table {
  const columns = order(headers?.length ?? 0);
  const arrange = (row: readonly string[]): string[] => columns.map((at) => row[at] ?? '');
  return [arrange(headers ?? []), ...order(rows.length).map((at) => arrange(rows[at] ?? []))];
}

describe('a region written out and read in', () => {
  it('is the same from CSV and from a workbook', () => {
    expect(sitesOf(...csvFiles(region))).toEqual(region.sites);
    expect(sitesOf(workbook(region))).toEqual(region.sites);
  });

  it('is the same in any order of files, rows and columns, any encoding and any separator', () => {
    const seed = fuzzSeed('region round trip');
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(...encodings),
        fc.constantFrom(...separators),
        fc.boolean(),
        (salt, encoding, separator, isReversed) => {
          const order = (length: number): number[] => permutation(length, salt);
          const files = Object.entries(tablesOf(region)).map(([name, table]) => ({
            name: `${name}.csv`,
            bytes: encoded(csv(shuffled(table, order), separator), encoding),
          }));
          const sites = sitesOf(...(isReversed ? files.toReversed() : files));
          expect(sites).toEqual(region.sites);
        },
      ),
      { seed, numRuns: 60 },
    );
  });

  it('is the same from one flat table with the columns of the site in each row', () => {
    const { sites, rooms, workstations } = tablesOf(region);
    const siteRows = new Map(sites.map((row) => [row[0], row]));
    const roomRows = new Map(rooms.map((row) => [`${row[0]} ${row[1]}`, row]));
    const flat = workstations.map((row, at) => {
      const site = siteRows.get(row[0]) ?? [];
      const room = roomRows.get(`${row[0]} ${row[1]}`) ?? [];
      // Columns that say the same again may be left empty.
      const rest = at > 0 && at % 3 === 0 ? site.slice(1).map(() => '') : site.slice(1);
      return [...row, ...room.slice(2), ...rest];
    });
    const [headers = [], ...rows] = flat;
    const withFirst = [headers, ...rows.toSorted((a, b) => (a.join() < b.join() ? -1 : 1))];
    expect(sitesOf(csvFile(csv(withFirst)))).toEqual(region.sites);
  });

  it('takes English headers and words, any case, ё for е and a title above', () => {
    const [site] = sitesOf(
      csvFile(
        'Список площадок\n\nSITE CODE,Name,Municipality,KIND,period,Remote,contract speed\n' +
          '0012,"School, 12",киселЕвский го,PPE,Early,yes,"50,5"\n',
        'sites.csv',
      ),
      csvFile('ППЭ;аудитория;РОЛЬ;резерв;кол-во\n0012;0001;Станция организатора;;2\n'),
    );
    expect(site).toMatchObject({
      code: '0012',
      name: 'School, 12',
      municipality: 'kiselevsk',
      period: 'early',
      isRemote: true,
      contractBytesPerSecond: 6_312_500,
    });
    expect(site?.rooms[0]?.workstations.map(({ id }) => id)).toEqual([
      '0012-0001-organizer-main-1',
      '0012-0001-organizer-main-2',
    ]);
  });

  it('counts a workstation a row and several in one row alike', () => {
    const sites = csvFile('Код;Наименование;Муниципалитет;Период\n12;Ш;yurga;main\n', 'sites.csv');
    const head = 'Код ППЭ;Аудитория;Роль;Количество\n';
    const oneByOne = csvFile(`${head}0012;0001;КЕГЭ;\n0012;0001;КЕГЭ;1\n0012;0001;kege;\n`);
    expect(sitesOf(sites, csvFile(`${head}0012;0001;КЕГЭ;3\n`))).toEqual(sitesOf(sites, oneByOne));
  });
});

function permutation(length: number, salt: number): number[] {
  const key = (at: number): number => Math.imul((at + 1) ^ salt, 0x9e3779b1) >>> 0;
  return Array.from({ length }, (_, at) => at).sort((a, b) => key(a) - key(b) || a - b);
}
