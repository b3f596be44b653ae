// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveSite, LiveStage } from '@ppe-pulse/protocol';
import type { SiteWorkstation } from '../../board/src/ppe/site-answer.ts';
import {
  BOARD_MS,
  MINUTE_MS,
  deltaOf,
  fakeApi,
  incidentOf,
  openBoard,
  siteOf,
  snapshotOf,
} from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

const at = (agoMs: number): string => new Date(BOARD_MS - agoMs).toISOString();

type Said = readonly [id: string, verdict: string, reason: string, evidence?: object];

const pc: readonly Said[] = [
  ['heartbeat', 'ok', 'ok'],
  ['net.rtt', 'ok', 'ok', { value: 24 }],
  ['clock.skew', 'ok', 'ok', { value: -300 }],
  ['pc.disk', 'ok', 'ok', { value: 84_000_000_000 }],
];
const devices: readonly Said[] = [
  ['printer.state', 'fail', 'jam', { tonerRatio: 0.62 }],
  ['scanner.state', 'ok', 'ok'],
  ['camera.1.stream', 'ok', 'ok'],
  ['camera.2.stream', 'fail', 'unreachable'],
  ['audio.out', 'warn', 'tooQuiet'],
];

function workstation(
  number: number,
  roomCode: string,
  part: Partial<SiteWorkstation> & { readonly said?: readonly Said[] } = {},
): SiteWorkstation {
  const { said = [...pc, ...devices], ...rest } = part;
  return {
    id: workstationId(number),
    siteCode: '4216',
    roomCode,
    role: 'organizer',
    duty: 'main',
    simulated: false,
    verdict: 'fail',
    reason: 'jam',
    lastSeenAt: at(2_000),
    agentVersion: '0.1.0',
    mode: 'prep',
    planVersion: 1,
    journalLag: 0,
    carried: null,
    clones: [],
    relayId: null,
    checks: said.map(([id, verdict, reason, evidence = {}]) => ({
      id,
      verdict: verdict as 'ok',
      reason,
      evidence: evidence as Record<string, number>,
      measuredAt: at(2_000),
    })),
    metrics: {},
    measuredAt: {},
    inventory: null,
    ...rest,
  };
}

const stage = (part: Partial<LiveStage>): LiveStage => ({
  stage: 'keyDownload',
  track: 'written',
  done: 0,
  total: 1,
  unknown: 0,
  late: 0,
  verdict: 'ok',
  reason: 'notDue',
  reachedAtMs: null,
  dueAtMs: BOARD_MS,
  isMismatch: false,
  ...part,
});

/** Before there is a plan nothing is forecast, and readiness is asked of nobody. */
const noPlan = (path: string) =>
  /forecasts|readiness/.test(path)
    ? { status: 409, body: { type: 'urn:ppe-pulse:problem:noPlan' } }
    : undefined;

interface Stand {
  readonly items?: readonly SiteWorkstation[];
  readonly site?: Partial<LiveSite>;
  readonly contact?: { dutyPhone: string | null; provider: string | null };
  readonly events?: object;
}

function open({ items = [], site = {}, contact, events }: Stand = {}) {
  const asked = fakeApi(({ path }) => {
    if (path === '/api/v1/sites/4216')
      return { dutyPhone: null, provider: null, ...contact, items };
    if (path.includes('/timeline')) return events ?? { items: [], incidents: [] };
    return noPlan(path);
  });
  const known = { ...siteOf('4216'), ...site };
  // Where most are the region is.
  const others = [siteOf('4217'), siteOf('4218')];
  const opened = openBoard('/ppe/4216', snapshotOf({ sites: [known, ...others], incidents: [] }));
  return { asked, ...opened };
}

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const room = (code: string) => screen.findByTestId(`room-${code}`);
const cell = (row: HTMLElement, id: string): HTMLElement => within(row).getByTestId(`cell-${id}`);

