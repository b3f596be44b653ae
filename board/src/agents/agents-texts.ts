import type { Mode } from '@ppe-pulse/protocol';
import { useWords, type Words } from '../text/texts.ts';
import type { AgentFilter } from './agent-answer.ts';

/** Words of the page of agents. */
export interface AgentsTexts {
  readonly title: string;
  readonly summary: (heard: string, total: string) => string;
  readonly versions: string;
  readonly newest: string;
  readonly noVersions: string;
  readonly allVersions: string;
  readonly show: string;
  readonly filters: Readonly<Record<AgentFilter, string>>;
  readonly search: string;
  readonly searchHint: string;
  readonly found: (count: string) => string;
  readonly nothing: string;
  readonly agent: string;
  readonly version: string;
  readonly journal: string;
  readonly dropped: (count: string) => string;
  readonly plan: string;
  readonly behind: string;
  readonly clock: string;
  readonly mode: string;
  readonly modes: Readonly<Record<Mode, string>>;
  readonly heard: string;
  readonly clones: (count: string) => string;
  readonly next: string;
  readonly first: string;
  readonly failed: string;
  readonly unplanned: (count: string) => string;
}

const ru: AgentsTexts = {
  title: 'Агенты',
  summary: (heard, total) => `подключённых на связи: ${heard} из ${total}`,
  versions: 'Версии',
  newest: 'новейшая',
  noVersions: 'Ни один агент ещё не назвал свою версию',
  allVersions: 'все версии',
  show: 'Показать',
  filters: {
    all: 'Все',
    lagging: 'Журнал отстаёт',
    planBehind: 'Старый план',
    oldVersion: 'Старая версия',
    clockOff: 'Часы сбиты',
    neverHeard: 'Не слышно ни разу',
    clones: 'Двойники',
    dropped: 'Терял записи',
  },
  search: 'Найти',
  searchHint: 'код ППЭ, 4216-0012 или id',
  found: (count) => `найдено ${count}`,
  nothing: 'Таких агентов нет',
  agent: 'Агент',
  version: 'Версия',
  journal: 'В журнале не передано',
  dropped: (count) => `потеряно ${count}`,
  plan: 'План',
  behind: 'не действующий',
  clock: 'Сдвиг часов',
  mode: 'Режим',
  modes: { prep: 'подготовка', quiet: 'тишина', off: 'выключен' },
  heard: 'Слышно',
  clones: (count) => `двойников ${count}`,
  next: 'Следующие',
  first: 'К началу',
  failed: 'Список не загрузился; повторяю',
  unplanned: (count) => `Вне реестра: ${count}. Принять их можно на странице «Апробация»`,
};

const en: AgentsTexts = {
  title: 'Agents',
  summary: (heard, total) => `${heard} of ${total} enrolled are heard`,
  versions: 'Versions',
  newest: 'newest',
  noVersions: 'No agent has told its version yet',
  allVersions: 'all versions',
  show: 'Show',
  filters: {
    all: 'All',
    lagging: 'Journal lags',
    planBehind: 'Old plan',
    oldVersion: 'Old version',
    clockOff: 'Clock off',
    neverHeard: 'Never heard',
    clones: 'Clones',
    dropped: 'Lost records',
  },
  search: 'Find',
  searchHint: 'site code, 4216-0012 or id',
  found: (count) => `${count} found`,
  nothing: 'There are no such agents',
  agent: 'Agent',
  version: 'Version',
  journal: 'Not delivered',
  dropped: (count) => `${count} lost`,
  plan: 'Plan',
  behind: 'not the live one',
  clock: 'Clock offset',
  mode: 'Mode',
  modes: { prep: 'preparation', quiet: 'quiet', off: 'off' },
  heard: 'Heard',
  clones: (count) => `${count} clones`,
  next: 'Next',
  first: 'To the start',
  failed: 'The list could not be loaded; trying again',
  unplanned: (count) => `Not in the registry: ${count}. Take them in on the page “Rehearsal”`,
};

export interface AgentsWords extends Words {
  readonly own: AgentsTexts;
}

export function useAgentsWords(): AgentsWords {
  const words = useWords();
  return { ...words, own: words.language === 'ru' ? ru : en };
}
