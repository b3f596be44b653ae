// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { incidentPageRu as ru } from '../../board/src/incidents/incident-page-ru.ts';
import {
  BOARD_MS,
  MINUTE_MS,
  fakeApi,
  incidentOf,
  openBoard,
  snapshotOf,
  type ApiReply,
  type AskedApi,
} from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const press = (code: string): void => {
  fireEvent.keyDown(document.activeElement ?? document.body, { code, bubbles: true });
};
const focused = (): string | undefined =>
  document.activeElement?.closest<HTMLElement>('[data-incident]')?.dataset.incident;
const posts = (asked: readonly AskedApi[]): AskedApi[] =>
  asked.filter(({ method }) => method === 'POST');
const submit = (form: HTMLElement): Promise<void> =>
  act(async () => {
    fireEvent.submit(form);
  });

/** The list is there and heeds the keys: its effects come a moment after its lines. */
async function listed(): Promise<void> {
  await screen.findByTestId('incident-i-1');
  await act(async () => undefined);
}

describe('the page of incidents', () => {
  const warning = incidentOf(3, { severity: 'warning', municipality: null });
  const mine = incidentOf(2, { acknowledgedAtMs: BOARD_MS, acknowledgedBy: 'duty' });
  const picture = snapshotOf({ incidents: [incidentOf(1), mine, warning] });
  const shown = (): (string | undefined)[] =>
    within(screen.getByTestId('incidents'))
      .queryAllByRole('listitem')
      .map((line) => line.dataset.incident);

  it('is walked through by keys, in any layout, and stops at both ends', async () => {
    fakeApi(() => undefined);
    openBoard('/incidents', picture);
    await listed();
    const visited = ['KeyJ', 'KeyJ', 'ArrowDown', 'ArrowDown', 'KeyK', 'ArrowUp', 'KeyK'].map(
      (code) => {
        press(code);
        return focused();
      },
    );
    expect(visited).toEqual(['i-1', 'i-2', 'i-3', 'i-3', 'i-2', 'i-1', 'i-1']);
    // Enter is the link's own.
    expect(document.activeElement?.getAttribute('href')).toBe('/incidents/i-1');
  });

  it('takes the chosen one by a key, once, and not one that somebody has', async () => {
    const asked = fakeApi(({ method }) => (method === 'POST' ? mine : undefined));
    openBoard('/incidents', picture);
    await listed();
    press('KeyA');
    expect(posts(asked)).toEqual([]);
    press('KeyJ');
    await act(async () => press('KeyA'));
    press('KeyJ');
    await act(async () => press('KeyA'));
    expect(posts(asked).map(({ path }) => path)).toEqual(['/api/v1/incidents/i-1/ack']);
  });

  it('leads to the comment by a key, with the cursor in the field', async () => {
    fakeApi(({ path }) =>
      path === '/api/v1/incidents/i-1' ? { ...incidentOf(1), log: [] } : undefined,
    );
    openBoard('/incidents', picture);
    await listed();
    press('KeyJ');
    press('KeyC');
    const form = await screen.findByTestId('comment-form');
    expect(location.pathname).toBe('/incidents/i-1');
    expect(document.activeElement).toBe(within(form).getByLabelText(ru.comment));
  });

  it('does nothing by letters while somebody types', async () => {
    const asked = fakeApi(() => undefined);
    openBoard('/incidents', picture);
    await listed();
    const field = within(screen.getByTestId('handover-form')).getByLabelText(ru.handover);
    field.focus();
    press('KeyJ');
    press('KeyA');
    expect(document.activeElement).toBe(field);
    expect(posts(asked)).toEqual([]);
  });

  it('shows what fits the filters', async () => {
    fakeApi(({ path }) => (path === '/api/v1/session' ? { account: 'duty' } : undefined));
    openBoard('/incidents', picture);
    await listed();
    const choose = (label: string, value: string): void => {
      fireEvent.change(screen.getByLabelText(label), { target: { value } });
    };
    choose(ru.severity, 'critical');
    expect(shown()).toEqual(['i-1', 'i-2']);
    choose(ru.whose, 'untaken');
    expect(shown()).toEqual(['i-1']);
    choose(ru.whose, 'mine');
    await vi.waitFor(() => expect(shown()).toEqual(['i-2']));
    choose(ru.municipality, 'wide');
    expect(shown()).toEqual([]);
    expect(screen.getByText(ru.nothingFits)).toBeTruthy();
  });

  it('shows the ended ones and pages on to earlier ones', async () => {
    const over = { resolvedAtMs: BOARD_MS, resolution: 'healed' } as const;
    const asked = fakeApi(({ path }) => {
      if (!path.startsWith('/api/v1/incidents?')) return undefined;
      return path.includes('cursor=i-9')
        ? { items: [incidentOf(8, over)] }
        : { items: [incidentOf(9, over)], nextCursor: 'i-9' };
    });
    openBoard('/incidents', snapshotOf());
    const list = await screen.findByTestId('ended-incidents');
    await within(list).findByTestId('incident-i-9');
    fireEvent.click(screen.getByText(ru.older));
    await within(list).findByTestId('incident-i-8');
    expect(screen.queryByText(ru.older)).toBeNull();
    expect(asked.some(({ path }) => path.includes('state=resolved'))).toBe(true);
  });

  it('hands the shift over and lists what was handed over before', async () => {
    const before = {
      id: 1,
      atMs: BOARD_MS - 90 * MINUTE_MS,
      by: 'ночь',
      note: 'В 4216 ждут принтер',
      openIncidents: ['i-1', 'i-2'],
    };
    const asked = fakeApi(({ method, path }) => {
      if (!path.startsWith('/api/v1/handovers')) return undefined;
      return method === 'GET' ? { items: [before] } : before;
    });
    openBoard('/incidents', snapshotOf());
    expect((await screen.findByText(/В 4216 ждут принтер/)).textContent).toBe(
      '08:06 В 4216 ждут принтер ночь · открыто было: 2',
    );
    const form = screen.getByTestId('handover-form');
    const field = within(form).getByLabelText<HTMLTextAreaElement>(ru.handover);
    fireEvent.change(field, { target: { value: 'Роутер в 4250 меняют' } });
    await submit(form);
    expect(posts(asked)[0]?.body).toMatchObject({ note: 'Роутер в 4250 меняют' });
    expect(field.value).toBe('');
  });
});