describe('the table of a ППЭ', () => {
  it('has a row a room with every device in shape, word and number, each leading to its PC', async () => {
    open({ items: [workstation(1, '0012')] });
    const row = await room('0012');
    const texts = [
      'state',
      'printer',
      'supplies',
      'scanner',
      'cameras',
      'audio',
      'disk',
      'clock',
      'line',
    ].map((id) => cell(row, id).textContent);
    expect(texts).toEqual([
      'замятие',
      'замятие',
      '62,0 %',
      'норма',
      '1/2 · нет маршрута',
      'тихо',
      '84,0 ГБ',
      '−300 мс',
      '24 мс',
    ]);
    expect(within(cell(row, 'printer')).getByRole('img', { name: 'отказ' })).toBeTruthy();
    expect(within(cell(row, 'printer')).getByRole('link').getAttribute('href')).toBe(
      `/workstations/${workstationId(1)}`,
    );
    expect(within(row).getByText('станция организатора').getAttribute('href')).toBe(
      `/workstations/${workstationId(1)}`,
    );
  });

  it('says once that a room is silent by the rules, and how old the flash drive of another is', async () => {
    const silent = { verdict: 'silentByRule', reason: 'silentByRule' } as const;
    const said = [...pc, ...devices].map(([id]): Said => [id, 'silentByRule', 'silentByRule']);
    open({
      items: [
        workstation(1, '0001', { ...silent, said, lastSeenAt: at(30 * MINUTE_MS) }),
        workstation(2, '0002', {
          ...silent,
          said,
          lastSeenAt: null,
          carried: { importedAt: at(2 * MINUTE_MS), newestAt: at(7 * MINUTE_MS), checks: [] },
        }),
      ],
    });
    const byRule = await room('0001');
    expect(cell(byRule, 'state').textContent).toBe('молчит по регламенту');
    expect(cell(byRule, 'heard').textContent).toBe('30 мин назад');
    expect(cell(byRule, 'printer').querySelector('.rooms-word')).toBeNull();
    expect(cell(await room('0002'), 'heard').textContent).toBe('с флешки, 7 мин назад');
  });

  it('never shows what a silent PC said last as if it were so now', async () => {
    const said: Said[] = [['heartbeat', 'unknown', 'silent'], ...pc.slice(1)];
    open({
      items: [
        workstation(1, '0001', {
          verdict: 'unknown',
          reason: 'silent',
          lastSeenAt: at(5 * MINUTE_MS),
          said,
        }),
      ],
    });
    const row = await room('0001');
    expect(cell(row, 'heard').textContent).toBe('молчит 5 мин');
    expect(cell(row, 'disk').className).toContain('rooms-cell-unknown');
    expect(cell(row, 'disk').textContent).not.toContain('ГБ');
  });

  it('lists rooms that nobody connected, the Штаб apart, and says where there are none', async () => {
    const rooms = ['0001', '7777'].map((code) => ({ code, isDone: false }));
    open({ site: { rooms } });
    expect(cell(await room('0001'), 'state').textContent).toBe('рабочих мест нет');
    expect(screen.queryByTestId('room-7777')).toBeNull();
    expect(screen.getByText('В Штабе нет ни одного рабочего места')).toBeTruthy();
    cleanup();
    open();
    await screen.findByText('Об аудиториях пункта пока ничего не известно');
  });

  it('survives a role of a newer collector', async () => {
    open({ items: [workstation(1, '0012', { role: 'beacon' as 'organizer' })] });
    expect(within(await room('0012')).getByText('beacon')).toBeTruthy();
  });
});

describe('the head and the Штаб of a ППЭ', () => {
  it('names place, phone of the post, provider, and the zone only where it is another', async () => {
    open({
      contact: { dutyPhone: '+7 384 555-01-10', provider: 'Связь-1' },
      site: { timeZone: 'Europe/Moscow' },
    });
    await screen.findByText('Штаб: +7 384 555-01-10');
    expect(screen.getByText('провайдер Связь-1')).toBeTruthy();
    expect(screen.getByTestId('zone').textContent).toBe('местное время UTC+3');
    expect(screen.getByText('Кемерово').getAttribute('href')).toBe('/municipalities/kemerovo');
    cleanup();
    open();
    await screen.findByText('телефон Штаба в реестре не указан');
    expect(screen.queryByTestId('zone')).toBeNull();
  });

  it('shows line, download, power and whether the rooms come through the Штаб', async () => {
    const hq = workstation(9, '7777', {
      role: 'hq',
      verdict: 'ok',
      said: [
        ['heartbeat', 'ok', 'ok'],
        ['net.down', 'ok', 'ok', { value: 12_500_000 }],
        ['pc.ups', 'fail', 'onBattery', { value: 0.4, mains: false }],
      ],
      metrics: { 'net.em.ratio': 0.43 },
    });
    open({ items: [hq, workstation(1, '0001', { relayId: workstationId(9) })] });
    const block = await screen.findByTestId('hq-block');
    await within(block).findByText('100 Мбит/с');
    expect(within(block).getByTestId('hq-em').textContent).toContain('получено 43,0 %');
    expect(within(block).getByTestId('hq-pc.ups').textContent).toContain('от батареи');
    expect(within(block).getByTestId('hq-relay').textContent).toContain(
      'через Штаб на связи 1 из 1',
    );
  });

  it('says that nobody knows the site, and shows foreign names as text', async () => {
    fakeApi(() => ({ status: 404, body: { type: 'urn:ppe-pulse:problem:unknownSite' } }));
    openBoard('/ppe/9999', snapshotOf());
    await screen.findByText(/ППЭ 9999 нет ни в реестре/);
    cleanup();
    const name = `<img src=x onerror=alert(1)> ${'Ш'.repeat(200)}`;
    open({ site: { name } });
    await waitFor(() =>
      expect(screen.getByRole('heading', { level: 1 }).textContent).toContain(name),
    );
    expect(document.querySelector('img')).toBeNull();
  });
});

