import { useWords } from '../text/texts.ts';

/** The pages that the menu leads to, in its order. */
export const menuPages = [
  'wall',
  'incidents',
  'rehearsal',
  'plan',
  'registry',
  'agents',
  'alerts',
  'replay',
  'display',
] as const;
export type MenuPage = (typeof menuPages)[number];

/** Words of the menu. */
export interface MenuTexts {
  readonly menu: string;
  readonly pages: Readonly<Record<MenuPage, string>>;
}

const ru: MenuTexts = {
  menu: 'Страницы',
  pages: {
    wall: 'Табло',
    incidents: 'Инциденты',
    rehearsal: 'Апробация',
    plan: 'План',
    registry: 'Реестр',
    agents: 'Агенты',
    alerts: 'Оповещения',
    replay: 'Повтор',
    display: 'Экран',
  },
};

const en: MenuTexts = {
  menu: 'Pages',
  pages: {
    wall: 'Board',
    incidents: 'Incidents',
    rehearsal: 'Rehearsal',
    plan: 'Plan',
    registry: 'Registry',
    agents: 'Agents',
    alerts: 'Alerts',
    replay: 'Replay',
    display: 'Display',
  },
};

export function useMenuTexts(): MenuTexts {
  return useWords().language === 'ru' ? ru : en;
}