describe('the page of an incident', () => {
  const jam = incidentOf(18, {
    kind: 'printer.state',
    reason: 'jam',
    verdict: 'fail',
    level: 'device',
    node: `device:${workstationId(1)}/printer.1`,
    roomCode: '0012',
    workstationId: workstationId(1),
    deviceKind: 'printer',
    device: 1,
    evidence: { source: 'snmp' },
  });
  const log = [
    {
      id: 1,
      atMs: BOARD_MS - 4 * MINUTE_MS,
      by: 'collector',
      kind: 'opened',
      note: '',
      details: {},
    },
    {
      id: 2,
      atMs: BOARD_MS - 2 * MINUTE_MS,
      by: 'duty',
      kind: 'call',
      note: 'гудки',
      details: { outcome: 'noAnswer' },
    },
    {
      id: 3,
      atMs: BOARD_MS - MINUTE_MS,
      by: 'duty',
      kind: 'assign',
      note: '',
      details: { assignee: null },
    },
  ];
  const answering =
    (refusal?: ApiReply) =>
    ({ method, path }: AskedApi): ApiReply | undefined => {
      if (method === 'POST') return refusal ?? jam;
      if (path === '/api/v1/incidents/i-18') return { ...jam, log };
      if (path.startsWith('/api/v1/registry/sites'))
        return { items: [{ code: '4216', dutyPhone: '+7 384 555-01-16' }] };
      return undefined;
    };
  const opened = async (refusal?: ApiReply): Promise<AskedApi[]> => {
    const asked = fakeApi(answering(refusal));
    openBoard('/incidents/i-18', snapshotOf({ incidents: [jam] }));
    await screen.findByTestId('log');
    return asked;
  };

  it('says what, where, on what evidence, what to do and what happened', async () => {
    const asked = await opened();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(
      'ППЭ 4216, ауд. 0012: принтер, замятие бумаги',
    );
    const facts = within(screen.getByTestId('incident-facts'));
    expect(facts.getByText('ППЭ 4216').getAttribute('href')).toBe('/ppe/4216');
    expect(facts.getByText('Рабочее место').getAttribute('href')).toBe(
      `/workstations/${workstationId(1)}`,
    );
    expect(facts.getByText('источник: принтер по SNMP')).toBeTruthy();
    expect(screen.getByTestId('advice').querySelectorAll('p')).toHaveLength(2);
    const entries = await within(screen.getByTestId('log')).findAllByRole('listitem');
    expect(entries.map(({ textContent }) => textContent)).toEqual([
      '09:32 открыт  коллектор',
      '09:34 звонок: не отвечают гудки duty',
      '09:35 назначение снято  duty',
    ]);
    expect((await screen.findByText('Телефон Штаба: +7 384 555-01-16')).getAttribute('href')).toBe(
      'tel:+73845550116',
    );
    expect(asked.some(({ path }) => path.endsWith('limit=1&cursor=4215'))).toBe(true);
  });

  it.each([
    ['ack', ru.take, {}],
    ['call', ru.callUnanswered, { outcome: 'noAnswer', note: '' }],
    ['drill', ru.markDrill, { isDrill: true }],
  ])('does %s by one press', async (action, button, body) => {
    const asked = await opened();
    await act(async () => fireEvent.click(screen.getByText(button)));
    expect(posts(asked)).toMatchObject([{ path: `/api/v1/incidents/i-18/${action}`, body }]);
    expect(posts(asked)[0]?.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('snoozes for so many minutes from the collector’s now', async () => {
    const asked = await opened();
    fireEvent.click(screen.getByText(ru.snooze));
    await act(async () => fireEvent.click(screen.getByRole('button', { name: ru.snoozeFor(30) })));
    const until = Date.parse(String(posts(asked)[0]?.body.until));
    expect(Math.abs(until - BOARD_MS - 30 * MINUTE_MS)).toBeLessThan(20_000);
  });

  it('assigns to a duty role and takes it back, never to a person', async () => {
    const asked = await opened();
    const select = screen.getByLabelText(ru.assign);
    await act(async () => {
      fireEvent.change(select, { target: { value: 'videoControl' } });
    });
    await act(async () => {
      fireEvent.change(select, { target: { value: '' } });
    });
    expect(posts(asked).map(({ body }) => body.assignee)).toEqual(['videoControl', null]);
  });

  it('comments, logs a call, silences the place and closes with a cause', async () => {
    const asked = await opened();
    const fill = (form: string, label: string, value: string): HTMLElement => {
      const found = screen.getByTestId(form);
      fireEvent.change(within(found).getByLabelText(label), { target: { value } });
      return found;
    };
    await submit(fill('comment-form', ru.comment, 'едут'));
    await submit(fill('call-form', ru.callNote, 'перезвонят'));
    fill('silence-form', ru.place, 'room:4216-0012');
    fill('silence-form', ru.silenceFor, '60');
    await submit(fill('silence-form', ru.silenceComment, 'меняют принтер'));
    fill('resolve-form', ru.resolveCause, 'replaced');
    await submit(fill('resolve-form', ru.resolveNote, 'резервный'));
    const [comment, call, silence, resolve] = posts(asked);
    expect(comment?.body).toMatchObject({ note: 'едут' });
    expect(call?.body).toMatchObject({ outcome: 'answered', note: 'перезвонят' });
    expect(silence).toMatchObject({
      path: '/api/v1/silences',
      body: {
        kind: 'silence',
        node: 'room:4216-0012',
        checkId: 'printer.state',
        comment: 'меняют принтер',
      },
    });
    expect(resolve).toMatchObject({
      path: '/api/v1/incidents/i-18/resolve',
      body: { resolution: 'replaced', note: 'резервный' },
    });
    expect(new Set(posts(asked).map(({ body }) => body.requestId)).size).toBe(4);
  });

  it('says in the page’s and the collector’s words why something was refused, and keeps what was typed', async () => {
    const detail = '2100 characters: write at most 2000';
    await opened({ status: 422, body: { type: 'urn:ppe-pulse:problem:noteTooLong', detail } });
    const form = screen.getByTestId('comment-form');
    const field = within(form).getByLabelText<HTMLTextAreaElement>(ru.comment);
    fireEvent.change(field, { target: { value: 'длинное' } });
    await submit(form);
    const alert = within(await screen.findByRole('alert'));
    expect(alert.getByText(ru.failed('текст слишком длинный, сократите его'))).toBeTruthy();
    expect(alert.getByText(detail)).toBeTruthy();
    expect(field.value).toBe('длинное');
  });

  it('shows one that is over with how it ended, and offers only what can still be added', async () => {
    const over = { ...jam, resolvedAtMs: BOARD_MS, resolution: 'folded', foldedInto: 'i-20' };
    fakeApi(({ path }) => (path === '/api/v1/incidents/i-18' ? { ...over, log } : undefined));
    openBoard('/incidents/i-18', snapshotOf());
    const facts = within(await screen.findByTestId('incident-facts'));
    expect(facts.getByText(ru.foldedInto('i-20')).getAttribute('href')).toBe('/incidents/i-20');
    expect(screen.queryByText(ru.take)).toBeNull();
    expect(screen.queryByTestId('resolve-form')).toBeNull();
    expect(screen.getByTestId('comment-form')).toBeTruthy();
  });

  it('says that there is no such incident', async () => {
    fakeApi(() => ({ status: 404, body: { detail: 'none' } }));
    openBoard('/incidents/i-99', snapshotOf());
    expect(await screen.findByText(ru.unknownIncident)).toBeTruthy();
  });
});
