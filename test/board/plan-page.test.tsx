// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { planOf, type Overview } from '@ppe-pulse/protocol';
import { planPageRu as ru } from '../../board/src/plan/plan-page-ru.ts';
import { planPageEn } from '../../board/src/plan/plan-page-en.ts';
import { changedStretch, offsetOf } from '../../board/src/plan/text-places.ts';
import type { PlanAnswer } from '../../board/src/plan/plan-shapes.ts';
import {
  BOARD_MS,
  fakeApi,
  openBoard,
  overviewOf,
  snapshotOf,
  type ApiReply,
  type AskedApi,
} from '../support/board-page.ts';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const text = "id: x\ntitle: Апробация <b>15 мая</b>\nstages:\n  printing: { due: '10:15' }\n";

function planAnswer(part: Partial<PlanAnswer> = {}): PlanAnswer {
  return {
    version: 3,
    planId: 'x',
    by: 'duty',
    at: '2024-05-15T02:10:00.000Z',
    note: 'как велели',
    text,
    problems: [],
    plan: planOf({
      id: 'x',
      title: 'Апробация <b>15 мая</b>',
      date: '2024-05-15',
      participants: { kinds: ['ppe-main'], except: ['0042'] },
      exams: [{ subject: 'russian', kind: 'written', durationMinutes: 210 }],
      video: { participants: ['rcoi'] },
    }),
    ...part,
  };
}

const rehearsal = (planVersion: number): NonNullable<Overview['rehearsal']> => ({
  planId: 'x',
  planVersion,
  title: 'x',
  nowAt: new Date(BOARD_MS).toISOString(),
  speed: 1,
  isSimulated: false,
  phase: 'exam',
  opensAt: '2024-05-08T02:00:00.000Z',
  closesAt: '2024-05-15T17:00:00.000Z',
  agentsBehind: 0,
});

/** A second later the collector says how it is. */
const beatOf = (overview: Overview): object => ({
  type: 'beat',
  seq: 1,
  serverTimeMs: BOARD_MS + 1_000,
  dataAgeMs: 0,
  overview,
});

const problem = {
  severity: 'error',
  reason: 'noSuchTime',
  path: 'stages.printing.due',
  line: 4,
  column: 20,
  ru: { wrong: 'времени "1015" нет', toDo: 'нужно ЧЧ:ММ' },
  en: { wrong: 'there is no time "1015"', toDo: 'HH:MM is needed' },
};
const change = { path: 'stages.printing.due', before: '10:15', after: '10:25', text: '' };

/** The collector's side of the page: what holds, and what it says to an edit. */
function collector(
  plan: () => PlanAnswer | null,
  put: (body: Record<string, unknown>) => ApiReply = () => ({
    outcome: 'wouldApply',
    version: 3,
    changes: [change],
    problems: [],
  }),
): AskedApi[] {
  return fakeApi(({ method, path, body }) => {
    if (path === '/api/v1/plan' && method === 'PUT') return put(body);
    if (path === '/api/v1/plan')
      return (
        plan() ?? { status: 404, body: { type: 'urn:ppe-pulse:problem:noPlan', detail: 'no' } }
      );
    if (path === '/api/v1/session') return { account: 'duty', role: 'admin' };
    if (path === '/api/v1/plan/templates') return { items: [{ id: '2024-05-15', text }] };
    if (path === '/api/v1/plan/shift') return { text: String(body.text).replace('10:15', '10:25') };
    if (path === '/api/v1/plan/versions/1') return { version: 1, text: 'id: x\ntitle: старый\n' };
    if (path.startsWith('/api/v1/plan/versions/')) return { version: 3, text };
    if (path.startsWith('/api/v1/plan/versions'))
      return { items: [planAnswer(), planAnswer({ version: 1, note: '' })] };
    return undefined;
  });
}

const field = (): HTMLTextAreaElement => screen.getByRole('textbox', { name: ru.text });
const write = (value: string): void => void fireEvent.change(field(), { target: { value } });
const puts = (asked: readonly AskedApi[], isDryRun: boolean): AskedApi[] =>
  asked.filter(
    ({ method, path, body }) =>
      method === 'PUT' && path === '/api/v1/plan' && (body.dryRun === true) === isDryRun,
  );

