import { useWords, type Words } from '../text/texts.ts';

/** Words of the page of a municipality. */
export interface MunicipalityTexts {
  readonly unknown: (slug: string) => string;
  readonly unknownHint: string;
  readonly sites: string;
  readonly site: string;
  readonly state: string;
  readonly readiness: string;
  readonly rooms: string;
  readonly roomsHint: string;
  readonly notHeard: string;
  readonly current: string;
  readonly late: (count: string) => string;
  readonly unheard: (count: string) => string;
  readonly incidents: string;
  readonly phone: string;
  readonly counts: string;
  readonly stages: string;
  readonly openIncidents: string;
  readonly noIncidents: string;
  readonly ofCount: (part: string, all: string) => string;
  readonly nothingLeft: string;
}

const ru: MunicipalityTexts = {
  unknown: (slug) => `Муниципалитета «${slug}» в реестре нет`,
  unknownHint: 'Проверьте адрес страницы. Муниципалитеты перечислены в реестре',
  sites: 'Пункты',
  site: 'Пункт',
  state: 'Состояние',
  readiness: 'Готовность',
  rooms: 'Аудитории',
  roomsHint: 'не в порядке из всех',
  notHeard: 'Не слышно',
  current: 'Идёт этап',
  late: (count) => `опаздывают ${count}`,
  unheard: (count) => `неизвестно ${count}`,
  incidents: 'Инциденты',
  phone: 'Телефон Штаба',
  counts: 'Пункты по состоянию',
  stages: 'Этапы муниципалитета',
  openIncidents: 'Открытые инциденты',
  noIncidents: 'Открытых инцидентов нет',
  ofCount: (part, all) => `${part} из ${all}`,
  nothingLeft: 'все пройдены',
};

const en: MunicipalityTexts = {
  unknown: (slug) => `The registry has no municipality “${slug}”`,
  unknownHint: 'Check the address of the page. The registry lists all municipalities',
  sites: 'Sites',
  site: 'Site',
  state: 'State',
  readiness: 'Readiness',
  rooms: 'Rooms',
  roomsHint: 'not in order, of all',
  notHeard: 'Not heard',
  current: 'Stage now',
  late: (count) => `${count} late`,
  unheard: (count) => `${count} not known`,
  incidents: 'Incidents',
  phone: 'Phone of the HQ',
  counts: 'Sites by state',
  stages: 'Stages of the municipality',
  openIncidents: 'Open incidents',
  noIncidents: 'No open incidents',
  ofCount: (part, all) => `${part} of ${all}`,
  nothingLeft: 'all behind',
};

export interface MunicipalityWords extends Words {
  readonly own: MunicipalityTexts;
}

export function useMunicipalityWords(): MunicipalityWords {
  const words = useWords();
  return { ...words, own: words.language === 'ru' ? ru : en };
}
