// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accessRefusals } from '../../board/src/access/access-refusals.ts';
import { accountRu } from '../../board/src/account/account-ru.ts';
import { signInRu as ru } from '../../board/src/sign-in/sign-in-ru.ts';
import {
  fakeApi,
  openBoardAs,
  snapshotOf,
  type ApiReply,
  type AskedApi,
} from '../support/board-page.ts';

const SESSION = '/api/v1/session';
const problem = (status: number, kind: string): ApiReply => ({
  status,
  body: { type: `urn:ppe-pulse:problem:${kind}`, detail: 'in English' },
});
const nobody = problem(401, 'notSignedIn');
const operator = {
  account: 'operator2',
  role: 'operator',
  mustSetPassword: false,
  hasPassword: true,
  totp: 'off',
  oidc: false,
};

/** The collector's side: who is here, and what it answers to a change. */
function served(session: ApiReply, ways: object = { oidc: false }) {
  const state = { session, answer: {} as ApiReply };
  const asked = fakeApi(({ method, path }) => {
    if (method === 'GET' && path === SESSION) return state.session;
    if (method === 'GET' && path === '/api/v1/sign-in') return ways;
    return method === 'GET' ? undefined : state.answer;
  });
  const assigned = vi.spyOn(window.location, 'assign').mockImplementation(() => undefined);
  return { asked, state, assigned };
}
const sent = (asked: readonly AskedApi[]): AskedApi[] =>
  asked.filter(({ method }) => method !== 'GET');
const type = (label: string, value: string): void => {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
};
const submit = (testId: string): Promise<boolean> =>
  act(async () => fireEvent.submit(screen.getByTestId(testId)));
const sentence = (token: string): string => accessRefusals.ru[token] ?? 'missing';

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('signing in', () => {
  it('says what is wrong, asks for a code when it is needed, and goes on to the page that asked', async () => {
    const { asked, state, assigned } = served(nobody);
    openBoardAs('/sign-in?from=%2Fincidents');
    await screen.findByTestId('sign-in-form');
    type(ru.account, ' Operator2 ');
    type(ru.password, 'wrong');
    state.answer = problem(401, 'wrongCredentials');
    await submit('sign-in-form');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent?.toLowerCase()).toBe(sentence('wrongCredentials').toLowerCase());

    type(ru.password, 'four words of it');
    state.answer = problem(401, 'codeNeeded');
    await submit('sign-in-form');
    const code = await screen.findByLabelText(ru.code);
    expect(document.activeElement).toBe(code);
    expect(screen.queryByRole('alert')).toBeNull();
    type(ru.code, ' 12 34-56 ');
    state.answer = problem(401, 'wrongCode');
    await submit('sign-in-form');
    expect((await screen.findByRole('alert')).textContent).toMatch(/^Код не подошёл/);

    type(ru.code, '654321');
    state.answer = operator;
    state.session = operator;
    await submit('sign-in-form');
    await waitFor(() => expect(assigned).toHaveBeenCalledWith('/incidents'));
    expect(sent(asked).map(({ body }) => body)).toEqual([
      { account: 'operator2', password: 'wrong' },
      { account: 'operator2', password: 'four words of it' },
      { account: 'operator2', password: 'four words of it', code: '123456' },
      { account: 'operator2', password: 'four words of it', code: '654321' },
    ]);
  });

  it('says when to try again, and does not try before', async () => {
    const { asked } = served(nobody);
    const answered = globalThis.fetch;
    vi.stubGlobal('fetch', async (url: string, request: RequestInit = {}) => {
      await answered(url, request);
      if (request.method !== 'POST') return new Response(JSON.stringify({ oidc: false }));
      const body = { type: 'urn:ppe-pulse:problem:tooManyTries', detail: '' };
      return new Response(JSON.stringify(body), { status: 429, headers: { 'retry-after': '45' } });
    });
    openBoardAs('/sign-in');
    await screen.findByTestId('sign-in-form');
    type(ru.account, 'operator2');
    type(ru.password, 'wrong');
    await submit('sign-in-form');
    expect(await screen.findByText(ru.left('45'))).toBeTruthy();
    expect(screen.getByRole('button', { name: ru.signIn }).hasAttribute('disabled')).toBe(true);
    expect(screen.getByText(/^Следующая попытка — в \d\d:\d\d:\d\d$/)).toBeTruthy();
    await submit('sign-in-form');
    expect(sent(asked)).toHaveLength(1);
  });

  it('offers the other way by the name that the installation gives it, and says that it was refused', async () => {
    served(nobody, { oidc: true, oidcLabel: 'Войти через портал' });
    openBoardAs('/sign-in?refused=oidc');
    const way = await screen.findByRole('link', { name: 'Войти через портал' });
    expect(way.getAttribute('href')).toBe('/oidc/start');
    expect(screen.getByRole('alert').textContent).toMatch(/^Внешняя система вас не подтвердила/);
  });

  it('asks whoever a one-time link let in for a password, typed twice and long enough', async () => {
    const fresh = { ...operator, mustSetPassword: true, hasPassword: false };
    const { asked, state, assigned } = served(fresh);
    openBoardAs('/sign-in');
    await screen.findByText(ru.setPasswordWhy('operator2'));
    expect(screen.queryByLabelText(ru.current)).toBeNull();
    const save = screen.getByRole('button', { name: ru.save });
    type(ru.next, 'short');
    expect(screen.getByText(ru.tooShort('7'))).toBeTruthy();
    type(ru.next, 'four words of it');
    type(ru.again, 'four words of iT');
    expect(screen.getByText(ru.notSame)).toBeTruthy();
    expect(save.hasAttribute('disabled')).toBe(true);
    await submit('password-form');
    expect(sent(asked)).toEqual([]);
    type(ru.again, 'four words of it');
    state.answer = operator;
    state.session = operator;
    await submit('password-form');
    await waitFor(() => expect(assigned).toHaveBeenCalledWith('/'));
    expect(sent(asked)).toEqual([
      { method: 'PUT', path: '/api/v1/session/password', body: { next: 'four words of it' } },
    ]);
  });

  it('asks an administrator for a second factor where it is a must: a key as a picture and as text', async () => {
    const { asked, state, assigned } = served({ ...operator, role: 'admin', totp: 'needed' });
    openBoardAs('/sign-in');
    await screen.findByText(ru.totpNeeded);
    state.answer = {
      secret: 'ABCDEFGH234567IJ',
      uri: 'otpauth://totp/ppe:admin?secret=ABCDEFGH234567IJ',
    };
    await act(async () => fireEvent.click(screen.getByRole('button', { name: ru.totpBegin })));
    expect(screen.getByTestId('totp-secret').textContent).toBe('ABCD EFGH 2345 67IJ');
    const picture = await screen.findByRole('img', { name: ru.totpQr });
    expect(picture.querySelector('path')?.getAttribute('d')?.length).toBeGreaterThan(1_000);
    type(ru.totpConfirm, '123456');
    state.answer = problem(422, 'wrongCode');
    await submit('totp-form');
    expect((await screen.findByRole('alert')).textContent).toMatch(/^Код не подошёл/);
    type(ru.totpConfirm, '654321');
    state.answer = {};
    state.session = { ...operator, role: 'admin', totp: 'on' };
    await submit('totp-form');
    await waitFor(() => expect(assigned).toHaveBeenCalledWith('/'));
    expect(sent(asked).map(({ method, body }) => [method, body])).toEqual([
      ['POST', {}],
      ['PUT', { code: '123456' }],
      ['PUT', { code: '654321' }],
    ]);
  });

  it('leads a session that is not whole yet from any page to what is missing', async () => {
    served({ ...operator, mustSetPassword: true });
    openBoardAs('/incidents', snapshotOf());
    await screen.findByText(ru.setPasswordWhy('operator2'));
    expect(location.pathname).toBe('/sign-in');
  });
});

