// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
  snapshotOf,
} from '../support/board-page.ts';

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('the bar above every page but the wall', () => {
  const counts = {
    open: 5,
    critical: 3,
    untaken: 2,
    oldestUntakenAtMs: BOARD_MS - 6 * MINUTE_MS,
    silenced: 3,
  };

  it.each(['/incidents', '/alerts', '/ppe/4216'])(
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
      '/alerts',
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
    const { tell } = openBoard('/alerts', snapshotOf({ overview, incidents: [silenced] }));
    await screen.findByText('критичных 1');
    expect(screen.queryByText(ru.allTaken)).toBeNull();
    const taken = { ...silenced, acknowledgedAtMs: BOARD_MS, acknowledgedBy: 'duty' };
    act(() => tell(deltaOf(2, { incidents: [taken] })));
    expect(screen.getByText(ru.allTaken)).toBeTruthy();
  });

  it('mentions a silence also when nothing open is under it', async () => {
    openBoard('/alerts', snapshotOf({ silences: [silenceOf({ covers: 0 })] }));
    expect(await screen.findByText(ru.silencesToCome('1'))).toBeTruthy();
  });

  it('says nothing of silences where there are none', async () => {
    openBoard('/alerts', snapshotOf());
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
