// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveStage, LiveWorkstation, Overview, Verdict } from '@ppe-pulse/protocol';
import { ru } from '../../board/src/text/ru.ts';
import { wallRu } from '../../board/src/wall/wall-ru.ts';
import {
  BOARD_MS,
  MINUTE_MS,
  deltaOf,
  incidentOf,
  openBoard,
  overviewOf,
  siteOf,
  snapshotOf,
} from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  history.pushState({}, '', '/');
});

const stationOf = (index: number, siteCode: string, verdict: Verdict): LiveWorkstation => ({
  index,
  id: workstationId(index + 1),
  placement: { siteCode, roomCode: '0012', role: 'organizer', duty: 'main', simulated: false },
  verdict,
  reason: verdict === 'ok' ? 'ok' : 'jam',
  lastSeenMs: BOARD_MS,
  problems: verdict === 'ok' ? [] : [{ id: 'printer.state', verdict, reason: 'jam' }],
  values: [],
});

const rehearsal: NonNullable<Overview['rehearsal']> = {
  planId: '2024-05-15',
  planVersion: 1,
  title: 'Апробация 15.05.2024',
  nowAt: new Date(BOARD_MS).toISOString(),
  speed: 1,
  isSimulated: false,
  phase: 'opening',
  opensAt: '2024-05-15T01:00:00Z',
  closesAt: '2024-05-15T13:00:00Z',
  agentsBehind: 0,
};

const stageOf = (part: Partial<LiveStage>): LiveStage => ({
  stage: 'keyDownload',
  track: 'written',
  done: 95,
  total: 98,
  unknown: 2,
  late: 1,
  verdict: 'warn',
  reason: 'dueSoon',
  reachedAtMs: null,
  dueAtMs: Date.parse('2024-05-15T09:20:00+07:00'),
  isMismatch: false,
  ...part,
});

const counts = { ok: 85, warn: 8, fail: 3, unknown: 2, silentByRule: 4, notInvolved: 1 };
const planned = overviewOf({
  rehearsal,
  sites: { total: 98, involved: 97, byVerdict: counts },
  stages: [
    stageOf({}),
    stageOf({
      stage: 'printing',
      done: 0,
      unknown: 0,
      late: 0,
      dueAtMs: Date.parse('2024-05-15T10:00:00+07:00'),
    }),
  ],
});

const codes = (): (string | undefined)[] =>
  screen.getAllByTestId(/^tile-\d/).map((tile) => tile.dataset.testid);

describe('the head of the wall', () => {
  it('says what this is, when it is here and in Moscow, and counts to the next milestone', async () => {
    openBoard('/', snapshotOf({ overview: planned }));
    const head = screen.getByRole('banner');
    expect(within(head).getByRole('heading').textContent).toBe('Апробация 15.05.2024');
    expect(head.textContent).toMatch(/09:36:0\d/);
    expect(head.textContent).toContain('UTC+7 · Москва 05:36');
    expect(head.textContent).toContain('15 мая 2024');
    expect((await screen.findByTestId('milestone')).textContent).toMatch(
      /^Следующий этап10:00 печать ЭМ через (24:00|23:5\d)$/,
    );
  });

  it('counts on from a milestone that has just passed, and says how many have kept it', async () => {
    const stages = [stageOf({ dueAtMs: BOARD_MS - 130_000 })];
    openBoard('/', snapshotOf({ overview: { ...planned, stages } }));
    const text = (await screen.findByTestId('milestone')).textContent;
    expect(text).toContain('выполнили 95 из 98');
    expect(text).toMatch(/\+2:1\d после срока/);
    expect(screen.getByTestId('milestone').className).toContain('is-late');
    cleanup();
    // Nobody is past the plan's amber time: the counts say so, and so does the countdown.
    const early = stages.map((stage) => ({ ...stage, late: 0 }));
    openBoard('/', snapshotOf({ overview: { ...planned, stages: early } }));
    expect((await screen.findByTestId('milestone')).className).not.toContain('is-late');
  });

  it('on a played day shows its clock, marked as such', () => {
    const nowAt = '2024-05-15T03:10:00Z';
    const played = { ...rehearsal, isSimulated: true, speed: 60, nowAt };
    openBoard('/', snapshotOf({ overview: { ...planned, rehearsal: played } }));
    expect(screen.getByTestId('rehearsal-clock').textContent).toBe('имитация ×60');
    expect(screen.getByRole('banner').textContent).toMatch(/10:1\d:\d\d/);
  });

  it('takes the zone of most of its sites', () => {
    const site = { ...siteOf('4216'), timeZone: 'Asia/Irkutsk' };
    openBoard('/', snapshotOf({ overview: planned, sites: [site] }));
    expect(screen.getByRole('banner').textContent).toContain('UTC+8 · Москва 05:36');
    cleanup();
    const nowhere = { ...siteOf('4216'), timeZone: 'Mars/Olympus' };
    openBoard('/', snapshotOf({ overview: planned, sites: [nowhere] }));
    expect(screen.getByRole('banner').textContent).toContain('UTC+7');
  });

  it('tells no time before the collector did', () => {
    openBoard('/');
    const head = screen.getByRole('banner');
    expect(head.textContent).toContain(ru.title);
  });
});

