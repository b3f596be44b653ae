import { columns, EXPLANATION_SHEET, roomColumns, siteColumns, type ColumnId } from './columns.ts';
import { writeXlsx } from './write-xlsx.ts';

/** A table of the templates, by the name of its file. */
export const templateTables = ['sites', 'rooms', 'workstations', 'flat'] as const;
export type TemplateTable = (typeof templateTables)[number];

const roomsOf: readonly ColumnId[] = ['siteCode', 'roomCode', ...roomColumns];
const workstationsOf: readonly ColumnId[] = ['siteCode', 'roomCode', 'role', 'duty', 'count'];
const columnsOf: Readonly<Record<TemplateTable, readonly ColumnId[]>> = {
  sites: ['siteCode', ...siteColumns],
  rooms: roomsOf,
  workstations: workstationsOf,
  flat: ['siteCode', ...siteColumns, 'roomCode', ...roomColumns, 'role', 'duty', 'count'],
};
const sheetTitles: Readonly<Record<Exclude<TemplateTable, 'flat'>, string>> = {
  sites: 'Площадки',
  rooms: 'Аудитории',
  workstations: 'Рабочие места',
};

/** An example of each column, invented. */
const example: Readonly<Record<ColumnId, string>> = {
  siteCode: '0012',
  kind: 'ППЭ',
  period: 'основной',
  commission: '',
  siteName: 'Школа № 12 (пример)',
  municipality: 'Кемерово',
  address: 'ул. Примерная, 1',
  timeZone: '',
  isRemote: 'нет',
  provider: 'Связь-1',
  contractMbit: '100',
  dutyPhone: '+7 384 555-01-12',
  roomCode: '0001',
  purposes: 'письменная',
  seats: '15',
  cameras: '2',
  role: 'организатор',
  duty: 'основная',
  count: '1',
};

/** What may stand in each column, as the explanation says it. */
export const explanations: Readonly<Record<ColumnId, string>> = {
  siteCode: 'четыре цифры с нулями впереди; формат ячейки — текстовый',
  kind: 'ППЭ, РЦОИ или комиссия; пусто — ППЭ',
  period: 'досрочный или основной; только для ППЭ',
  commission: 'предметная или апелляционная; только для комиссии',
  siteName: 'название места, не имя человека',
  municipality:
    'название или код муниципалитета; если так называются двое — с видом: «Беловский ГО», «Беловский МО»',
  address: 'по желанию',
  timeZone: 'по желанию, например Asia/Novokuznetsk; пусто — пояс региона',
  isRemote: 'да или нет: труднодоступная и отдалённая местность',
  provider: 'по желанию',
  contractMbit: 'число, Мбит/с',
  dutyPhone: 'телефон Штаба ППЭ, не личный',
  roomCode: 'четыре цифры; 7777 — Штаб',
  purposes: 'письменная, КЕГЭ, говорение, штаб, видео; можно несколько через запятую',
  seats: 'мест для участников',
  cameras: 'камер в аудитории; пусто — 2',
  role: 'штаб, организатор, печать, сканирование, КЕГЭ, говорение, видео, РЦОИ',
  duty: 'основная или резервная; пусто — основная',
  count: 'сколько таких станций в аудитории; пусто — одна',
};

/** A CSV that spreadsheets open as it is: UTF-8 with its mark, `;` between, an example to replace. */
export function csvTemplate(table: TemplateTable): string {
  const ids = columnsOf[table];
  const lines = [
    '# Замените строку примера своими. Строки, которые начинаются с #, не читаются.',
    ...ids.map((id) => `# ${columns[id].ru}: ${explanations[id]}`),
  ].map((line) => `"${line.replaceAll('"', '""')}"`);
  const rows = [ids.map((id) => columns[id].ru), ids.map((id) => example[id])];
  const text = [...lines, ...rows.map((row) => row.join(';'))].join('\r\n');
  return `\uFEFF${text}\r\n`;
}

/** A workbook with a sheet for each table and one that explains them. */
export function xlsxTemplate(): Uint8Array {
  const tables = (['sites', 'rooms', 'workstations'] as const).map((table) => ({
    title: sheetTitles[table],
    rows: [columnsOf[table].map((id) => columns[id].ru), columnsOf[table].map((id) => example[id])],
  }));
  const rows = (Object.keys(explanations) as ColumnId[]).map((id) => [
    `${columns[id].ru}:`,
    explanations[id],
    `(${columns[id].en})`,
  ]);
  const intro = [['Пояснения. Строку примера замените своими; никаких имён и личных данных.'], []];
  return writeXlsx([...tables, { title: EXPLANATION_SHEET, rows: [...intro, ...rows] }]);
}
