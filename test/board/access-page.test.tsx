// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accessRu as ru } from '../../board/src/access/access-ru.ts';
import { incidentPageRu } from '../../board/src/incidents/incident-page-ru.ts';
import {
  fakeApi,
  incidentOf,
  openBoardAs,
  siteOf,
  snapshotOf,
  type ApiReply,
  type AskedApi,
} from '../support/board-page.ts';

const session = { totp: 'off', mustSetPassword: false, hasPassword: true, oidc: false };
const admin = { account: 'admin', role: 'admin', ...session };
const accounts = [
  {
    account: 'admin',
    role: 'admin',
    disabled: false,
    totp: 'on',
    hasPassword: true,
    sessions: 1,
    lastSignInAt: '2024-05-15T02:00:00Z',
  },
  {
    account: 'mouo',
    role: 'municipal',
    municipality: 'kemerovo',
    disabled: false,
    totp: 'off',
    hasPassword: true,
    sessions: 22,
  },
  {
    account: 'ppe4216',
    role: 'ppe',
    siteCode: '4216',
    disabled: true,
    totp: 'off',
    hasPassword: false,
    sessions: 0,
  },
];
const displays = [
  {
    id: 'd-2',
    name: 'Зал, левый',
    createdAt: '2024-05-14T02:00:00Z',
    createdBy: 'admin',
    expiresAt: '2024-05-16T17:00:00Z',
    state: 'waiting',
    view: '/?density=hall',
  },
  {
    id: 'd-1',
    name: 'Старый',
    createdAt: '2024-05-01T02:00:00Z',
    createdBy: 'admin',
    expiresAt: '2024-05-02T17:00:00Z',
    lastSeenAt: '2024-05-02T16:00:00Z',
    state: 'expired',
    view: '/ppe/4216',
  },
];
const region = snapshotOf({
  municipalities: [
    { slug: 'kemerovo', name: 'Кемеровский', kind: 'ГО', tile: null },
    { slug: 'yurga', name: 'Юргинский', kind: '', tile: null },
  ],
});

function served(who: object, answer: (asked: AskedApi) => ApiReply | undefined = () => undefined) {
  return fakeApi((asked) => {
    const { method, path } = asked;
    if (method !== 'GET') return answer(asked) ?? {};
    if (path === '/api/v1/session') return who;
    if (path === '/api/v1/accounts') return { items: accounts };
    if (path === '/api/v1/displays') return { items: displays };
    if (/^\/api\/v1\/(?:sites\/|forecasts)/.test(path)) return { status: 404, body: {} };
    return undefined;
  });
}
const sent = (asked: readonly AskedApi[]): [string, string, object][] =>
  asked
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path, body }) => [method, path, body]);
const press = (name: string | RegExp): Promise<boolean> =>
  act(async () => fireEvent.click(screen.getByRole('button', { name }), { detail: 1 }));
const type = (label: string, value: string): void => {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
};

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('accounts', () => {
  it('say what each may see, whether somebody is in, and how it signs in', async () => {
    served(admin);
    openBoardAs('/access', region);
    const row = async (name: string): Promise<string> =>
      (await screen.findByTestId(`account-${name}`)).textContent ?? '';
    expect(await row('admin')).toContain('действует · 1 вход открыт · вход с кодом');
    expect(await row('mouo')).toContain('Кемеровский');
    expect(await row('mouo')).toContain('22 входа открыто');
    expect(await row('ppe4216')).toContain('ППЭ 4216');
    expect(await row('ppe4216')).toContain(ru.disabled);
    expect(await row('ppe4216')).toContain(ru.never);
    const own = within(screen.getByTestId('account-admin'));
    expect(own.queryByRole('button', { name: /Удалить/ })).toBeNull();
  });

  it('are added with a place that the role needs; the link is shown once and copied', async () => {
    const written: string[] = [];
    vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async (text) => {
      written.push(text);
    });
    const asked = served(admin, () => ({ account: 'mouo2', path: '/sign-in/abc' }));
    openBoardAs('/access', region);
    await screen.findByTestId('account-admin');
    await press(ru.add);
    type(ru.account, 'MOUO2');
    type(ru.role, 'municipal');
    type(ru.municipality, 'yurga');
    const form = screen.getByTestId('account-form');
    await act(async () => {
      fireEvent.submit(form);
      fireEvent.submit(form);
    });
    expect(sent(asked)).toEqual([
      ['POST', '/api/v1/accounts', { account: 'mouo2', role: 'municipal', municipality: 'yurga' }],
    ]);
    const link = within(await screen.findByTestId('one-time-link'));
    const address = `${location.origin}/sign-in/abc`;
    expect(link.getByRole('textbox').getAttribute('value')).toBe(address);
    expect(screen.getByTestId('one-time-link').hasAttribute('data-unsaved')).toBe(true);
    await press(ru.link.copy);
    expect(written).toEqual([address]);
    await link.findByText(ru.link.copied);
    await press(ru.link.done);
    await press(ru.link.doneReally);
    expect(screen.queryByTestId('one-time-link')).toBeNull();
  });

  it('are changed, let in anew and deleted, the last two at a second thought', async () => {
    const asked = served(admin, ({ path }) =>
      path.endsWith('/links') ? { path: '/sign-in/new', expiresInMs: 86_400_000 } : {},
    );
    openBoardAs('/access', region);
    await screen.findByTestId('account-mouo');
    await press(`${ru.edit} mouo`);
    type(ru.role, 'ppe');
    type(ru.site, '4216');
    fireEvent.click(screen.getByRole('checkbox'));
    await act(async () => fireEvent.submit(screen.getByTestId('account-form')));
    await press(`${ru.newLink} mouo`);
    await press(`${ru.newLinkReally} mouo`);
    await screen.findByText(ru.link.ofAccount('mouo'));
    await press(`${ru.remove} mouo`);
    await press(`${ru.removeReally} mouo`);
    expect(sent(asked)).toEqual([
      ['PUT', '/api/v1/accounts/mouo', { role: 'ppe', siteCode: '4216', disabled: true }],
      ['POST', '/api/v1/accounts/mouo/links', {}],
      ['DELETE', '/api/v1/accounts/mouo', {}],
    ]);
  });

  it('tell why one was not added, in the language of the page', async () => {
    served(admin, () => ({
      status: 409,
      body: { type: 'urn:ppe-pulse:problem:accountExists', detail: 'mouo: there is' },
    }));
    openBoardAs('/access', region);
    await screen.findByTestId('account-admin');
    await press(ru.add);
    type(ru.account, 'mouo');
    await act(async () => fireEvent.submit(screen.getByTestId('account-form')));
    expect((await screen.findByRole('alert')).textContent).toBe('Такая учётная запись уже есть');
    expect(screen.getByTestId('account-form')).toBeTruthy();
  });
});

