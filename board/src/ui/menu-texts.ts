import { landingOf } from '../session/landing.ts';
import { useSession } from '../session/use-session.ts';
import type { KnownSession } from '../session/session-source.ts';
import type { Role } from '../session/session.ts';
import { useWords } from '../text/texts.ts';

/** The pages that the menu leads to, in its order. */
export const menuPages = [
  'wall',
  'incidents',
  'rehearsal',
  'plan',
  'registry',
  'agents',
  'enrolment',
  'alerts',
  'replay',
  'display',
  'access',
  'account',
] as const;
export type MenuPage = (typeof menuPages)[number];

/** Pages that hold something for a role that may not see all of them. */
const pagesOf: Readonly<Record<Exclude<Role, 'admin'>, readonly MenuPage[]>> = {
  operator: menuPages.filter((page) => page !== 'access'),
  municipal: ['wall', 'incidents', 'rehearsal', 'agents', 'display', 'account'],
  ppe: ['wall', 'incidents', 'rehearsal', 'agents', 'display', 'account'],
  wall: ['wall', 'incidents', 'rehearsal', 'replay', 'display', 'account'],
};

/** The pages of the menu for whoever looks; all of them before it is known who. Pure. */
export function menuOf(session: KnownSession): readonly MenuPage[] {
  return session && session.role !== 'admin' ? pagesOf[session.role] : menuPages;
}

/** One line of the menu. */
export interface MenuItem {
  readonly href: string;
  readonly text: string;
}

/** Words of the menu. */
interface MenuTexts {
  readonly menu: string;
  readonly pages: Readonly<Record<MenuPage, string>>;
  readonly ownSite: string;
  readonly ownMunicipality: string;
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
    enrolment: 'Подключение ПК',
    alerts: 'Оповещения',
    replay: 'Повтор',
    display: 'Экран',
    access: 'Доступ',
    account: 'Моя запись',
  },
  ownSite: 'Мой ППЭ',
  ownMunicipality: 'Мой муниципалитет',
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
    enrolment: 'Enrolment',
    alerts: 'Alerts',
    replay: 'Replay',
    display: 'Display',
    access: 'Access',
    account: 'My account',
  },
  ownSite: 'My site',
  ownMunicipality: 'My municipality',
};

export function useMenuTexts(): MenuTexts {
  return useWords().language === 'ru' ? ru : en;
}

/** The menu of whoever looks: one's own place comes after the board. */
export function useMenuItems(): readonly MenuItem[] {
  const { pages, ownSite, ownMunicipality } = useMenuTexts();
  const session = useSession();
  const own = session ? landingOf(session) : '/';
  const text = session?.role === 'ppe' ? ownSite : ownMunicipality;
  const items = menuOf(session).map((page) => ({ href: addressOf(page), text: pages[page] }));
  return own === '/' ? items : [...items.slice(0, 1), { href: own, text }, ...items.slice(1)];
}

function addressOf(page: MenuPage): string {
  return page === 'wall' ? '/' : `/${page}`;
}