describe('the counts and the funnel', () => {
  it('count ППЭ by verdict, workstations below, with the age of the data', () => {
    openBoard('/', snapshotOf({ overview: planned }));
    const shown = ['fail', 'unknown', 'warn', 'ok'].map(
      (verdict) => screen.getByTestId(`count-${verdict}`).textContent,
    );
    expect(shown).toEqual(['3', '2', '8', '85']);
    const section = screen.getByRole('region', { name: wallRu.summary });
    expect(section.textContent).toContain('рабочих мест 1');
    expect(section.textContent).toContain('данные 0 с назад');
    expect(section.textContent).toContain('по регламенту молчит 4');
    expect(section.textContent).toContain('не участвует: 1');
  });

  it('show what is late and of how many nobody knows, in figures and in words', async () => {
    openBoard('/', snapshotOf({ overview: planned }));
    const step = await screen.findByTestId('step-keyDownload');
    expect(step.textContent).toContain('95 −1 ? 2');
    expect(step.title).toBe('Ключ доступа: 95 из 98, опаздывает: 1, нет данных 2');
    expect(step.getAttribute('aria-current')).toBe('step');
    expect(screen.getByTestId('step-printing').getAttribute('aria-current')).toBeNull();
  });

  it('say what the collector itself is worried about', () => {
    const warnings = ['diskNearlyFull', 'somethingNewer'];
    openBoard('/', snapshotOf({ overview: { ...planned, warnings } }));
    expect(screen.getByText(/На диске коллектора мало места/)).toBeTruthy();
    expect(screen.getByText(/somethingNewer/)).toBeTruthy();
  });
});