describe('the own account', () => {
  it('tells who is here and what may be seen, and changes the password with the one now', async () => {
    const { asked, state } = served({ ...operator, role: 'ppe', siteCode: '4216' });
    openBoardAs('/account', snapshotOf());
    const who = within(await screen.findByTestId('who'));
    expect(who.getByText('operator2')).toBeTruthy();
    expect(who.getByText('Только ППЭ 4216, Школа 4216 (пример)')).toBeTruthy();
    type(ru.current, 'what it was before');
    type(ru.next, 'four words of it');
    type(ru.again, 'four words of it');
    state.answer = problem(401, 'wrongPassword');
    await submit('password-form');
    expect((await screen.findByRole('alert')).textContent).toMatch(/^Нынешний пароль не подходит/);
    state.answer = operator;
    await submit('password-form');
    await screen.findByText(accountRu.passwordSaved);
    expect(sent(asked).at(-1)?.body).toEqual({
      current: 'what it was before',
      next: 'four words of it',
    });
  });

  it('signs out here, and everywhere at the second press, not by a double click', async () => {
    const { asked, assigned } = served(operator);
    openBoardAs('/account', snapshotOf());
    const everywhere = await screen.findByRole('button', { name: accountRu.signOutEverywhere });
    fireEvent.click(everywhere, { detail: 1 });
    fireEvent.click(everywhere, { detail: 2 });
    expect(sent(asked)).toEqual([]);
    await act(async () => fireEvent.click(everywhere, { detail: 1 }));
    await waitFor(() => expect(assigned).toHaveBeenCalledWith('/sign-in'));
    expect(sent(asked).map(({ method, path }) => [method, path])).toEqual([
      ['DELETE', '/api/v1/sessions'],
    ]);
  });

  it('has no password for a screen', async () => {
    served({ account: 'wall:d-1', role: 'wall', display: 'Зал, левый', totp: 'off' });
    openBoardAs('/account', snapshotOf());
    const who = within(await screen.findByTestId('who'));
    expect(who.getByText('Зал, левый')).toBeTruthy();
    expect(screen.queryByTestId('password-form')).toBeNull();
    expect(screen.queryByTestId('totp')).toBeNull();
    for (const name of [accountRu.signOut, accountRu.signOutEverywhere])
      expect(screen.queryByRole('button', { name })).toBeNull();
  });
});
