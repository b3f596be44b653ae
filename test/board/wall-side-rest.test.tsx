// @vitest-environment happy-dom
import { act, cleanup, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveStage, Overview, Snapshot } from '@ppe-pulse/protocol';
import { wallSideRu as side } from '../../board/src/wall-side/wall-side-ru.ts';
import {
  BOARD_MS,
  MINUTE_MS,
  deltaOf,
  fakeApi,
  incidentOf,
  noCameras,
  openBoard,
  overviewOf,
  silentWorkstation,
  siteOf,
  snapshotOf,
} from '../support/board-page.ts';

const zero = { ok: 0, warn: 0, fail: 0, unknown: 0, silentByRule: 0, notInvolved: 0 };

/** Everything is well: the only workstation is heard and in order. */
function wellOf(part: Partial<Overview> = {}, sites = [siteOf('4216')]): Snapshot {
  return snapshotOf({
    overview: overviewOf({
      workstations: { ...overviewOf().workstations, byVerdict: { ...zero, ok: 1 } },
      ...part,
    }),
    workstations: [{ ...silentWorkstation(), verdict: 'ok', reason: 'ok', problems: [] }],
    sites,
  });
}

beforeEach(() => {
  localStorage.clear();
  fakeApi(() => undefined);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('nothing wrong', () => {
  it('is a large calm panel that says what was looked at', async () => {
    const rooms = [{ code: '0012', isDone: false }];
    openBoard('/', wellOf({}, [{ ...siteOf('4216'), rooms }]));
    const calm = await screen.findByTestId('calm');
    expect(within(calm).getByRole('heading').textContent).toBe('Отклонений нет');
    expect(calm.textContent).toContain('1 ППЭ, 1 аудитория: всё в норме');
    expect(calm.textContent).toContain('на связи 1 рабочее место');
  });

  it.each([
    [95, 'Ключ доступа получен: 3 ППЭ ещё не выполнили'],
    [97, 'Ключ доступа получен: 1 ППЭ ещё не выполнил'],
    [98, ''],
  ])(
    'names how many have not kept a deadline for which nobody is late yet: %d of 98',
    async (done, words) => {
      const rehearsal = {
        planId: 'p',
        planVersion: 1,
        title: '',
        nowAt: '2024-05-15T09:36:00+07:00',
        speed: 1,
        isSimulated: false,
        phase: 'opening',
        opensAt: '2024-05-15T08:00:00+07:00',
        closesAt: '2024-05-15T18:40:00+07:00',
        agentsBehind: 0,
      } as const;
      const key: LiveStage = {
        stage: 'keyDownload',
        track: 'written',
        done,
        total: 98,
        unknown: 0,
        late: 0,
        verdict: 'ok',
        reason: 'notDue',
        reachedAtMs: null,
        dueAtMs: Date.parse('2024-05-15T09:30:00+07:00'),
        isMismatch: false,
      };
      openBoard('/', wellOf({ rehearsal, stages: [key] }));
      const { textContent } = await screen.findByTestId('calm');
      if (words === '') expect(textContent).not.toContain('ещё не выполнил');
      else expect(textContent).toContain(words);
    },
  );

  it('names the last problem that was closed, as the collector remembers it', async () => {
    const last = incidentOf(9, { resolvedAtMs: BOARD_MS - 5 * MINUTE_MS, resolution: 'healed' });
    const asked = fakeApi(({ path }) =>
      path.includes('state=resolved') ? { items: [last] } : undefined,
    );
    openBoard('/', wellOf());
    expect(
      await screen.findByText('Последняя проблема закрыта в 09:31: ППЭ 4216: нет сигнала'),
    ).toBeTruthy();
    expect(asked.some(({ path }) => path === '/api/v1/incidents?state=resolved&limit=1')).toBe(
      true,
    );
  });

  it('is not said while a workstation is not heard, though no incident is open', async () => {
    openBoard('/', snapshotOf());
    const doubt = await screen.findByTestId('not-calm');
    expect(doubt.textContent).toContain('не слышно: 1 рабочее место');
    expect(screen.queryByTestId('calm')).toBeNull();
  });
});

describe('the map of municipalities', () => {
  const municipalities = [
    { slug: 'kemerovo', name: 'Кемерово', kind: 'ГО', tile: { col: 2, row: 2 } },
    { slug: 'kemerovsky-r', name: 'Кемеровский', kind: 'МО', tile: { col: 3, row: 2 } },
    { slug: 'yurga', name: 'Юргинский', kind: 'ГО', tile: null },
  ];

  it('has a link a municipality that says in words how it stands', async () => {
    openBoard('/', snapshotOf({ municipalities }));
    const map = within(await screen.findByTestId('tile-map'));
    const link = map.getByRole('link', {
      name: 'Кемерово: 1 из 1 ППЭ с отклонением, нет данных',
    });
    expect(link.getAttribute('href')).toBe('/municipalities/kemerovo');
    expect(link.textContent).toBe('КЕМ1/1');
    expect(map.getByRole('link', { name: /^Кемеровский: 0 ППЭ/ }).textContent).toBe('КЕм0');
  });

  it('has those without a place below it', async () => {
    openBoard('/', snapshotOf({ municipalities }));
    const loose = within(await screen.findByTestId('loose-tiles'));
    expect(loose.getAllByRole('link').map((link) => link.textContent)).toEqual(['ЮРГ0']);
  });

  it('is a list of names where the region has no map', async () => {
    const without = municipalities.map((each) => ({ ...each, tile: null }));
    openBoard('/', snapshotOf({ municipalities: without }));
    const loose = within(await screen.findByTestId('loose-tiles'));
    expect(loose.getAllByRole('link').map((link) => link.textContent)).toEqual([
      'Кемерово1/1',
      'Кемеровский0',
      'Юргинский0',
    ]);
    expect(screen.queryByTestId('tile-map')).toBeNull();
  });
});

describe('the trend and the cameras', () => {
  it('say what comes in now and how many have the materials', async () => {
    const points = [-30, -15, 0].map((seconds) => ({
      atMs: BOARD_MS + seconds * 1_000,
      rxBytesPerSecond: 25_250_000,
    }));
    const overview = overviewOf({
      throughput: { rxBytesPerSecond: 25_250_000, txBytesPerSecond: 0, stations: 85 },
      emDownload: {
        downloadId: 'd-1',
        state: 'running',
        sitesDone: 38,
        sitesTotal: 85,
        bytesPerSecond: 1,
      },
    });
    openBoard('/', snapshotOf({ overview, trend: { everyMs: 15_000, points } }));
    expect((await screen.findByTestId('trend-now')).textContent).toBe('202');
    expect(screen.getByTestId('em-got').textContent).toBe('ЭМ получили 38 из 85');
    expect(
      screen.getByRole('img', {
        name: 'Сейчас 202 Мбит/с, самое большее за показанное время 202',
      }),
    ).toBeTruthy();
  });

  it('say that nothing was measured yet', async () => {
    openBoard('/', snapshotOf());
    expect(await screen.findByText(side.noTrend)).toBeTruthy();
    expect(screen.getByText(side.noCameras)).toBeTruthy();
  });

  it('count cameras, name the 20 minutes, and lead to the rooms that are dark the longest', async () => {
    const dark = incidentOf(5, {
      kind: 'camera.stream',
      level: 'room',
      roomCode: '0012',
      evidence: { outageMs: 21 * MINUTE_MS },
    });
    const cameras = { ...noCameras, planned: 3_920, on: 3_838, off: 82 };
    const { tell } = openBoard(
      '/',
      snapshotOf({ overview: overviewOf({ cameras }), incidents: [dark] }),
    );
    const panel = await screen.findByTestId('cameras');
    expect(panel.textContent).toContain('из 3\u00A0920 · 97,9 %');
    expect(panel.textContent).toContain('без потока: 82');
    expect(panel.textContent).toContain('дольше 20 мин: 0');
    const room = within(panel).getByRole('link', { name: '4216, ауд. 0012 · 21 мин' });
    expect(room.getAttribute('href')).toBe('/incidents/i-5');
    const over = { ...cameras, darkRoomsOver5Minutes: 4, darkRoomsOver15Minutes: 2 };
    const overview = overviewOf({ cameras: over });
    act(() => tell({ type: 'beat', seq: 1, serverTimeMs: BOARD_MS, dataAgeMs: 0, overview }));
    expect(screen.getByTestId('cameras').className).toContain('camera-panel-fail');
    expect(screen.getByTestId('cameras').textContent).toContain('дольше 15 мин: 2');
  });
});

describe('a screen reader', () => {
  it('hears one sentence of the wall, and at once what is new and critical', async () => {
    const { tell } = openBoard(
      '/',
      snapshotOf({ incidents: [incidentOf(1), incidentOf(2, { severity: 'warning' })] }),
    );
    const spoken = await screen.findByTestId('spoken');
    expect(spoken.textContent).toBe(
      'Открыто инцидентов: 2, критичных: 1, без ответственного: 2. Важнее всего: ППЭ 4216: нет сигнала.',
    );
    expect(screen.getByTestId('spoken-now').textContent).toBe('');
    const fresh = incidentOf(3, { siteCode: '4217', node: 'site:4217', siteCodes: ['4217'] });
    act(() => tell(deltaOf(2, { incidents: [fresh] })));
    expect(screen.getByTestId('spoken-now').textContent).toBe(
      'Новый критичный инцидент: ППЭ 4217: нет сигнала',
    );
  });
});