describe('the page of the plan', () => {
  it('tells the plan in the region’s time, and names as they are written', async () => {
    collector(planAnswer);
    openBoard('/plan', snapshotOf());
    const facts = await screen.findByTestId('plan-facts');
    expect(within(facts).getByRole('heading').textContent).toBe('Апробация <b>15 мая</b>');
    expect(facts.textContent).toContain('среда, 15 мая 2024');
    expect(screen.getByTestId('plan-version-now').textContent).toContain(
      '3 · duty, 15.05.2024, 09:10 · как велели',
    );
    const written = within(screen.getByTestId('plan-track-written'));
    const row = (name: RegExp): (string | null)[] =>
      within(written.getByRole('row', { name }))
        .getAllByRole('cell')
        .map((cell) => cell.textContent);
    expect(row(/^Печать ЭМ/)).toEqual(['10:15', '10:20', '10:30']);
    expect(row(/^Контроль технической/)).toEqual(['14.05 17:00', '—', '—']);
    expect(screen.getByTestId('plan-modes').textContent).toContain('09:30');
    expect(screen.getByRole('link', { name: '0042' }).getAttribute('href')).toBe('/ppe/0042');
    expect(screen.queryByTestId('plan-track-kege')).toBe(null);
  });

  it('says what to do where there is no plan, and begins with a template', async () => {
    const asked = collector(() => null);
    openBoard('/plan', snapshotOf());
    const none = await screen.findByTestId('no-plan');
    fireEvent.click(await within(none).findByRole('button', { name: ru.template('2024-05-15') }));
    expect(field().value).toBe(text);
    await screen.findByTestId('plan-changes');
    expect(puts(asked, true)[0]?.body).toMatchObject({ text, baseVersion: 0 });
  });

  it('tells that somebody else edits it, and not that oneself does', async () => {
    collector(planAnswer);
    const editing = { by: 'night', sinceAt: '2024-05-15T02:30:00.000Z' };
    const { tell } = openBoard(
      '/plan',
      snapshotOf({ overview: overviewOf({ planEditing: editing }) }),
    );
    expect((await screen.findByTestId('plan-edited-now')).textContent).toContain('night');
    act(() => tell(beatOf(overviewOf({ planEditing: { ...editing, by: 'duty' } }))));
    expect(screen.queryByTestId('plan-edited-now')).toBe(null);
  });
});

