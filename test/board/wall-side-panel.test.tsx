// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Incident } from '@ppe-pulse/protocol';
import { incidentPageRu as ru } from '../../board/src/incidents/incident-page-ru.ts';
import { wallSideEn as en } from '../../board/src/wall-side/wall-side-en.ts';
import { wallSideRu as side } from '../../board/src/wall-side/wall-side-ru.ts';
import {
  BOARD_MS,
  MINUTE_MS,
  deltaOf,
  fakeApi,
  incidentOf,
  openBoard,
  overviewOf,
  siteOf,
  snapshotOf,
} from '../support/board-page.ts';

beforeEach(() => {
  localStorage.clear();
  fakeApi(() => undefined);
});
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
const ago = (minutes: number): number => BOARD_MS - minutes * MINUTE_MS;

const jam: Partial<Incident> = {
  kind: 'printer.state',
  reason: 'jam',
  verdict: 'fail',
  level: 'device',
  roomCode: '0012',
  device: 1,
};

describe('problems on the wall', () => {
  it('are one line an incident: age, code, room and fault, municipality, severity in words', async () => {
    openBoard('/', snapshotOf({ incidents: [incidentOf(17, { ...jam, openedAtMs: ago(3.2) })] }));
    const line = await screen.findByTestId('incident-i-17');
    expect(line.textContent).toContain('ППЭ 4216');
    expect(line.textContent).toContain('Ауд. 0012: принтер');
    expect(line.textContent).toContain('замятие бумаги');
    expect(line.textContent).toContain('Кемерово');
    expect(line.textContent).toContain('критично');
    expect(line.querySelector('time')?.textContent).toMatch(/^3:1\d$/);
    expect(within(line).getByRole('link').getAttribute('href')).toBe('/incidents/i-17');
  });

  it('name the stage that their site is in', async () => {
    const stage = {
      stage: 'printing',
      track: 'written',
      done: 0,
      total: 20,
      unknown: 0,
      late: 0,
      verdict: 'ok',
      reason: 'notDue',
      reachedAtMs: null,
      dueAtMs: BOARD_MS,
      isMismatch: false,
    } as const;
    openBoard(
      '/',
      snapshotOf({ incidents: [incidentOf(1)], sites: [{ ...siteOf('4216'), stages: [stage] }] }),
    );
    expect(await textOf('i-1')).toContain('Кемерово · Печать ЭМ');
  });

  it('stay in their places when they change, and for a while when they end', async () => {
    const first = incidentOf(1, { openedAtMs: ago(1) });
    const second = incidentOf(2);
    const warning = incidentOf(3, { severity: 'warning', openedAtMs: ago(0) });
    const { tell } = openBoard('/', snapshotOf({ incidents: [warning, second, first] }));
    expect(await lines()).toEqual(['i-1', 'i-2', 'i-3']);
    act(() => tell(deltaOf(2, { incidents: [{ ...second, children: 99 }] })));
    expect(await textOf('i-2')).toContain('99 рабочих мест');
    const ended = { ...first, resolvedAtMs: BOARD_MS + 500, resolution: 'healed' as const };
    act(() => tell(deltaOf(3, { endedIncidents: [ended] })));
    expect(await lines()).toEqual(['i-1', 'i-2', 'i-3']);
    expect(await textOf('i-1')).toContain('закончилось 09:36: неисправность прошла');
  });

  it('are counted in the head, and behind a number where they do not fit', async () => {
    const many = Array.from({ length: 20 }, (_, at) =>
      incidentOf(at + 1, {
        openedAtMs: ago(20 + at),
        ...(at > 14 ? { severity: 'warning' as const, assignee: 'provider' as const } : {}),
      }),
    );
    openBoard('/', snapshotOf({ incidents: many }));
    expect((await screen.findByTestId('tally')).textContent).toBe(
      '20 открыто · 15 без ответственного',
    );
    const shown = (await lines()).length;
    expect(shown).toBeGreaterThan(3);
    expect(screen.getByTestId('more').textContent).toBe(side.moreWarnings(String(20 - shown)));
    expect(within(screen.getByTestId('more')).getByRole('link').getAttribute('href')).toBe(
      '/incidents',
    );
  });

  it.each([
    [0.5, 'untaken-0', 'никто не взял'],
    [1, 'untaken-0', 'никто не взял 1 мин'],
    [3, 'untaken-1', 'никто не взял 3 мин'],
    [6, 'untaken-2', 'никто не взял 6 мин'],
  ])(
    'after %d minutes without anybody the frame is %s and says «%s»',
    async (minutes, look, text) => {
      openBoard('/', snapshotOf({ incidents: [incidentOf(1, { openedAtMs: ago(minutes) })] }));
      const frame = await screen.findByTestId('untaken-i-1');
      expect(frame.className).toContain(look);
      expect(frame.textContent).toBe(text);
    },
  );

  it('of warnings without an owner say so, too', async () => {
    openBoard('/', snapshotOf({ incidents: [incidentOf(1, { severity: 'warning' })] }));
    const line = within(await screen.findByTestId('incident-i-1'));
    expect(line.getByText(side.noOwner).className).toBe('no-owner');
  });

  it('say who has them, and have neither frame nor button then', async () => {
    const taken = { acknowledgedAtMs: BOARD_MS, acknowledgedBy: 'смена-2' } as const;
    openBoard(
      '/',
      snapshotOf({ incidents: [incidentOf(1, { ...taken, assignee: 'technicalSupport' })] }),
    );
    const text = await textOf('i-1');
    expect(text).toContain('взял: смена-2 · поручено: техническая поддержка');
    expect(screen.queryByTestId('untaken-i-1')).toBeNull();
    expect(within(screen.getByTestId('incident-i-1')).queryByRole('button')).toBeNull();
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
    const button = line.getByRole('button', { name: /^Взял: ППЭ 4216/ });
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

  it('are walked through, opened and taken by keys alone', async () => {
    const asked = fakeApi(({ method }) => (method === 'POST' ? incidentOf(1) : undefined));
    openBoard(
      '/',
      snapshotOf({ incidents: [incidentOf(1, { openedAtMs: ago(1) }), incidentOf(2)] }),
    );
    await screen.findByTestId('incident-i-1');
    const press = (code: string) => fireEvent.keyDown(document, { code });
    press('KeyJ');
    press('KeyJ');
    expect(document.activeElement?.getAttribute('href')).toBe('/incidents/i-2');
    press('KeyK');
    expect(document.activeElement?.getAttribute('href')).toBe('/incidents/i-1');
    await act(async () => press('KeyA'));
    expect(asked.some(({ path }) => path === '/api/v1/incidents/i-1/ack')).toBe(true);
    await act(async () => press('KeyC'));
    expect(location.pathname + location.hash).toBe('/incidents/i-1#comment');
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
    const line = await screen.findByTestId('incident-i-1');
    expect(line.querySelector('time')?.title).toBe('с 09:35');
    expect(line.textContent).toContain('никто не взял 5 мин');
  });

  it('are told in English, too', async () => {
    localStorage.setItem('ppe-pulse.settings', JSON.stringify({ language: 'en' }));
    openBoard('/', snapshotOf({ incidents: [incidentOf(1)] }));
    expect(await screen.findByText(en.untakenFor('4 min'))).toBeTruthy();
    expect(await textOf('i-1')).toContain('no signal'.replace('n', 'N'));
  });
});

describe('a mass loss on the wall', () => {
  const silentSites = Array.from({ length: 6 }, (_, at) =>
    siteOf(`430${at}`, 'Мысковский', 'myski'),
  );
  const wide = incidentOf(7, {
    level: 'provider',
    node: 'provider:Связь-1',
    provider: 'Связь-1',
    siteCode: null,
    municipality: null,
    sites: 6,
    children: 84,
    siteCodes: silentSites.map(({ code }) => code),
  });
  const picture = snapshotOf({
    incidents: [wide, incidentOf(8, { severity: 'warning' })],
    sites: [siteOf('4216'), ...silentSites],
    municipalities: [{ slug: 'myski', name: 'Мысковский', kind: 'ГО', tile: null }],
    overview: overviewOf({
      sites: { total: 12, involved: 12, byVerdict: overviewOf().sites.byVerdict },
    }),
  });

  it('is one panel with its share, its cause and where it is, above what is left', async () => {
    openBoard('/', picture);
    const panel = await screen.findByTestId('incident-i-7');
    expect(panel.textContent).toContain('Массовая потеря связи: 6 ППЭ (85,7 %)');
    expect(panel.textContent).toContain('провайдер «Связь-1»');
    expect(panel.textContent).toContain('84 рабочих места свёрнуто в один инцидент');
    expect(panel.textContent).toContain('Мысковский6из 6');
    expect(await lines()).toEqual(['i-8']);
    expect(screen.getByTestId('tally').textContent).toContain('1 групповая · 1 одиночная');
  });

  it('is taken there, and opened by keys as any other', async () => {
    const asked = fakeApi(({ method }) => (method === 'POST' ? wide : undefined));
    openBoard('/', picture);
    const panel = within(await screen.findByTestId('incident-i-7'));
    fireEvent.keyDown(document, { code: 'KeyJ' });
    expect(document.activeElement?.getAttribute('href')).toBe('/incidents/i-7');
    await act(async () => fireEvent.click(panel.getByRole('button')));
    expect(asked.some(({ path }) => path === '/api/v1/incidents/i-7/ack')).toBe(true);
  });
});

describe('a flood on the wall', () => {
  it('is announced and grouped; every group leads to what it began with', async () => {
    const portals = Array.from({ length: 12 }, (_, at) =>
      incidentOf(at + 1, {
        kind: 'net.portal',
        reason: 'noAnswer',
        verdict: 'fail',
        siteCode: `43${10 + at}`,
        siteCodes: [`43${10 + at}`],
        municipality: `m-${at}`,
        openedAtMs: ago(5) + at,
      }),
    );
    openBoard('/', snapshotOf({ incidents: portals }));
    expect((await screen.findByTestId('flood')).textContent).toContain('лавина: 12 за 10 мин');
    const group = await screen.findByTestId('flood-group');
    expect(group.textContent).toContain('12 инцидентов · 12 ППЭ');
    expect(group.textContent).toContain(side.firstOut);
    expect(within(group).getByRole('link').getAttribute('href')).toBe('/incidents/i-1');
  });

  it('is none for ten in ten minutes', async () => {
    openBoard(
      '/',
      snapshotOf({ incidents: Array.from({ length: 10 }, (_, at) => incidentOf(at + 1)) }),
    );
    expect(await lines()).toHaveLength(10);
    expect(screen.queryByTestId('flood')).toBeNull();
  });
});
