import type { CountryTexts } from './country-texts.ts';

export const countryRu: CountryTexts = {
  country: 'Все ППЭ',
  canvas:
    'Схема всех ППЭ: клетки по муниципалитетам. Стрелки ведут от ППЭ к ППЭ, Page Up и Page Down от муниципалитета к муниципалитету, Enter открывает ППЭ. То же числами в таблице рядом',
  sites: { one: 'площадка', few: 'площадки', many: 'площадок', other: 'площадки' },
  rooms: { one: 'аудитория', few: 'аудитории', many: 'аудиторий', other: 'аудитории' },
  cellIsRoom: 'клетка — аудитория',
  cellIsSite: 'клетка — ППЭ',
  noRoom: 'Схема сюда не помещается: увеличьте окно. Числа в таблице верны',
  table: 'Муниципалитеты, худшие сверху',
  municipality: 'Муниципалитет',
  total: 'всего',
  unnamed: 'вне реестра',
  page: (page, pages) => `страница ${page} из ${pages}`,
  previous: 'Предыдущие',
  next: 'Следующие',
};
