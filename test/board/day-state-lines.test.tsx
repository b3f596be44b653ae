// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Overview } from '@ppe-pulse/protocol';
import { dayStateEn as en } from '../../board/src/day-state/day-state-en.ts';
import { dayStateRu as ru } from '../../board/src/day-state/day-state-ru.ts';
import {
  BOARD_MS,
  fakeApi,
  incidentOf,
  openBoard,
  overviewOf,
  snapshotOf,
} from '../support/board-page.ts';

beforeEach(() => {
  localStorage.clear();
  fakeApi(() => undefined);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const rehearsalOf = (
  part: Partial<NonNullable<Overview['rehearsal']>> = {},
): NonNullable<Overview['rehearsal']> => ({
  planId: '2024-05-15',
  planVersion: 1,
  title: 'Апробация',
  nowAt: '2024-05-15T09:36:00+07:00',
  speed: 1,
  isSimulated: false,
  agentsBehind: 0,
  phase: 'opening',
  opensAt: '2024-05-15T08:00:00+07:00',
  closesAt: '2024-05-15T18:40:00+07:00',
  ...part,
});
const beatOf = (overview: Overview): object => ({
  type: 'beat',
  seq: 1,
  serverTimeMs: BOARD_MS,
  dataAgeMs: 0,
  overview,
});
const lines = async (): Promise<(string | null)[]> =>
  within(await screen.findByTestId('day-state'))
    .getAllByRole('listitem')
    .map((line) => line.textContent);

describe('the kind of day on the wall', () => {
  it('is nothing at all on an ordinary day', async () => {
    openBoard('/', snapshotOf({ overview: overviewOf({ rehearsal: rehearsalOf() }) }));
    await screen.findByTestId('incidents');
    expect(screen.queryByTestId('day-state')).toBeNull();
  });

  it('is two lines at most, the rest one press away', async () => {
    const overview = overviewOf({
      rehearsal: rehearsalOf({ isSimulated: true, speed: 60, phase: 'closed' }),
      planEditing: { by: 'admin', sinceAt: '2024-05-15T09:30:00+07:00' },
    });
    openBoard('/', snapshotOf({ overview, incidents: [incidentOf(1, { isDrill: true })] }));
    expect(await lines()).toEqual([ru.playedDay('60'), ru.after('18:40')]);
    const more = screen.getByRole('button', { name: ru.more('2') });
    expect(more.getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(more);
    expect(await lines()).toHaveLength(4);
    expect(more.getAttribute('aria-expanded')).toBe('true');
  });

  it('says that there is no plan, in English too', async () => {
    localStorage.setItem('ppe-pulse.settings', JSON.stringify({ language: 'en' }));
    openBoard('/', snapshotOf());
    expect(await screen.findByText(en.noPlan)).toBeTruthy();
  });

  it('tells that the plan has changed, and stops telling it', async () => {
    const { tell } = openBoard(
      '/',
      snapshotOf({ overview: overviewOf({ rehearsal: rehearsalOf() }) }),
    );
    await screen.findByTestId('incidents');
    const changed = overviewOf({ rehearsal: rehearsalOf({ planVersion: 2 }) });
    act(() => tell(beatOf(changed)));
    expect(await lines()).toEqual([ru.planChanged('2')]);
    act(() => tell({ ...beatOf(changed), serverTimeMs: BOARD_MS + 31_000 }));
    await vi.waitFor(() => expect(screen.queryByTestId('day-state')).toBeNull());
  });

  it('does not take the first plan for a changed one', async () => {
    const { tell } = openBoard('/', snapshotOf());
    expect(await lines()).toEqual([ru.noPlan]);
    act(() => tell(beatOf(overviewOf({ rehearsal: rehearsalOf({ planVersion: 7 }) }))));
    await vi.waitFor(() => expect(screen.queryByTestId('day-state')).toBeNull());
  });
});