describe('screens', () => {
  it('are listed with what they show, and made with an end in the time of the region', async () => {
    const asked = served(admin, () => ({ id: 'd-3', path: '/wall-link/abc' }));
    openBoardAs('/access', region);
    const waiting = await screen.findByTestId('display-d-2');
    expect(waiting.textContent).toContain(ru.displayStates.waiting);
    expect(waiting.textContent).toContain(ru.views.hall);
    expect(waiting.textContent).toContain('17.05.2024, 00:00');
    const over = screen.getByTestId('display-d-1');
    expect(over.textContent).toContain(ru.otherView);
    expect(within(over).queryByRole('button')).toBeNull();
    await press(ru.addDisplay);
    type(ru.name, ' Коридор ');
    expect(screen.getByLabelText(ru.until).getAttribute('value')).toBe('2024-05-22');
    type(ru.until, '2024-05-15');
    type(ru.view, 'incidents');
    await act(async () => fireEvent.submit(screen.getByTestId('display-form')));
    await press(`${ru.revoke} Зал, левый`);
    await press(`${ru.revokeReally} Зал, левый`);
    expect(sent(asked)).toEqual([
      [
        'POST',
        '/api/v1/displays',
        { name: 'Коридор', expiresAt: '2024-05-16T00:00:00+07:00', view: '/incidents' },
      ],
      ['DELETE', '/api/v1/displays/d-2', {}],
    ]);
    expect(screen.getByText(ru.link.ofDisplay('Коридор'))).toBeTruthy();
  });
});

describe('a board for a role', () => {
  const names = (): (string | null)[] =>
    within(screen.getByRole('navigation', { name: 'Страницы' }))
      .getAllByRole('link')
      .map(({ textContent }) => textContent);

  it('has no way to the accounts for an operator, and says whose they are', async () => {
    const asked = served({ account: 'operator2', role: 'operator', ...session });
    openBoardAs('/access', region);
    await screen.findByText(ru.notYours);
    expect(names()).not.toContain(ru.title);
    expect(names()).toContain('Подключение ПК');
    expect(asked.map(({ path }) => path)).not.toContain('/api/v1/displays');
  });

  it('says whose part is shown, and leads to it: a ППЭ', async () => {
    served({ account: 'ppe4216', role: 'ppe', siteCode: '4216', ...session });
    openBoardAs('/', region);
    await waitFor(() => expect(location.pathname).toBe('/ppe/4216'));
    expect((await screen.findByTestId('scope')).textContent).toBe('Только ППЭ 4216');
    await waitFor(() =>
      expect(names()).toEqual([
        'Табло',
        'Мой ППЭ',
        'Инциденты',
        'Апробация',
        'Агенты',
        'Экран',
        'Моя запись',
      ]),
    );
    fireEvent.click(screen.getByRole('link', { name: 'Табло' }));
    await screen.findByTestId('tile-4216');
    expect((await screen.findByTestId('scope')).textContent).toBe('Только ППЭ 4216');
    expect(location.pathname).toBe('/');
  });

  it('says whose part is shown, and leads to it: a municipality', async () => {
    served({ account: 'mouo', role: 'municipal', municipality: 'kemerovo', ...session });
    openBoardAs('/', region);
    await waitFor(() => expect(location.pathname).toBe('/municipalities/kemerovo'));
    expect((await screen.findByTestId('scope')).textContent).toBe('Муниципалитет: Кемеровский');
  });

  it('has nothing on a screen that changes anything', async () => {
    served({ account: 'wall:d-1', role: 'wall', display: 'Зал', ...session });
    openBoardAs('/incidents', snapshotOf({ incidents: [incidentOf(1)], sites: [siteOf('4216')] }));
    const incident = within(await screen.findByTestId('incident-i-1'));
    await waitFor(() => expect(incident.queryByRole('button')).toBeNull());
    expect(screen.queryByTestId('handover-form')).toBeNull();
    expect(names()).not.toContain('План');
    expect(screen.queryByText(incidentPageRu.handover)).toBeNull();
  });

  it('keeps its buttons for who may act', async () => {
    served({ account: 'operator2', role: 'operator', ...session });
    openBoardAs('/incidents', snapshotOf({ incidents: [incidentOf(1)] }));
    await screen.findByTestId('handover-form');
    const incident = within(screen.getByTestId('incident-i-1'));
    expect(incident.getByRole('button').textContent).toBe(incidentPageRu.take);
  });
});
