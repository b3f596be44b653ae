// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { incidentPageEn as en } from '../../board/src/incidents/incident-page-en.ts';
import { incidentPageRu as ru } from '../../board/src/incidents/incident-page-ru.ts';
import {
  BOARD_MS,
  MINUTE_MS,
  deltaOf,
  fakeApi,
  incidentOf,
  openBoard,
  overviewOf,
  silenceOf,
  siteOf,
  snapshotOf,
} from '../support/board-page.ts';

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const lines = async (): Promise<(string | undefined)[]> =>
  within(await screen.findByTestId('incidents'))
    .getAllByRole('listitem')
    .map((line) => line.dataset.incident);
const textOf = async (id: string): Promise<string> =>
  (await screen.findByTestId(`incident-${id}`)).textContent;

describe('incidents on the wall', () => {
  it('are one line a cause: title, severity in words, reach, since when and for how long untaken', async () => {
    openBoard(
      '/',
      snapshotOf({
        incidents: [
          incidentOf(17, {
            level: 'provider',
            node: 'provider:Связь-1',
            provider: 'Связь-1',
            siteCode: null,
            municipality: null,
            sites: 14,
            children: 238,
          }),
        ],
      }),
    );
    const line = await screen.findByTestId('incident-i-17');
    expect(line.textContent).toContain('Провайдер «Связь-1»: нет сигнала');
    expect(line.textContent).toContain('критично');
    expect(line.textContent).toContain('14 ППЭ, 238 рабочих мест');
    expect(line.textContent).toContain('с 09:32');
    expect(line.textContent).toContain('никто не взял 4 мин');
    expect(within(line).getByRole('link').getAttribute('href')).toBe('/incidents/i-17');
  });

  it('stand worst first and stay in their places when they change', async () => {
    const first = incidentOf(1, { openedAtMs: BOARD_MS - 9 * MINUTE_MS });
    const second = incidentOf(2);
    const warning = incidentOf(3, {
      severity: 'warning',
      openedAtMs: BOARD_MS - 99 * MINUTE_MS,
    });
    const { tell } = openBoard('/', snapshotOf({ incidents: [warning, second, first] }));
    expect(await lines()).toEqual(['i-1', 'i-2', 'i-3']);
    act(() => tell(deltaOf(2, { incidents: [{ ...second, children: 99 }] })));
    expect(await lines()).toEqual(['i-1', 'i-2', 'i-3']);
    expect(await textOf('i-2')).toContain('99 рабочих мест');
    const ended = { ...first, resolvedAtMs: BOARD_MS + 500, resolution: 'healed' };
    act(() => tell(deltaOf(3, { endedIncidents: [ended] })));
    expect(await lines()).toEqual(['i-1', 'i-2', 'i-3']);
    expect(await textOf('i-1')).toContain('закончилось 09:36: неисправность прошла');
  });

  it('are hidden behind a number when there are many, and say how many of these nobody took', async () => {
    const many = Array.from({ length: 12 }, (_, at) => incidentOf(at + 1));
    openBoard('/', snapshotOf({ incidents: many }));
    expect(await lines()).toHaveLength(8);
    expect(screen.getByText('ещё 4').getAttribute('href')).toBe('/incidents');
    expect(screen.getByText('из них никто не взял: 4')).toBeTruthy();
  });

  it.each([
    [1, 'untaken-0'],
    [3, 'untaken-1'],
    [6, 'untaken-2'],
  ])('after %d minutes without anybody the timer looks like %s', async (minutes, expected) => {
    const openedAtMs = BOARD_MS - minutes * MINUTE_MS;
    openBoard('/', snapshotOf({ incidents: [incidentOf(1, { openedAtMs })] }));
    const timer = await screen.findByTestId('untaken-i-1');
    expect(timer.className).toContain(expected);
    expect(timer.textContent).toBe(`никто не взял ${minutes} мин`);
  });

  it('say who has them, and have no timer then', async () => {
    const taken = { acknowledgedAtMs: BOARD_MS, acknowledgedBy: 'смена-2' } as const;
    openBoard(
      '/',
      snapshotOf({ incidents: [incidentOf(1, { ...taken, assignee: 'technicalSupport' })] }),
    );
    const text = await textOf('i-1');
    expect(text).toContain('взял: смена-2');
    expect(text).toContain('поручено: техническая поддержка');
    expect(text).toContain('с 09:32, 4 мин');
    expect(screen.queryByTestId('untaken-i-1')).toBeNull();
  });

  it('say in words what must not be overlooked', async () => {
    openBoard(
      '/',
      snapshotOf({
        incidents: [
          incidentOf(1, { isDrill: true, isSimulated: true, isUnstable: true, isUnheard: true }),
          incidentOf(2, { silencedUntilMs: BOARD_MS + 54 * MINUTE_MS }),
          incidentOf(3, { snoozedUntilMs: BOARD_MS + 15 * MINUTE_MS }),
        ],
      }),
    );
    const text = await textOf('i-1');
    for (const mark of [ru.marks.drill, ru.marks.simulated, ru.marks.unstable, ru.marks.unheard])
      expect(text).toContain(mark);
    expect(await textOf('i-2')).toContain('заглушено до 10:30');
    expect(await textOf('i-3')).toContain('отложено до 09:51');
    for (const id of ['i-2', 'i-3']) expect(screen.queryByTestId(`untaken-${id}`)).toBeNull();
  });

  it('are taken by one click, which a second click does not repeat', async () => {
    const asked = fakeApi(({ method }) => (method === 'POST' ? incidentOf(1) : undefined));
    openBoard('/', snapshotOf({ incidents: [incidentOf(1)] }));
    const line = within(await screen.findByTestId('incident-i-1'));
    const button = line.getByRole('button');
    await act(async () => {
      fireEvent.click(button);
      fireEvent.click(button);
    });
    const sent = asked.filter(({ method }) => method === 'POST');
    expect(sent.map(({ path }) => path)).toEqual(['/api/v1/incidents/i-1/ack']);
    expect(sent[0]?.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('show why they could not be taken', async () => {
    const detail = 'incident i-1 is over; a comment may still be added';
    fakeApi(({ method }) => (method === 'POST' ? { status: 409, body: { detail } } : undefined));
    openBoard('/', snapshotOf({ incidents: [incidentOf(1)] }));
    const line = within(await screen.findByTestId('incident-i-1'));
    await act(async () => fireEvent.click(line.getByRole('button')));
    expect((await line.findByRole('alert')).textContent).toBe(ru.failed(detail));
  });

  it('leave every fault of every workstation one press away', async () => {
    openBoard('/', snapshotOf());
    const summary = await screen.findByText(ru.allProblems('1'));
    expect(screen.getByText(ru.calm)).toBeTruthy();
    const details = summary.closest('details') as HTMLDetailsElement;
    details.open = true;
    fireEvent(details, new Event('toggle'));
    expect(await within(details).findByText(/нет сигнала/)).toBeTruthy();
  });

  it('show the times and ages of the day that is played', async () => {
    const rehearsal = {
      planId: '2024-05-15',
      planVersion: 1,
      title: 'Апробация',
      nowAt: '2024-05-15T09:40:00+07:00',
      speed: 60,
      isSimulated: true,
      agentsBehind: 0,
      phase: 'opening' as const,
      opensAt: '2024-05-14T23:00:00.000Z',
      closesAt: '2024-05-15T12:00:00.000Z',
    };
    openBoard(
      '/',
      snapshotOf({
        overview: overviewOf({ rehearsal }),
        incidents: [incidentOf(1, { openedAtMs: BOARD_MS - 5_000 })],
      }),
    );
    // Five seconds ago is five minutes ago of this day.
    const text = await textOf('i-1');
    expect(text).toContain('с 09:35');
    expect(text).toContain('никто не взял 5 мин');
  });

  it('are told by municipality and in English, too', async () => {
    localStorage.setItem('ppe-pulse.settings', JSON.stringify({ language: 'en' }));
    const wide = incidentOf(1, {
      level: 'municipality',
      node: 'municipality:kemerovo',
      siteCode: null,
      sites: 3,
    });
    openBoard('/', snapshotOf({ incidents: [wide], sites: [siteOf('4216', 'Кемерово')] }));
    const text = await textOf('i-1');
    expect(text).toContain('Кемерово: no signal');
    expect(text).toContain(en.untakenFor('4 min'));
  });
});

describe('the bar above every page', () => {
  const counts = {
    open: 5,
    critical: 3,
    untaken: 2,
    oldestUntakenAtMs: BOARD_MS - 6 * MINUTE_MS,
    silenced: 3,
  };

  it.each(['/', '/incidents', '/alerts', '/ppe/4216'])(
    'is there on %s, with counts and ways to incidents and alerts',
    async (path) => {
      fakeApi(() => undefined);
      openBoard(path, snapshotOf({ overview: overviewOf({ incidents: counts }) }));
      const bar = within(await screen.findByTestId('incident-bar'));
      expect(bar.getByText('открыто 5')).toBeTruthy();
      expect(bar.getByText('критичных 3')).toBeTruthy();
      expect(bar.getByTestId('untaken').textContent).toBe('никто не взял: 2, самый давний — 6 мин');
      expect(bar.getByText(ru.alerts).getAttribute('href')).toBe('/alerts');
    },
  );

  it('says what is silenced and until when, and ends a silence on request', async () => {
    const asked = fakeApi(() => undefined);
    openBoard(
      '/',
      snapshotOf({
        overview: overviewOf({ incidents: counts }),
        silences: [silenceOf(), silenceOf({ id: 's-2', fromMs: BOARD_MS + MINUTE_MS })],
      }),
    );
    const badge = within(await screen.findByTestId('silence-badge'));
    expect(badge.getByText('заглушено: 3, до 10:30')).toBeTruthy();
    expect(badge.getAllByText('ППЭ 4216')).toHaveLength(2);
    expect(badge.getAllByText(/меняют роутер/)).toHaveLength(2);
    await act(async () => {
      for (const button of badge.getAllByText(ru.endSilence).slice(0, 1)) fireEvent.click(button);
    });
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toContain(
      'DELETE /api/v1/silences/s-1',
    );
  });

  it('calls all critical ones taken only when somebody has each, not when they are silenced', async () => {
    const none = { ...counts, critical: 1, untaken: 0 };
    const overview = overviewOf({ incidents: none });
    const silenced = incidentOf(1, { silencedUntilMs: BOARD_MS + MINUTE_MS });
    const { tell } = openBoard('/', snapshotOf({ overview, incidents: [silenced] }));
    await screen.findByText('критичных 1');
    expect(screen.queryByText(ru.allTaken)).toBeNull();
    const taken = { ...silenced, acknowledgedAtMs: BOARD_MS, acknowledgedBy: 'duty' };
    act(() => tell(deltaOf(2, { incidents: [taken] })));
    expect(screen.getByText(ru.allTaken)).toBeTruthy();
  });

  it('mentions a silence also when nothing open is under it', async () => {
    openBoard('/', snapshotOf({ silences: [silenceOf({ covers: 0 })] }));
    expect(await screen.findByText(ru.silencesToCome('1'))).toBeTruthy();
  });

  it('says nothing of silences where there are none', async () => {
    openBoard('/', snapshotOf());
    expect(await screen.findByText(ru.nothingOpen)).toBeTruthy();
    expect(screen.queryByTestId('silence-badge')).toBeNull();
  });
});

describe('the page of a ППЭ', () => {
  it('shows its incidents and wider ones that reach it, and no others', async () => {
    fakeApi(() => undefined);
    openBoard(
      '/ppe/4216',
      snapshotOf({
        incidents: [
          incidentOf(1),
          incidentOf(2, { siteCode: null, siteCodes: ['4201', '4216'] }),
          incidentOf(3, { siteCode: '4201', siteCodes: ['4201'] }),
        ],
      }),
    );
    const list = within(await screen.findByTestId('site-incidents'));
    expect(list.getAllByRole('listitem').map((line) => line.dataset.incident)).toEqual([
      'i-1',
      'i-2',
    ]);
  });
});