describe('stages of a ППЭ', () => {
  it('show fact and plan, the one it is at, and the procedure that is worst first', async () => {
    open({
      site: {
        stages: [
          stage({ stage: 'stationsUp', done: 1, reachedAtMs: BOARD_MS - 6 * MINUTE_MS }),
          stage({ total: 2 }),
          stage({ stage: 'printing', total: 0 }),
          stage({ stage: 'camsOn', track: 'video', verdict: 'fail', reason: 'overdue' }),
        ],
      },
    });
    const strip = await screen.findByTestId('stage-strip');
    expect(within(strip).getByText('Камеры включены')).toBeTruthy();
    fireEvent.click(within(strip).getByRole('button', { name: /Письменный/ }));
    const steps = within(strip).getAllByRole('listitem');
    expect(steps.map((step) => step.querySelector('strong')?.textContent)).toEqual([
      '09:30',
      '0/2',
    ]);
    expect(steps[1]?.getAttribute('aria-current')).toBe('step');
    expect(steps[1]?.textContent).toContain('план 09:36');
  });
});

describe('what happened at a ППЭ', () => {
  const entry = (id: number, kind: string, part: object = {}) => ({
    id: `${kind === 'call' ? 'call' : 'incident'}-${id}`,
    kind: kind === 'call' ? 'call' : 'incident',
    at: at(MINUTE_MS),
    entry: {
      id,
      incidentId: 'i-7',
      atMs: BOARD_MS,
      by: 'admin',
      kind,
      note: '',
      details: {},
      ...part,
    },
  });
  const events = {
    items: [
      entry(2, 'call', { details: { outcome: 'noAnswer' }, note: '<b>нет</b>' }),
      entry(1, 'opened'),
      {
        id: 'flip-1',
        kind: 'flip',
        at: at(2 * MINUTE_MS),
        flip: {
          workstationId: workstationId(1),
          roomCode: '0012',
          role: 'organizer',
          duty: 'main',
          checkId: 'printer.state',
          from: 'ok',
          to: 'fail',
          reason: 'jam',
        },
      },
      {
        id: 'claim-1',
        kind: 'claim',
        at: at(3 * MINUTE_MS),
        claim: {
          roomCode: null,
          track: 'written',
          stage: 'keyDownload',
          done: null,
          isMade: true,
          by: 'admin',
          note: '',
        },
      },
      { id: 'dream-1', kind: 'dream', at: at(4 * MINUTE_MS) },
    ],
    incidents: [incidentOf(7)],
    nextCursor: '1.flip.1',
  };

  it('stands newest first with its people, and asks for one sort of events or for earlier ones', async () => {
    const { asked } = open({ events });
    const list = await screen.findByTestId('timeline');
    await within(list).findByText(/замятие бумаги/);
    const lines = within(list)
      .getAllByRole('listitem')
      .map((each) => each.textContent);
    expect(lines[0]).toContain('звонок: не отвечают');
    expect(lines[0]).toContain('<b>нет</b>');
    expect(lines[3]).toContain('Заявлено: Ключ доступа получен');
    expect(lines[4]).toContain('dream');
    fireEvent.change(within(list).getByRole('combobox'), { target: { value: 'claim' } });
    await waitFor(() =>
      expect(asked.some(({ path }) => path.endsWith('timeline?limit=30&kind=claim'))).toBe(true),
    );
    fireEvent.click(await within(list).findByRole('button', { name: 'Показать более ранние' }));
    await waitFor(() =>
      expect(asked.some(({ path }) => path.endsWith('limit=120&kind=claim'))).toBe(true),
    );
  });

  it('has the calls by themselves', async () => {
    const { asked } = open({ events: { ...events, items: events.items.slice(0, 1) } });
    const calls = await screen.findByTestId('calls');
    await within(calls).findByText('звонок: не отвечают');
    expect(asked.some(({ path }) => path.includes('kind=call'))).toBe(true);
  });

  it('goes on with what is live: a site that takes no part says so', async () => {
    const { tell } = open();
    await screen.findByTestId('timeline');
    tell(deltaOf(2, { sites: [{ ...siteOf('4216'), isInvolved: false }] }));
    await screen.findByText('не участвует');
  });
});
