// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rollbackReasons, updateRefusals } from '@ppe-pulse/protocol/update';
import { rolloutEn } from '../../board/src/agents/rollout-en.ts';
import { rolloutRefusals } from '../../board/src/agents/rollout-refusals.ts';
import { rolloutRu as ru } from '../../board/src/agents/rollout-ru.ts';
import {
  standings,
  type StageAnswer,
  type UpdatesAnswer,
} from '../../board/src/agents/rollout-shapes.ts';
import { targetStates } from '../../server/src/updates/rollout.ts';
import { standings as collectorsStandings } from '../../server/src/updates/standing.ts';
import { BOARD_MS, fakeApi, openBoard, openBoardAs, snapshotOf } from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

const at = (ms: number): string => new Date(ms).toISOString();
const agents = {
  summary: { total: 0, heard: 0, versions: [] },
  found: 0,
  items: [],
};

const stage = (part: Partial<StageAnswer> = {}): StageAnswer => ({
  id: 2,
  version: '0.2.0',
  scope: 'site',
  place: '4216',
  state: 'running',
  startedAt: at(BOARD_MS - 60_000),
  startedBy: 'anna',
  endedAt: null,
  progress: { confirmed: 3, fetching: 1, notHere: 2 },
  ...part,
});

const updates = (part: Partial<UpdatesAnswer> = {}): UpdatesAnswer => ({
  root: { version: 1, threshold: 2, keys: 3 },
  troublePercent: 10,
  bundles: [
    { version: '0.3.0', bytes: 1, expiresAt: at(BOARD_MS - 1), addedAt: at(0), addedBy: 'anna' },
    {
      version: '0.2.0',
      bytes: 180_000,
      expiresAt: at(BOARD_MS + 86_400_000),
      addedAt: at(0),
      addedBy: 'anna',
    },
  ],
  stages: [],
  troubles: [],
  ...part,
});

/** The page of agents of a collector that answers so. */
function open(answer: UpdatesAnswer, post: (path: string) => object = () => stage()) {
  const asked = fakeApi(({ method, path }) => {
    if (method === 'POST') return post(path);
    if (path.startsWith('/api/v1/agents')) return agents;
    return path === '/api/v1/updates' ? answer : undefined;
  });
  const municipalities = [{ slug: 'kemerovo', name: 'Кемерово', tile: null }];
  openBoard('/agents', snapshotOf({ municipalities } as object));
  return asked;
}

const posted = (asked: ReturnType<typeof fakeApi>) =>
  asked.filter(({ method }) => method === 'POST');