describe('the tiles of the wall', () => {
  const stations = [
    stationOf(0, '4201', 'ok'),
    stationOf(1, '4202', 'fail'),
    stationOf(2, '4203', 'ok'),
  ];
  const sites = ['4201', '4202', '4203'].map((code) => siteOf(code));
  const picture = snapshotOf({ workstations: stations, sites });

  it('are named for readers: where, how, why, and the rooms by verdict', () => {
    openBoard('/', picture);
    const link = within(screen.getByTestId('tile-4202')).getByRole('link');
    expect(link.getAttribute('href')).toBe('/ppe/4202');
    expect(link.getAttribute('aria-label')).toBe(
      'ППЭ 4202, Школа 4202 (пример), Кемерово; отказ; Принтер: замятие бумаги; 1 аудитория: отказ 1',
    );
  });

  it('say the short reason and the age of what is wrong', () => {
    const incident = incidentOf(1, {
      kind: 'printer.state',
      siteCode: '4202',
      siteCodes: ['4202'],
      openedAtMs: BOARD_MS - 12 * MINUTE_MS,
    });
    openBoard('/', { ...picture, incidents: [incident] });
    const tile = screen.getByTestId('tile-4202');
    expect(tile.textContent).toContain('Принтер');
    expect(tile.textContent).toContain('12 мин');
  });

  it('stay where they are when one breaks, which is marked until the next order', () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { tell } = openBoard('/', picture);
    expect(codes()).toEqual(['tile-4202', 'tile-4201', 'tile-4203']);
    act(() => tell(deltaOf(2, { added: [stationOf(2, '4203', 'fail')] })));
    expect(codes()).toEqual(['tile-4202', 'tile-4201', 'tile-4203']);
    const broken = screen.getByTestId('tile-4203');
    expect(broken.className).toContain('tile-fail is-fresh');
    act(() => void vi.advanceTimersByTime(30_000));
    expect(codes()).toEqual(['tile-4202', 'tile-4203', 'tile-4201']);
    expect(screen.getByTestId('tile-4203').className).not.toContain('is-fresh');
  });

  it('keep their order for good when it is pinned', () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { tell } = openBoard('/', picture);
    fireEvent.click(screen.getByLabelText(ru.pinOrder));
    act(() => tell(deltaOf(2, { added: [stationOf(2, '4203', 'fail')] })));
    act(() => void vi.advanceTimersByTime(60_000));
    expect(codes()).toEqual(['tile-4202', 'tile-4201', 'tile-4203']);
  });

  it('that break under a pinned order say what failed, on the tile and to a pointer', () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { tell } = openBoard('/', picture);
    fireEvent.click(screen.getByLabelText(ru.pinOrder));
    act(() => tell(deltaOf(2, { added: [stationOf(2, '4203', 'fail')] })));
    act(() => void vi.advanceTimersByTime(60_000));
    const tile = screen.getByTestId('tile-4203');
    expect(tile.className).toContain('is-terse');
    expect(tile.className).not.toContain('is-wide');
    expect(tile.querySelector('.tile-reason')?.textContent).toBe('Принтер');
    expect(within(tile).getByRole('link').title).toContain('отказ; Принтер: замятие бумаги');
    expect(screen.getByTestId('tile-4201').querySelector('.tile-reason')).toBeNull();
  });

  it('keep the line of the name of a municipality, whatever breaks under it', () => {
    const rooms = Array.from({ length: 41 }, (_, at) => ({
      code: String(at + 1).padStart(4, '0'),
      isDone: false,
    }));
    const large = { ...siteOf('4201'), rooms };
    const { tell } = openBoard(
      '/',
      snapshotOf({ workstations: [stationOf(0, '4201', 'ok')], sites: [large] }),
    );
    act(() => tell(deltaOf(2, { added: [stationOf(0, '4201', 'fail')] })));
    const tile = screen.getByTestId('tile-4201');
    expect(tile.className).toMatch(/is-first(?!.*is-terse)/);
    expect(within(tile).getByRole('link').title).toContain('Принтер: замятие бумаги');
  });

  it('can be only those in trouble, with one that breaks at once', () => {
    const { tell } = openBoard('/', picture);
    fireEvent.click(screen.getByLabelText(ru.onlyProblems));
    expect(codes()).toEqual(['tile-4202']);
    act(() => tell(deltaOf(2, { added: [stationOf(0, '4201', 'warn')] })));
    expect(codes()).toEqual(['tile-4202', 'tile-4201']);
  });

  it('are the same elements after a heartbeat that repeats itself', () => {
    const { tell } = openBoard('/', picture);
    const observer = new MutationObserver(() => undefined);
    observer.observe(screen.getByTestId('grid'), {
      attributes: true,
      characterData: true,
      childList: true,
      subtree: true,
    });
    act(() => tell(deltaOf(2, { changes: [[0, 0, 0]] })));
    expect(observer.takeRecords()).toEqual([]);
    // One that says something else is seen at once.
    act(() => tell(deltaOf(3, { changes: [[0, 0, 1]] })));
    expect(observer.takeRecords().length).toBeGreaterThan(0);
    expect(screen.getByTestId('tile-4201').className).toContain('tile-warn');
    observer.disconnect();
  });

  it('tell a pointer at a desk which room it points at, and on a wall nothing', async () => {
    const told = snapshotOf({ workstations: [stationOf(0, '4201', 'fail')], sites });
    const pointedAt = async (): Promise<string> => {
      // The canvas is a part of its own.
      await vi.waitFor(() => expect(document.querySelector('.cell-canvas')).not.toBeNull());
      const cells = screen.getByTestId('tile-4201').querySelector('.cells');
      if (!(cells instanceof HTMLElement)) throw new Error('a tile has cells');
      cells.getBoundingClientRect = () => new DOMRect(100, 50, 200, 20);
      fireEvent.pointerMove(cells, { clientX: 105, clientY: 55 });
      return cells.title;
    };
    openBoard('/', told);
    expect(await pointedAt()).toBe('');
    cleanup();
    localStorage.setItem('ppe-pulse.settings', JSON.stringify({ density: 'desk' }));
    openBoard('/', told);
    expect(await pointedAt()).toBe('ауд. 0012: отказ');
  });

  it('survive names of 200 characters, from right to left, with markup', () => {
    const name = `‮<b>${'ш'.repeat(190)}</b>`;
    const site = { ...siteOf('4201', name), name };
    openBoard('/', snapshotOf({ workstations: [stationOf(0, '4201', 'fail')], sites: [site] }));
    expect(document.querySelector('b')).toBeNull();
    expect(within(screen.getByTestId('tile-4201')).getByRole('link').title).toContain(name);
  });

  it('are of a workstation with a role and a verdict that nobody knows yet, too', () => {
    const newer = {
      ...stationOf(0, '4201', 'ok'),
      placement: { ...stationOf(0, '4201', 'ok').placement, role: 'drone' },
    };
    openBoard('/', snapshotOf({ workstations: [newer as unknown as LiveWorkstation], sites }));
    expect(codes()).toContain('tile-4201');
  });
});

