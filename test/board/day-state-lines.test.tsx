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
  silentWorkstation,
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

const chips = (): (string | null)[] =>
  [...document.querySelectorAll('.day-chip')].map((chip) => chip.textContent);
const planEditing = { by: 'admin', sinceAt: '2024-05-15T09:30:00+07:00' };
const silenced = { open: 0, critical: 0, untaken: 0, oldestUntakenAtMs: null, silenced: 1 };

describe('the kind of day on the wall', () => {
  it('is nothing at all on an ordinary day', async () => {
    openBoard('/', snapshotOf({ overview: overviewOf({ rehearsal: rehearsalOf() }) }));
    await screen.findByTestId('incidents');
    expect(screen.queryByTestId('day-state')).toBeNull();
  });

  it('is two lines at most, the rest are chips, and one press away', async () => {
    const overview = overviewOf({
      rehearsal: rehearsalOf({ isSimulated: true, speed: 60, phase: 'closed' }),
      planEditing,
    });
    openBoard('/', snapshotOf({ overview, incidents: [incidentOf(1, { isDrill: true })] }));
    expect(await lines()).toEqual([ru.playedDay('60'), ru.after('18:40')]);
    const more = screen.getByRole('button', { name: /учебная тревога.*план правят/ });
    expect(chips()).toEqual(['учебная тревога', 'план правят']);
    expect(more.getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(more);
    expect(await lines()).toHaveLength(4);
    expect(more.getAttribute('aria-expanded')).toBe('true');
    expect(more.textContent).toBe(ru.less);
  });

  it.each<[string, Partial<Overview>, readonly string[]]>([
    ['three states', { planEditing }, ['план правят']],
    ['four', { planEditing, incidents: silenced }, ['план правят', 'есть заглушённые']],
    [
      'one warning after another',
      { planEditing, warnings: ['diskNearlyFull', 'bufferNearlyFull'] },
      ['план правят', 'коллектор предупреждает'],
    ],
  ])('says all of %s in words at once, the quiet ones shorter', async (_, part, expected) => {
    const overview = overviewOf({ rehearsal: rehearsalOf({ phase: 'closed' }), ...part });
    openBoard('/', snapshotOf({ overview, incidents: [incidentOf(1, { isDrill: true })] }));
    expect(await lines()).toHaveLength(2);
    expect(chips()).toEqual(expected);
    expect(document.querySelectorAll('.day-chip .glyph')).toHaveLength(expected.length);
  });

  it('says that ППЭ are silent by rule where there is room for no more lines', async () => {
    const ruled = { ...silentWorkstation(), verdict: 'silentByRule' as const };
    const overview = overviewOf({ rehearsal: rehearsalOf({ isSimulated: true, phase: 'closed' }) });
    openBoard('/', snapshotOf({ overview, workstations: [ruled] }));
    expect(await lines()).toEqual([ru.playedInRealTime, ru.after('18:40')]);
    expect(chips()).toEqual(['молчат по регламенту']);
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
