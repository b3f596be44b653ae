import type { Region, Site } from '@ppe-pulse/protocol';
import type { ImportFile } from '../../server/src/region/raw-table.ts';
import { parseRegion, type ParsedRegion } from '../../server/src/region/parse-region.ts';
import { kuzbassMunicipalities } from '../../server/src/region/kuzbass-municipalities.ts';
import { writeXlsx } from '../../server/src/region/write-xlsx.ts';

/** A table as rows of texts, its headers first. */
export type Table = readonly (readonly string[])[];

/** The three tables of a region, as its people would fill them in. */
export function tablesOf({ sites }: Pick<Region, 'sites'>): {
  readonly sites: Table;
  readonly rooms: Table;
  readonly workstations: Table;
} {
  const rooms = sites.flatMap((site) => site.rooms.map((room) => ({ site, room })));
  return {
    sites: [siteHeaders, ...sites.map(siteRow)],
    rooms: [
      ['Код ППЭ', 'Аудитория', 'Назначение', 'Мест', 'Камер'],
      ...rooms.map(({ site, room }) => [
        site.code,
        room.code,
        room.purposes.join(', '),
        room.seats === null ? '' : String(room.seats),
        String(room.cameras),
      ]),
    ],
    workstations: [
      ['Код ППЭ', 'Аудитория', 'Роль', 'Основная или резервная'],
      ...rooms.flatMap(({ site, room }) =>
        room.workstations.map(({ role, duty }) => [site.code, room.code, role, duty]),
      ),
    ],
  };
}

const siteHeaders = [
  'Код ППЭ',
  'Вид',
  'Период',
  'Вид комиссии',
  'Наименование',
  'Муниципалитет',
  'Адрес',
  'Часовой пояс',
  'ТОМ',
  'Провайдер',
  'Скорость по договору, Мбит/с',
  'Телефон Штаба',
];

function siteRow(site: Site): string[] {
  const speed = site.contractBytesPerSecond;
  return [
    site.code,
    site.kind,
    site.period ?? '',
    site.commission ?? '',
    site.name,
    site.municipality,
    site.address,
    site.timeZone ?? '',
    site.isRemote ? 'да' : 'нет',
    site.provider ?? '',
    speed === null ? '' : String((speed * 8) / 1_000_000),
    site.dutyPhone ?? '',
  ];
}

/** CSV text, quoted where it must be. */
export function csv(table: Table, separator = ';'): string {
  const cell = (text: string): string =>
    /["\r\n,;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return `${table.map((row) => row.map(cell).join(separator)).join('\r\n')}\r\n`;
}

export const encodings = ['utf-8', 'utf-8 with a mark', 'windows-1251', 'utf-16'] as const;

/** Text as bytes of an encoding that spreadsheets write. */
export function encoded(text: string, encoding: (typeof encodings)[number]): Uint8Array {
  if (encoding === 'utf-16') return Buffer.from(`\uFEFF${text}`, 'utf16le');
  if (encoding === 'utf-8 with a mark') return Buffer.from(`\uFEFF${text}`);
  return encoding === 'utf-8' ? Buffer.from(text) : windows1251(text);
}

/** Node decodes Windows-1251 and does not write it. */
function windows1251(text: string): Uint8Array {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const decoded = new TextDecoder('windows-1251').decode(all).split('');
  const byCharacter = new Map(decoded.map((character, byte) => [character, byte]));
  return Uint8Array.from(text.split(''), (character) => {
    const byte = byCharacter.get(character);
    if (byte === undefined) throw new Error(`${character} is not in Windows-1251`);
    return byte;
  });
}

/** A file of texts. */
export function csvFile(text: string, name = 'region.csv'): ImportFile {
  return { name, bytes: Buffer.from(text) };
}

/** The three tables as files. */
export function csvFiles(region: Pick<Region, 'sites'>): ImportFile[] {
  return Object.entries(tablesOf(region)).map(([name, table]) =>
    csvFile(csv(table), `${name}.csv`),
  );
}

/** The three tables as sheets of one workbook. */
export function workbook(region: Pick<Region, 'sites'>): ImportFile {
  const sheets = Object.entries(tablesOf(region)).map(([title, rows]) => ({ title, rows }));
  return { name: 'region.xlsx', bytes: writeXlsx(sheets) };
}

/** Parses as an import into the empty region of Kuzbass does. */
export function parsed(...files: readonly ImportFile[]): ParsedRegion {
  return parseRegion(files, kuzbassMunicipalities);
}

/** Parses files that must be good. */
export function sitesOf(...files: readonly ImportFile[]): readonly Site[] {
  const { sites, problems } = parsed(...files);
  if (problems.total > 0) throw new Error(JSON.stringify(problems.listed, null, 1));
  return sites;
}

/** Code and cell of each problem: `badRole D5`. */
export function problemsOf(...files: readonly ImportFile[]): string[] {
  return parsed(...files).problems.listed.map(({ code, cell, row }) =>
    `${code} ${cell ?? row ?? ''}`.trim(),
  );
}