describe('the wall', () => {
  it('without any ППЭ says what to do', () => {
    openBoard('/', snapshotOf({ workstations: [], sites: [] }));
    expect(screen.getByText(ru.nobody)).toBeTruthy();
    expect(screen.queryByTestId('grid')).toBeNull();
  });

  it('of more ППЭ than anybody tells apart is the country’s picture', () => {
    const many = Array.from({ length: 401 }, (_, at) => siteOf(String(4_000 + at)));
    openBoard('/', snapshotOf({ workstations: [], sites: many }));
    expect(screen.queryByTestId('grid')).toBeNull();
    cleanup();
    openBoard('/?view=country', snapshotOf());
    expect(screen.queryByTestId('grid')).toBeNull();
  });

  it('across a hall has no tiles, and follows its address', () => {
    openBoard('/?density=hall&theme=day', snapshotOf({ overview: planned }));
    expect(screen.queryByTestId('grid')).toBeNull();
    expect(document.documentElement.dataset).toMatchObject({ density: 'hall', theme: 'light' });
    expect(localStorage.getItem('ppe-pulse.settings')).toBeNull();
    act(() => history.pushState({}, '', '/'));
    expect(screen.getByTestId('grid')).toBeTruthy();
    expect(document.documentElement.dataset).toMatchObject({ density: 'wall', theme: 'dark' });
  });
});

describe('the page of the display', () => {
  it('advises a density by size and distance, takes it, and remembers both', async () => {
    openBoard('/display', snapshotOf());
    const distance = await screen.findByLabelText('Расстояние до самого дальнего зрителя, м');
    expect(screen.getByTestId('advice').textContent).toContain('Подходит: «Зал»');
    expect(screen.getByTestId('display-facts').textContent).toContain('0,749 мм');
    expect(screen.getByTestId('display-facts').textContent).toContain('35 px');
    fireEvent.change(distance, { target: { value: '7' } });
    expect(screen.getByTestId('advice').textContent).toContain('не прочесть');
    fireEvent.change(distance, { target: { value: '2' } });
    expect(screen.getByTestId('advice').textContent).toContain('Подходит: «Стена»');
    fireEvent.click(screen.getByLabelText(/Стол/));
    expect(document.documentElement.dataset.density).toBe('desk');
    expect(JSON.parse(localStorage.getItem('ppe-pulse.settings') ?? '')).toMatchObject({
      density: 'desk',
      viewing: { diagonalInches: 65, distanceMetres: 2, screensAcross: 1 },
    });
  });

  it('keeps the last sense while nonsense is typed', async () => {
    openBoard('/display', snapshotOf());
    const diagonal = await screen.findByLabelText('Диагональ одной панели, дюймов');
    for (const value of ['', '-5', '1e9']) fireEvent.change(diagonal, { target: { value } });
    expect(screen.getByTestId('display-facts').textContent).toContain('0,749 мм');
  });
});
