/** A column that an import understands: its header in the templates, and how else people call it. */
export interface ColumnWords {
  readonly ru: string;
  readonly en: string;
  readonly also: readonly string[];
}

/** Columns of sites, of rooms and of workstations; a flat table has all of them. */
export const columns = {
  siteCode: {
    ru: 'Код ППЭ',
    en: 'site code',
    also: ['ППЭ', 'Код', 'Код места', 'Номер ППЭ', 'site', 'code', 'ppe', 'ppe code'],
  },
  kind: { ru: 'Вид', en: 'kind', also: ['Тип', 'Вид места', 'Тип места', 'type', 'site kind'] },
  period: { ru: 'Период', en: 'period', also: ['Период экзаменов', 'Этап'] },
  commission: {
    ru: 'Вид комиссии',
    en: 'commission kind',
    also: ['Комиссия', 'Тип комиссии', 'commission'],
  },
  siteName: {
    ru: 'Наименование',
    en: 'name',
    also: ['Название', 'Наименование ППЭ', 'Название ППЭ', 'Организация', 'site name', 'title'],
  },
  municipality: {
    ru: 'Муниципалитет',
    en: 'municipality',
    also: ['Муниципальное образование', 'АТЕ', 'МОУО', 'Округ', 'Территория', 'district'],
  },
  address: { ru: 'Адрес', en: 'address', also: ['Адрес ППЭ', 'Адрес места', 'site address'] },
  timeZone: { ru: 'Часовой пояс', en: 'time zone', also: ['Зона', 'zone', 'tz'] },
  isRemote: {
    ru: 'ТОМ',
    en: 'remote',
    also: [
      'Труднодоступная местность',
      'Отдалённый',
      'Удалённый',
      'Труднодоступная и отдалённая местность',
      'is remote',
      'remote flag',
    ],
  },
  provider: {
    ru: 'Провайдер',
    en: 'provider',
    also: ['Оператор связи', 'Интернет-провайдер', 'isp'],
  },
  contractMbit: {
    ru: 'Скорость по договору, Мбит/с',
    en: 'contract speed, Mbit/s',
    also: ['Скорость', 'Скорость, Мбит/с', 'Скорость по договору', 'contract speed', 'speed'],
  },
  dutyPhone: {
    ru: 'Телефон Штаба',
    en: 'duty phone',
    also: ['Телефон', 'Телефон Штаба ППЭ', 'Телефон ППЭ', 'phone', 'hq phone'],
  },
  roomCode: {
    ru: 'Аудитория',
    en: 'room code',
    also: ['Код аудитории', 'Номер аудитории', 'Помещение', 'Код помещения', 'room'],
  },
  purposes: {
    ru: 'Назначение',
    en: 'purposes',
    also: ['Назначение аудитории', 'Тип аудитории', 'purpose', 'room purpose'],
  },
  seats: { ru: 'Мест', en: 'seats', also: ['Места', 'Количество мест', 'Число мест'] },
  cameras: { ru: 'Камер', en: 'cameras', also: ['Камеры', 'Количество камер', 'Число камер'] },
  role: {
    ru: 'Роль',
    en: 'role',
    also: ['Роль станции', 'Рабочее место', 'Станция', 'ПО', 'workstation', 'workstation role'],
  },
  duty: {
    ru: 'Основная или резервная',
    en: 'duty',
    also: ['Резерв', 'Основная/резервная', 'Вид станции', 'main or reserve'],
  },
  count: { ru: 'Количество', en: 'count', also: ['Кол-во', 'Число', 'Штук', 'quantity'] },
} as const satisfies Record<string, ColumnWords>;

/** The sheet of the template that explains the columns; nobody expects it to be read. */
export const EXPLANATION_SHEET = 'Пояснения';

export type ColumnId = keyof typeof columns;
export const columnIds = Object.keys(columns) as readonly ColumnId[];

export const siteColumns = [
  'kind',
  'period',
  'commission',
  'siteName',
  'municipality',
  'address',
  'timeZone',
  'isRemote',
  'provider',
  'contractMbit',
  'dutyPhone',
] as const satisfies readonly ColumnId[];
export const roomColumns = ['purposes', 'seats', 'cameras'] as const satisfies readonly ColumnId[];

const byWord = new Map<string, ColumnId>(
  columnIds.flatMap((id) => {
    const { ru, en, also } = columns[id];
    return [id, ru, en, ...also].map((word): [string, ColumnId] => [plain(word), id]);
  }),
);

/** All spellings, for a suggestion. */
export const columnHeaders: readonly string[] = columnIds.flatMap((id) => [
  columns[id].ru,
  columns[id].en,
]);

/** What a header means, whatever its case, spaces, signs and ё. */
export function columnOf(header: string): ColumnId | undefined {
  return byWord.get(plain(header));
}

/** Letters and digits only, small, е for ё. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}
