// @vitest-environment happy-dom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Verdict } from '@ppe-pulse/protocol';
import { fakeApi, openBoard, siteOf, snapshotOf } from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Twenty municipalities of two ППЭ each; the last one has failed. */
function manySites() {
  const homes = Array.from({ length: 20 }, (_, at) => ({
    slug: `m-${at + 1}`,
    name: `Район ${at + 1}`,
    kind: '',
    tile: null,
  }));
  const sites = homes.flatMap(({ slug, name }, at) =>
    [1, 2].map((nth) => siteOf(String(1_000 + at * 2 + nth), name, slug)),
  );
  const workstations = sites.map(({ code }, index) => {
    const verdict: Verdict = index === sites.length - 1 ? 'fail' : 'ok';
    return {
      index,
      id: workstationId(index + 1),
      placement: {
        siteCode: code,
        roomCode: '0001',
        role: 'organizer' as const,
        duty: 'main' as const,
        simulated: false,
      },
      verdict,
      reason: verdict === 'fail' ? 'jam' : 'ok',
      lastSeenMs: 1,
      problems: [],
      values: [],
    };
  });
  return snapshotOf({ sites, municipalities: homes, workstations });
}

describe('the view of many sites', () => {
  it('tells the municipalities in a table, worst first, page by page', async () => {
    fakeApi(() => undefined);
    openBoard('/?view=country', manySites());
    const table = await screen.findByRole('table', { name: /Муниципалитеты/ });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows).toHaveLength(16);
    expect(rows[0]?.textContent).toBe('Район 2010012');
    const link = within(rows[0] as HTMLElement).getByRole('link', { name: 'Район 20' });
    expect(link.getAttribute('href')).toBe('/municipalities/m-20');
    const next = screen.getByRole('button', { name: 'Следующие' });
    next.click();
    await screen.findByText('страница 2 из 2');
    expect(within(table).getAllByRole('row')).toHaveLength(1 + 4);
    expect(next).toHaveProperty('disabled', true);
  });

  it('says what a cursor that came by keys stands on, and opens it', async () => {
    fakeApi(() => undefined);
    openBoard('/?view=country', manySites());
    const canvas = await screen.findByRole('application', { name: /Стрелки/ });
    await screen.findByRole('table', { name: /Муниципалитеты/ });
    const press = (key: string): boolean =>
      canvas.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    press('End');
    const said = await screen.findByText('ППЭ 1040');
    const status = said.closest('[role="status"]');
    expect(status?.textContent).toContain('отказ');
    expect(status?.textContent).toContain('Школа 1040 (пример)');
    press('Home');
    await screen.findByText('ППЭ 1001');
    expect(press('q')).toBe(true);
    press('Enter');
    await vi.waitFor(() => expect(location.pathname).toBe('/ppe/1001'));
  });

  it('speaks English, too, and shows foreign names as they are', async () => {
    localStorage.setItem('ppe-pulse.settings', JSON.stringify({ language: 'en' }));
    fakeApi(() => undefined);
    const snapshot = manySites();
    const [first, ...rest] = snapshot.municipalities;
    openBoard('/?view=country', {
      ...snapshot,
      municipalities: [{ ...first, name: '<b>Район</b>' }, ...rest],
    });
    await screen.findByRole('table', { name: /worst first/ });
    expect(screen.getByRole('button', { name: 'Next' })).toBeTruthy();
    expect(screen.getByRole('link', { name: '<b>Район</b>' })).toBeTruthy();
    localStorage.clear();
  });
});
