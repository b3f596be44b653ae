// @vitest-environment happy-dom
import { cleanup, render, renderHook, screen, within } from '@testing-library/react';
import { createElement } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nothingKnown, reduceLive, type Overview } from '@ppe-pulse/protocol';
import { App } from '../../board/src/App.tsx';
import { dayStateRu } from '../../board/src/day-state/day-state-ru.ts';
import { LiveClient } from '../../board/src/live/live-client.ts';
import { useFilmClock } from '../../board/src/replay/use-film-clock.ts';
import { ru } from '../../board/src/text/ru.ts';
import { zoneOf } from '../../board/src/ui/time.ts';
import {
  BOARD_MS,
  MINUTE_MS,
  fakeApi,
  incidentOf,
  openBoard,
  overviewOf,
  siteOf,
  snapshotOf,
} from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

beforeEach(() => {
  localStorage.clear();
  fakeApi(() => undefined);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const irkutsk = ['4217', '4218', '4219'].map((code) => ({
  ...siteOf(code),
  timeZone: 'Asia/Irkutsk',
}));
const moscow = { ...siteOf('4216'), timeZone: 'Europe/Moscow' };
/** A region that is an hour ahead of the usual one, with a ППЭ far west of it. */
const sites = [moscow, ...irkutsk];
const rehearsal: NonNullable<Overview['rehearsal']> = {
  planId: '2024-05-15',
  planVersion: 1,
  title: 'Апробация',
  nowAt: new Date(BOARD_MS).toISOString(),
  speed: 1,
  isSimulated: false,
  agentsBehind: 0,
  phase: 'closed',
  opensAt: '2024-05-15T08:00:00+07:00',
  closesAt: '2024-05-15T09:00:00+07:00',
};
const overview = overviewOf({ rehearsal });
const text = (id: string): string => screen.getByTestId(id).textContent ?? '';

describe('the zone of a region', () => {
  const registry = new Map(sites.map((site) => [site.code, site]));

  it('is that of most of its ППЭ, and a ППЭ has its own', () => {
    expect(zoneOf(registry)).toBe('Asia/Irkutsk');
    expect(zoneOf(registry, '4216')).toBe('Europe/Moscow');
    expect(zoneOf(registry, '0000')).toBe('Asia/Irkutsk');
  });

  it('stands in for one that this browser does not know', () => {
    const mars = new Map([...registry, ['4216', { ...moscow, timeZone: 'Mars/Olympus' }]]);
    expect(zoneOf(mars, '4216')).toBe('Asia/Irkutsk');
    expect(zoneOf(new Map())).toBe('Asia/Novokuznetsk');
  });
});

describe('times of a region in another zone', () => {
  it('are one on the wall: clock, kind of day, incidents, trend', async () => {
    const points = [40, 20, 0].map((ago) => ({
      atMs: BOARD_MS - 6 * MINUTE_MS - ago * MINUTE_MS,
      rxBytesPerSecond: 1_000_000,
      txBytesPerSecond: 0,
      stations: 1,
    }));
    const snoozed = incidentOf(1, { snoozedUntilMs: BOARD_MS + 10 * MINUTE_MS });
    openBoard(
      '/',
      snapshotOf({
        overview,
        sites,
        incidents: [snoozed],
        trend: { everyMs: 15_000, points },
      }),
    );
    await screen.findByTestId('incidents');
    expect(screen.getByRole('banner').textContent).toMatch(/10:36:\d\d.*UTC\+8/);
    expect((await screen.findByTestId('day-state')).textContent).toContain(
      dayStateRu.after('10:00'),
    );
    expect(text('incidents')).toContain('10:46');
    await screen.findByTestId('trend-now');
    const times = [...document.querySelectorAll('.trend-time')].map((each) => each.textContent);
    expect(times.length).toBeGreaterThan(0);
    expect(times.filter((each) => !/^(?:09:[45]|10:[0-3])/.test(each ?? ''))).toEqual([]);
  });

  it('are the same on an old picture', () => {
    const live = new LiveClient('http://127.0.0.1', {
      open: () =>
        Object.assign(new EventTarget(), { send: () => undefined }) as unknown as WebSocket,
      isSignedOut: async () => false,
      nowMs: () => performance.now(),
      random: () => 1,
    });
    live.restore(reduceLive(nothingKnown, snapshotOf({ sites })).state, 20 * MINUTE_MS);
    render(createElement(App, { live }));
    expect(screen.getByRole('alert').textContent).toContain(ru.asOf('10:36'));
    expect(document.querySelector('.watermark')?.textContent).toContain(ru.asOf('10:36'));
  });

  it('are those of the region in a film of it, by day as well', () => {
    const clock = renderHook(() => useFilmClock([], 'Asia/Irkutsk')).result.current;
    expect(clock.time(BOARD_MS)).toBe('10:36:00');
    expect(clock.dayOf(Date.parse('2024-05-14T16:30:00Z'))).toBe('2024-05-15');
  });
});

describe('times on pages of one ППЭ', () => {
  const call = {
    id: 'call-1',
    kind: 'call',
    at: new Date(BOARD_MS).toISOString(),
    entry: {
      id: 1,
      incidentId: 'i-1',
      kind: 'call',
      atMs: BOARD_MS,
      by: 'duty',
      note: '',
      details: { outcome: 'noAnswer' },
    },
  };
  const answers = (path: string): object | undefined => {
    if (path === '/api/v1/sites/4216') return { dutyPhone: null, provider: null, items: [] };
    if (path.includes('/timeline')) return { items: [call], incidents: [incidentOf(1)] };
    if (path.includes('/readiness')) return readiness;
    if (path.includes('/forecasts'))
      return { status: 409, body: { type: 'urn:ppe-pulse:problem:noPlan' } };
    return undefined;
  };
  const condition = { reason: 'ok', rooms: [], basis: '', todo: '', verdict: 'fail' };
  const readiness = {
    met: 0,
    total: 2,
    conditions: [
      { ...condition, id: 'a', title: 'Сегодня', since: '2024-05-15T02:00:00Z' },
      { ...condition, id: 'b', title: 'Вчера', since: '2024-05-14T13:10:00Z' },
    ],
  };

  it('are those of the ППЭ, which is said; a condition of another day has its day', async () => {
    fakeApi(({ path }) => answers(path));
    openBoard('/ppe/4216', snapshotOf({ overview, sites, incidents: [incidentOf(1)] }));
    expect((await screen.findByTestId('zone')).textContent).toBe('местное время UTC+3');
    expect((await screen.findByTestId('site-incidents')).textContent).toContain('05:32');
    const calls = await screen.findByTestId('calls');
    await within(calls).findByText('05:36');
    const conditions = within(await screen.findByTestId('readiness')).getAllByRole('listitem');
    expect(conditions.map((each) => each.textContent)).toEqual([
      expect.stringContaining('с 05:00'),
      expect.stringContaining('с 14.05 16:10'),
    ]);
  });

  it('are those of the ППЭ on the page of an incident there, the region’s on that of a wider one', async () => {
    openBoard('/incidents/i-1', snapshotOf({ sites, incidents: [incidentOf(1)] }));
    expect((await screen.findByTestId('incident-facts')).textContent).toContain('05:32');
    expect(text('zone')).toBe('местное время UTC+3');
    cleanup();
    const wide = incidentOf(2, { level: 'provider', siteCode: null });
    openBoard('/incidents/i-2', snapshotOf({ sites, incidents: [wide] }));
    expect((await screen.findByTestId('incident-facts')).textContent).toContain('10:32');
    expect(screen.queryByTestId('zone')).toBeNull();
  });

  it('are those of the ППЭ on the page of one of its PCs', async () => {
    const id = workstationId(1);
    const pc = {
      id,
      siteCode: '4216',
      roomCode: '0012',
      role: 'organizer',
      duty: 'main',
      simulated: false,
      verdict: 'unknown',
      reason: 'silent',
      lastSeenAt: null,
      agentVersion: null,
      mode: null,
      planVersion: null,
      journalLag: 0,
      checks: [],
      metrics: {},
      measuredAt: {},
      inventory: null,
    };
    fakeApi(({ path }) => (path === `/api/v1/workstations/${id}` ? pc : answers(path)));
    const here = incidentOf(1, { snoozedUntilMs: BOARD_MS + 10 * MINUTE_MS });
    openBoard(`/workstations/${id}`, snapshotOf({ sites, incidents: [here] }));
    expect((await screen.findByTestId('zone')).textContent).toBe('местное время UTC+3');
    expect((await screen.findByTestId('station-incidents')).textContent).toContain('05:46');
  });

  it('need no word where another name tells the same time, and bear a zone that nobody knows', async () => {
    fakeApi(({ path }) => answers(path));
    for (const timeZone of ['Etc/GMT-8', 'Mars/Olympus']) {
      openBoard('/ppe/4216', snapshotOf({ sites: [{ ...moscow, timeZone }, ...irkutsk] }));
      const calls = await screen.findByTestId('calls');
      await within(calls).findByText('10:36');
      expect(screen.queryByTestId('zone')).toBeNull();
      expect(screen.queryByText(ru.partFailed)).toBeNull();
      cleanup();
    }
  });
});
