// @vitest-environment happy-dom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveStage, LiveWorkstation } from '@ppe-pulse/protocol';
import { rowsOf, stagesOf } from '../../board/src/municipality/municipality-model.ts';
import {
  BOARD_MS,
  fakeApi,
  incidentOf,
  openBoard,
  siteOf,
  snapshotOf,
} from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

const stage = (part: Partial<LiveStage>): LiveStage => ({
  stage: 'printing',
  track: 'written',
  done: 3,
  total: 20,
  unknown: 0,
  late: 0,
  verdict: 'ok',
  reason: 'notDue',
  reachedAtMs: null,
  dueAtMs: BOARD_MS,
  isMismatch: false,
  ...part,
});

const workstation = (
  number: number,
  siteCode: string,
  part: Partial<LiveWorkstation>,
): LiveWorkstation => ({
  index: number,
  id: workstationId(number),
  placement: { siteCode, roomCode: '0012', role: 'organizer', duty: 'main', simulated: false },
  verdict: 'ok',
  reason: 'ok',
  lastSeenMs: BOARD_MS,
  problems: [],
  values: [],
  ...part,
});

const rooms = ['0012', '0013'].map((code) => ({ code, isDone: false }));
const sites = [
  { ...siteOf('0001'), rooms, met: 17, conditions: 19, stages: [stage({ late: 2, unknown: 1 })] },
  { ...siteOf('0002'), rooms, stages: [stage({ done: 20, reachedAtMs: BOARD_MS })] },
  { ...siteOf('0003'), isInvolved: false, stages: [stage({})] },
  siteOf('4216', 'Белово', 'belovo'),
];
const workstations = [
  workstation(1, '0001', { verdict: 'fail', reason: 'jam' }),
  workstation(2, '0002', {}),
];
const municipalities = [
  { slug: 'kemerovo', name: 'Кемерово', kind: 'ГО', tile: null },
  { slug: 'belovo', name: `<b>Белово</b>${'о'.repeat(190)}`, kind: '', tile: null },
];

function open(path: string, part: Parameters<typeof snapshotOf>[0] = {}) {
  const asked = fakeApi(({ path: at }) =>
    at.startsWith('/api/v1/sites?')
      ? { items: [{ code: '0001', dutyPhone: '+7 384 555-01-10' }] }
      : undefined,
  );
  openBoard(path, snapshotOf({ sites, workstations, municipalities, ...part }));
  return asked;
}

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('the page of a municipality', () => {
  it('lists its own sites, worst first, with what is wrong, missing, late and open', async () => {
    const incidents = [incidentOf(1, { siteCode: '0001', siteCodes: ['0001'], node: 'site:0001' })];
    const asked = open('/municipalities/kemerovo', { incidents });
    const table = await screen.findByTestId('municipality-sites');
    await within(table).findByText('+7 384 555-01-10');
    const rowsShown = within(table).getAllByRole('row').slice(1);
    expect(rowsShown.map((row) => within(row).getByRole('rowheader').textContent)).toEqual([
      'ППЭ 0001 Школа 0001 (пример)',
      'ППЭ 0002 Школа 0002 (пример)',
      'ППЭ 0003 Школа 0003 (пример)',
    ]);
    expect(
      within(rowsShown[0] as HTMLElement)
        .getAllByRole('cell')
        .map((each) => each.textContent?.trim()),
    ).toEqual([
      'замятие бумаги',
      '17 из 19',
      '2 из 2',
      '—',
      'Печать ЭМ 3/20 · опаздывают 2 · неизвестно 1',
      '1',
      '+7 384 555-01-10',
    ]);
    expect(rowsShown[2]?.textContent).toContain('не участвует');
    expect(screen.getByTestId('counts').textContent).toContain('1 отказ');
    expect(screen.getByTestId('municipality-incidents').textContent).toContain('ППЭ 0001');
    expect(asked.some(({ path }) => path === '/api/v1/sites?municipality=kemerovo')).toBe(true);
  });

  it('counts stages as sites that reached them, of those that take part', () => {
    const picture = {
      registry: new Map(sites.map((site) => [site.code, site])),
      sites: new Map([['0001', [workstations[0] as LiveWorkstation]]]),
      incidents: new Map(),
    };
    expect(stagesOf(rowsOf('kemerovo', picture))).toMatchObject([
      { stage: 'printing', done: 1, total: 2, late: 1, unknown: 1, reachedAtMs: null },
    ]);
    expect(stagesOf([])).toEqual([]);
  });

  it('says that there is no such municipality, also for a broken address', async () => {
    for (const slug of ['nowhere', '%E0%A4%A', encodeURIComponent('<script>')]) {
      open(`/municipalities/${slug}`);
      await screen.findByText(/в реестре нет/);
      cleanup();
    }
    expect(document.querySelector('script[src]')).toBeNull();
  });

  it('shows a name of 200 characters with markup as text', async () => {
    open('/municipalities/belovo');
    const title = await screen.findByRole('heading', { level: 1 });
    expect(title.textContent).toContain('<b>Белово</b>');
    expect(title.querySelector('b')).toBeNull();
  });
});
