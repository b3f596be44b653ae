// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { agentsPath, type AgentAnswer } from '../../board/src/agents/agent-answer.ts';
import { BOARD_MS, fakeApi, openBoard, overviewOf, snapshotOf } from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

const agent = (number: number, part: Partial<AgentAnswer> = {}): AgentAnswer => ({
  id: workstationId(number),
  siteCode: '4216',
  roomCode: '0012',
  role: 'organizer',
  duty: 'main',
  simulated: false,
  verdict: 'ok',
  reason: 'ok',
  lastSeenAt: new Date(BOARD_MS).toISOString(),
  isHeard: true,
  agentVersion: '0.2.0',
  mode: 'prep',
  planVersion: 3,
  isPlanBehind: false,
  clockOffsetMs: 12,
  journalLag: 0,
  journalDropped: 0,
  clones: 0,
  ...part,
});

const summary = {
  total: 3_012,
  heard: 2_900,
  neverHeard: 112,
  lagging: 1,
  backlog: 900,
  planBehind: 1,
  clockOff: 1,
  clones: 1,
  dropped: 1,
  versions: [
    { version: '0.10.0', count: 11 },
    { version: '0.2.0', count: 2_889 },
  ],
};

function open(items: readonly AgentAnswer[], more: object = {}) {
  const asked = fakeApi(({ path }) =>
    path.startsWith('/api/v1/agents')
      ? { summary, found: items.length, items, ...more }
      : { root: null, troublePercent: 10, bundles: [], stages: [], troubles: [] },
  );
  openBoard(
    '/agents',
    snapshotOf({
      overview: overviewOf({ workstations: { ...overviewOf().workstations, unplanned: 4 } }),
    }),
  );
  return asked;
}

const asks = (asked: readonly { path: string }[], path: string) =>
  waitFor(() => expect(asked.map((each) => each.path)).toContain(path));

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('the page of agents', () => {
  it('says how many run which version, and marks the newest', async () => {
    open([agent(1)]);
    const versions = await screen.findByTestId('versions');
    expect(within(versions).getByText('0.10.0', { exact: false }).textContent).toBe(
      '0.10.0 11 новейшая',
    );
    expect(screen.getByTestId('agents-heard').textContent).toContain('из 3\u00a0012');
    expect(screen.getByText(/Вне реестра: 4/).getAttribute('href')).toBe('/rehearsal');
  });

  it('shows what is the matter by shape and words: journal, plan, version, clock, clones', async () => {
    open([
      agent(1, {
        journalLag: 900,
        journalDropped: 4,
        planVersion: 2,
        isPlanBehind: true,
        clockOffsetMs: -31_000,
        clones: 2,
      }),
      agent(2, {
        agentVersion: null,
        planVersion: null,
        mode: null,
        lastSeenAt: null,
        isHeard: false,
        clockOffsetMs: null,
        role: 'beacon' as 'organizer',
      }),
    ]);
    const [, ill, never] = within(await screen.findByTestId('agents')).getAllByRole('row');
    for (const word of ['900', 'потеряно 4', '2 · не действующий', '0.2.0', 'двойников 2'])
      expect([word, ill?.textContent?.includes(word)]).toEqual([word, true]);
    expect(ill?.querySelectorAll('.agents-bad .glyph-warn').length).toBe(6);
    expect(never?.textContent).toContain('никогда');
    expect(never?.textContent).toContain('beacon');
  });

  it('asks the collector for a filter, a search, a version and the next page', async () => {
    const asked = open([agent(1)], { nextCursor: '7.0-4216' });
    await asks(asked, '/api/v1/agents?limit=100');
    fireEvent.click(await screen.findByRole('button', { name: /Следующие/ }));
    await asks(asked, '/api/v1/agents?limit=100&cursor=7.0-4216');
    fireEvent.click(await screen.findByRole('button', { name: /К началу/ }));
    fireEvent.click(await screen.findByRole('button', { name: /Журнал отстаёт/ }));
    await asks(asked, '/api/v1/agents?limit=100&filter=lagging');
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: ' 4216-00 ' } });
    await asks(asked, '/api/v1/agents?limit=100&filter=lagging&search=4216-00');
  });

  it('says that there are none, and escapes what is typed', async () => {
    open([]);
    await screen.findByText('Таких агентов нет');
    const typed = { filter: 'all', search: '&limit=9 <b>', version: '', cursor: '' } as const;
    expect(agentsPath(typed)).toBe('/api/v1/agents?limit=100&search=%26limit%3D9+%3Cb%3E');
  });
});
