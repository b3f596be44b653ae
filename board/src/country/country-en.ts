import type { CountryTexts } from './country-texts.ts';

export const countryEn: CountryTexts = {
  country: 'All sites',
  canvas:
    'A map of all sites: cells by municipality. Arrows go from site to site, Page Up and Page Down from municipality to municipality, Enter opens the site. The table beside it says the same in numbers',
  sites: { one: 'site', few: 'sites', many: 'sites', other: 'sites' },
  rooms: { one: 'room', few: 'rooms', many: 'rooms', other: 'rooms' },
  cellIsRoom: 'a cell is a room',
  cellIsSite: 'a cell is a site',
  noRoom: 'The map does not fit here: make the window larger. The numbers in the table are right',
  table: 'Municipalities, worst first',
  municipality: 'Municipality',
  total: 'all',
  unnamed: 'not in the registry',
  page: (page, pages) => `page ${page} of ${pages}`,
  previous: 'Previous',
  next: 'Next',
};