/** What cannot be undone is pressed twice. */
function pressTwice(within_: ReturnType<typeof within>, text: string, sure: string): void {
  fireEvent.click(within_.getByRole('button', { name: text }));
  fireEvent.click(within_.getByRole('button', { name: sure }));
}

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('the update of agents on the board', () => {
  it('shows how far a stage is in words and counts, and the stages before it', async () => {
    open(
      updates({
        stages: [
          stage({ scope: 'municipality', place: 'kemerovo' }),
          stage({ id: 1, state: 'done' }),
        ],
      }),
    );
    const shown = await screen.findByTestId('stage-2');
    expect(shown.textContent).toContain('0.2.0 · муниципалитет Кемерово · идёт');
    expect(shown.textContent).toContain('обновлено 3 из 6');
    expect(shown.textContent).toContain('anna');
    for (const words of ['скачивает 1', 'нет на связи 2'])
      expect(shown.textContent).toContain(words);
    expect(shown.textContent).not.toContain('откатилось');
    expect(screen.getByText('0.2.0 · ППЭ 4216 · завершено')).toBeDefined();
  });

  it('says why a stage paused, lists who is in trouble and why, and lets it go on', async () => {
    const trouble = { id: workstationId(7), siteCode: '4216', at: at(BOARD_MS) };
    const asked = open(
      updates({
        stages: [stage({ state: 'paused', progress: { confirmed: 1, rolledBack: 1 } })],
        troubles: [
          { ...trouble, state: 'rolledBack', reason: 'notConnected' },
          { ...trouble, id: workstationId(8), state: 'refused', reason: 'runtimeTooOld' },
          { ...trouble, id: workstationId(9), state: 'refused', reason: 'ofALaterCollector' },
        ],
      }),
    );
    const shown = within(await screen.findByTestId('stage-2'));
    expect(shown.getByRole('alert').textContent).toBe(ru.pausedHint('10'));
    const [, rolled, old, unknown] = within(screen.getByTestId('update-troubles')).getAllByRole(
      'row',
    );
    expect(rolled?.textContent).toContain('откатилось: новая версия не вышла на связь');
    expect(old?.textContent).toContain(`отказалось: ${ru.reasons.runtimeTooOld}`);
    expect(unknown?.textContent).toContain('ofALaterCollector');
    pressTwice(shown, ru.goOn, ru.goOnReally);
    await waitFor(() =>
      expect(posted(asked)).toMatchObject([{ path: '/api/v1/update-stages/2/go-on' }]),
    );
  });

  it('begins a stage only when it is pressed twice and says for whom', async () => {
    const asked = open(updates());
    const form = within(await screen.findByTestId('begin-stage'));
    // An update that is too old is not offered.
    expect(form.getAllByRole('option').map(({ textContent }) => textContent)).toEqual([
      '0.2.0',
      ru.scopes.site,
      ru.scopes.municipality,
      ru.scopes.all,
    ]);
    expect(form.getByRole<HTMLButtonElement>('button').disabled).toBe(true);
    fireEvent.change(form.getByLabelText(ru.siteCode), { target: { value: '4216' } });
    fireEvent.click(form.getByRole('button', { name: ru.begin }));
    expect(posted(asked)).toEqual([]);
    fireEvent.click(form.getByRole('button', { name: ru.beginReally }));
    await waitFor(() =>
      expect(posted(asked)).toMatchObject([
        { path: '/api/v1/updates/0.2.0/stages', body: { scope: { siteCode: '4216' } } },
      ]),
    );
    fireEvent.change(form.getByLabelText(ru.who), { target: { value: 'municipality' } });
    await waitFor(() => expect(form.getByRole<HTMLButtonElement>('button').disabled).toBe(false));
    pressTwice(form, ru.begin, ru.beginReally);
    await waitFor(() =>
      expect(posted(asked)[1]?.body).toMatchObject({ scope: { municipality: 'kemerovo' } }),
    );
  });

  it('says in words why a stage does not begin', async () => {
    open(updates(), () => ({
      status: 409,
      body: { type: 'urn:ppe-pulse:problem:municipalityFirst', detail: 'x' },
    }));
    const form = within(await screen.findByTestId('begin-stage'));
    fireEvent.change(form.getByLabelText(ru.who), { target: { value: 'all' } });
    pressTwice(form, ru.begin, ru.beginReally);
    expect((await form.findByRole('alert')).textContent?.toLowerCase()).toBe(
      rolloutRefusals.ru.municipalityFirst?.toLowerCase(),
    );
  });

  it('says where the keys belong when there are none, and takes no file then', async () => {
    open(updates({ root: null, bundles: [] }));
    expect((await screen.findByText(ru.noRoot)).textContent).toContain('updates.root');
    expect(screen.queryByLabelText(ru.upload)).toBeNull();
    expect(screen.queryByTestId('begin-stage')).toBeNull();
    expect(screen.getByText(ru.none)).toBeDefined();
  });

  it.each([
    ['operator', true, false],
    ['municipal', false, false],
    ['admin', true, true],
  ] as const)('offers to %s what the role may', async (role, isShown, mayBegin) => {
    fakeApi(({ path }) => {
      if (path === '/api/v1/session') return { account: 'x', role, municipality: 'kemerovo' };
      if (path.startsWith('/api/v1/agents')) return agents;
      return path === '/api/v1/updates' ? updates({ stages: [stage()] }) : undefined;
    });
    openBoardAs('/agents', snapshotOf());
    await screen.findByTestId('agents-found');
    if (isShown) await screen.findByTestId('stage-2');
    await waitFor(() => expect(screen.queryAllByTestId('rollout')).toHaveLength(isShown ? 1 : 0));
    expect(screen.queryByTestId('begin-stage') !== null).toBe(mayBegin);
    expect(screen.queryByRole('button', { name: ru.stop }) !== null).toBe(mayBegin);
  });
});

describe('words of updates', () => {
  it('are there for everything that the collector and agents can say, in both languages', () => {
    expect([...standings].sort()).toEqual([...collectorsStandings].sort());
    for (const { standings: names, reasons } of [ru, rolloutEn]) {
      for (const state of targetStates)
        expect([state, names[state]]).not.toEqual([state, undefined]);
      const own = ['noAnswer', 'stalled', 'notStarted', 'oldVersion', 'notHeard', 'left', 'heard'];
      expect(Object.keys(reasons).sort()).toEqual(
        [...new Set([...updateRefusals, ...rollbackReasons, ...own])].sort(),
      );
    }
    for (const text of Object.values(rolloutEn.reasons)) expect(text).toMatch(/^[^а-яё]+$/i);
    for (const text of Object.values(ru.reasons)) expect(text).toMatch(/[а-яё]/i);
  });
});