describe('editing the plan', () => {
  it('checks while one writes, jumps to what is wrong, and applies what is right once', async () => {
    let isWrong = true;
    let live = planAnswer();
    const asked = collector(
      () => live,
      ({ text: sent, dryRun }) => {
        if (isWrong)
          return {
            status: 422,
            body: { type: 'urn:ppe-pulse:problem:planRefused', detail: '', problems: [problem] },
          };
        if (dryRun !== true) live = planAnswer({ version: 4, text: String(sent) });
        const outcome = dryRun === true ? 'wouldApply' : 'applied';
        return { outcome, version: live.version, changes: [change], problems: [] };
      },
    );
    openBoard('/plan?view=edit', snapshotOf());
    await screen.findByTestId('shift-form');
    const apply = screen.getByRole<HTMLButtonElement>('button', { name: ru.apply });
    expect(apply.disabled).toBe(true);
    write(text.replace('10:15', '1015'));
    const problems = await screen.findByTestId('plan-problems');
    expect(problems.textContent).toContain('времени "1015" нет; нужно ЧЧ:ММ');
    expect(apply.disabled).toBe(true);
    fireEvent.click(within(problems).getByRole('button', { name: ru.problemAt(4, 20) }));
    expect(document.activeElement).toBe(field());
    expect(field().selectionStart).toBe(offsetOf(field().value, 4, 20));

    isWrong = false;
    write(text.replace('10:15', '10:25'));
    const changes = await screen.findByTestId('plan-changes');
    expect(changes.textContent).toContain(`Печать ЭМ: ${ru.fields.due}10:1510:25`);
    fireEvent.change(screen.getByLabelText(ru.note), { target: { value: 'ждём область' } });
    fireEvent.click(apply);
    fireEvent.click(apply);
    await screen.findByText(ru.applied(4));
    expect(puts(asked, false).map(({ body }) => body)).toEqual([
      { text: text.replace('10:15', '10:25'), baseVersion: 3, note: 'ждём область' },
    ]);
    expect(apply.disabled).toBe(true);
    expect(sessionStorage.getItem('ppe-pulse.plan-draft')).toBe(null);
  });

  it('shifts a stage in the text without applying it', async () => {
    const asked = collector(planAnswer);
    openBoard('/plan?view=edit', snapshotOf());
    const form = within(await screen.findByTestId('shift-form'));
    fireEvent.change(form.getByRole('spinbutton'), { target: { value: '10' } });
    fireEvent.click(form.getByRole('button', { name: ru.shiftDo }));
    await vi.waitFor(() => expect(field().value).toBe(text.replace('10:15', '10:25')));
    expect(asked.find(({ path }) => path === '/api/v1/plan/shift')?.body).toEqual({
      text,
      stage: 'printing',
      minutes: 10,
      andLater: true,
    });
    expect(puts(asked, false)).toEqual([]);
  });

  it('indents by Tab, and lets Tab leave after Esc', async () => {
    collector(planAnswer);
    openBoard('/plan?view=edit', snapshotOf());
    await screen.findByTestId('shift-form');
    field().focus();
    field().setSelectionRange(0, 0);
    expect(fireEvent.keyDown(field(), { key: 'Tab' })).toBe(false);
    expect(field().value).toBe(`  ${text}`);
    fireEvent.keyDown(field(), { key: 'Escape' });
    expect(fireEvent.keyDown(field(), { key: 'Tab' })).toBe(true);
    expect(fireEvent.keyDown(field(), { key: 'Tab', shiftKey: true })).toBe(true);
    expect(fireEvent.keyDown(field(), { key: 'Tab' })).toBe(false);
  });

  it('keeps unapplied text for the tab, and asks before a link leads away', async () => {
    collector(planAnswer);
    const { unmount } = openBoard('/plan?view=edit', snapshotOf());
    await screen.findByTestId('shift-form');
    write(`${text}# ждём\n`);
    const confirm = vi.fn(() => false);
    vi.stubGlobal('confirm', confirm);
    fireEvent.click(screen.getByRole('link', { name: 'Табло' }));
    expect([confirm.mock.calls.length, location.pathname]).toEqual([1, '/plan']);
    const unload = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(unload);
    expect(unload.defaultPrevented).toBe(true);
    unmount();
    openBoard('/plan?view=edit', snapshotOf());
    await screen.findByTestId('shift-form');
    expect(field().value).toBe(`${text}# ждём\n`);
    fireEvent.click(within(screen.getByTestId('plan-kept')).getByRole('button'));
    expect(field().value).toBe(text);
  });

  it('shows both edits when another was applied meanwhile, and puts them together', async () => {
    let live = planAnswer();
    const asked = collector(() => live);
    const { tell } = openBoard(
      '/plan?view=edit',
      snapshotOf({ overview: overviewOf({ rehearsal: rehearsal(3) }) }),
    );
    await screen.findByTestId('shift-form');
    write(text.replace('10:15', '10:25'));
    live = planAnswer({
      version: 4,
      by: 'night',
      note: 'имя',
      text: text.replace('id: x', 'id: y'),
    });
    act(() => tell(beatOf(overviewOf({ rehearsal: rehearsal(4) }))));
    const conflict = await screen.findByTestId('plan-conflict');
    expect(conflict.textContent).toContain('night применил версию 4');
    expect(within(conflict).getByRole('region', { name: ru.theirs }).textContent).toContain(
      '+ id: y',
    );
    expect(within(conflict).getByRole('region', { name: ru.mine }).textContent).toContain('10:25');
    fireEvent.click(within(conflict).getByRole('button', { name: ru.merge }));
    expect(field().value).toBe(text.replace('id: x', 'id: y').replace('10:15', '10:25'));
    expect(screen.queryByTestId('plan-conflict')).toBe(null);
    await screen.findByTestId('plan-changes');
    fireEvent.click(screen.getByRole('button', { name: ru.apply }));
    await vi.waitFor(() => expect(puts(asked, false)[0]?.body.baseVersion).toBe(4));
  });

  it('tells the others that it is being edited, until it is left', async () => {
    const asked = collector(planAnswer);
    const { unmount } = openBoard('/plan?view=edit', snapshotOf());
    await screen.findByTestId('shift-form');
    unmount();
    expect(
      asked.filter(({ path }) => path === '/api/v1/plan/editing').map(({ body }) => body),
    ).toEqual([
      { isEditing: true, window: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
      { isEditing: false, window: asked.find(({ body }) => body.isEditing)?.body.window },
    ]);
  });
});

describe('versions of the plan', () => {
  it('are compared, shown, and returned to as a new version', async () => {
    const asked = collector(planAnswer);
    openBoard('/plan?view=versions', snapshotOf());
    const compare = await screen.findByTestId('plan-compare');
    const difference = await within(compare).findByRole('region', { name: ru.between(1, 3) });
    expect(difference.textContent).toContain('− title: старый');
    fireEvent.click(screen.getByRole('button', { name: ru.backTo(1) }));
    const back = await screen.findByTestId('plan-return');
    await within(back).findByTestId('plan-changes');
    fireEvent.click(within(back).getByRole('button', { name: ru.backTo(1) }));
    await vi.waitFor(() =>
      expect(puts(asked, false).map(({ body }) => body)).toEqual([
        { text: 'id: x\ntitle: старый\n', baseVersion: 3, note: ru.backNote(1) },
      ]),
    );
  });
});

describe('words and places', () => {
  it('have the same refusals in both languages', () => {
    expect(Object.keys(planPageEn.refusals)).toEqual(Object.keys(ru.refusals));
  });

  it('of a text are found, and its changed stretch is the shortest', () => {
    expect(offsetOf('ab\ncd\n', 2, 2)).toBe(4);
    expect(offsetOf('ab\ncd', 2, 99)).toBe(5);
    expect(offsetOf('ab', 9, 1)).toBe(2);
    expect(changedStretch('due: 10:15 }', 'due: 10:25 }')).toEqual({ from: 8, to: 9, by: '2' });
    expect(changedStretch('aa', 'aaa')).toEqual({ from: 2, to: 2, by: 'a' });
    expect(changedStretch('a', 'a')).toEqual({ from: 1, to: 1, by: '' });
  });
});
