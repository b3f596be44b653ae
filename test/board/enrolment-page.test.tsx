// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { enrolmentRu as ru } from '../../board/src/enrolment/enrolment-ru.ts';
import type { EnrolmentAnswer } from '../../board/src/enrolment/enrolment-shapes.ts';
import {
  fakeApi,
  openBoardAs,
  snapshotOf,
  type ApiReply,
  type AskedApi,
} from '../support/board-page.ts';
import { enrolmentPlace } from '../support/enrolment-place.ts';
import { workstationId } from '../support/rows.ts';

const stands = workstationId(1);
const asks = workstationId(2);
/** So few places make a page here. */
const PAGE = 3;
const signedFile = { format: 'ppe-pulse.enrolment.v1', text: '{}', signature: 'x' };

const asker = (id: string) =>
  ({ workstationId: id, askedAt: '2024-05-15T02:30:00Z', way: 'line' }) as const;

function open(items: readonly EnrolmentAnswer[], role = 'admin', answer: ApiReply = signedFile) {
  const saved: string[] = [];
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x');
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push(this.download);
  });
  const asked = fakeApi(({ method, path }) => {
    if (method !== 'GET') return answer;
    if (path === '/api/v1/session') return { account: role, role, totp: 'off' };
    return path.startsWith('/api/v1/enrolments?') ? listed(items, path) : undefined;
  });
  openBoardAs('/enrolment', snapshotOf());
  return { asked, saved };
}
/** As the collector lists places: those that wait alone, or a page. */
function listed(all: readonly EnrolmentAnswer[], path: string): object {
  const query = new URLSearchParams(path.split('?')[1]);
  const found = all
    .filter(({ askers }) => query.get('undecided') === null || askers.length > 0)
    .filter(({ siteCode }) => siteCode.startsWith(query.get('search') ?? ''));
  const begin = 1 + found.findIndex(({ codeId }) => codeId === query.get('cursor'));
  const limit = Math.min(Number(query.get('limit')), PAGE);
  const items = found.slice(begin, begin + limit);
  const active = all.filter(({ state }) => ['active', 'replaceAsked'].includes(state)).length;
  const isCut = begin + limit < found.length;
  return {
    summary: { total: all.length, active },
    items,
    ...(isCut && { nextCursor: items.at(-1)?.codeId }),
  };
}

const sent = (asked: readonly AskedApi[]): [string, object][] =>
  asked.filter(({ method }) => method !== 'GET').map(({ path, body }) => [path, body]);
const press = (name: string): Promise<boolean> =>
  act(async () => fireEvent.click(screen.getByRole('button', { name }), { detail: 1 }));

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('places of enrolment', () => {
  it('are told with who stands there, which way, until when, and clones', async () => {
    open([
      enrolmentPlace('c1', {
        state: 'active',
        workstationId: stands,
        isCloned: true,
        way: 'relay',
        enrolledAt: '2024-05-10T03:00:00Z',
      }),
      enrolmentPlace('c2', { number: 2 }),
    ]);
    const active = await screen.findByTestId('place-c1');
    for (const text of [
      ru.states.active,
      ru.cloned,
      ru.ways.relay,
      'слышно 4 мин назад',
      '16.05.2024, 00:00',
    ])
      expect([text, active.textContent?.includes(text)]).toEqual([text, true]);
    expect(screen.getByTestId('place-c2').textContent).toContain('№ 2');
    expect(screen.getByTestId('enrolment-summary').textContent).toBe('подключено мест: 1 из 2');
    const places = within(screen.getByTestId('enrolment-places'));
    expect(places.getByText(ru.counted.unused('1'), { exact: false })).toBeTruthy();
  });

  it('show who stands and who asks side by side; to replace takes a second thought', async () => {
    const { asked } = open([
      enrolmentPlace('c1', {
        state: 'replaceAsked',
        workstationId: stands,
        askers: [asker(asks)],
      }),
    ]);
    const decision = within(await screen.findByTestId('decision-c1'));
    expect(decision.getByText(stands).getAttribute('href')).toBe(`/workstations/${stands}`);
    expect(decision.getByText(asks, { exact: false }).textContent).toContain(asks);
    expect(decision.getByText(ru.askedAt('15.05.2024, 09:30'), { exact: false })).toBeTruthy();
    await press(`${ru.replace} ${asks}, ауд. 0012, станция организатора`);
    expect(sent(asked)).toEqual([]);
    await press(`${ru.replaceReally} ${asks}, ауд. 0012, станция организатора`);
    await press(`${ru.reject} ${asks}, ауд. 0012, станция организатора`);
    await press(`${ru.rejectReally} ${asks}, ауд. 0012, станция организатора`);
    expect(sent(asked)).toEqual([
      ['/api/v1/enrolments/c1/approve', { workstationId: asks }],
      ['/api/v1/enrolments/c1/reject', { workstationId: asks }],
    ]);
  });

  it('are let in by one press where the file asked for it', async () => {
    const { asked } = open(
      [enrolmentPlace('c1', { state: 'pending', workstationId: asks, askers: [asker(asks)] })],
      'operator',
    );
    const decision = within(await screen.findByTestId('decision-c1'));
    expect(decision.getByText(ru.nobodyHere)).toBeTruthy();
    await press(`${ru.approve} ${asks}, ауд. 0012, станция организатора`);
    expect(sent(asked)).toEqual([['/api/v1/enrolments/c1/approve', { workstationId: asks }]]);
  });

  it('are let in by a second thought where several ask, and the one that is named', async () => {
    const askers = [asker(stands), asker(asks)];
    const refusal = {
      status: 409,
      body: { type: 'urn:ppe-pulse:problem:otherAsks', detail: 'x' },
    };
    const { asked } = open(
      [enrolmentPlace('c1', { state: 'pending', workstationId: stands, askers })],
      'operator',
      refusal,
    );
    const decision = within(await screen.findByTestId('decision-c1'));
    expect(decision.getByText(ru.contestHint, { exact: false })).toBeTruthy();
    for (const id of [stands, asks]) expect(screen.getByTestId(`asker-${id}`)).toBeTruthy();
    await press(`${ru.approve} ${asks}, ауд. 0012, станция организатора`);
    expect(sent(asked)).toEqual([]);
    await press(`${ru.approveReally} ${asks}, ауд. 0012, станция организатора`);
    expect(sent(asked)).toEqual([['/api/v1/enrolments/c1/approve', { workstationId: asks }]]);
    expect((await screen.findByRole('alert')).textContent).toMatch(/^Этот ПК здесь больше не ждёт/);
  });

  it('come by pages of whole ППЭ, and by the beginning of a code', async () => {
    const { asked } = open([
      enrolmentPlace('c1'),
      enrolmentPlace('c2', { number: 2 }),
      ...['c3', 'c4'].map((id) => enrolmentPlace(id, { siteCode: '4217' })),
      enrolmentPlace('c5', { siteCode: '4300' }),
    ]);
    await screen.findByTestId('place-c2');
    expect(screen.queryByTestId('place-c3')).toBeNull();
    expect(screen.getByTestId('enrolment-summary').textContent).toBe('подключено мест: 0 из 5');
    await press(ru.next);
    await screen.findByTestId('place-c3');
    for (const id of ['c4', 'c5']) expect(screen.getByTestId(`place-${id}`)).toBeTruthy();
    expect(screen.queryByTestId('place-c1')).toBeNull();
    await press(ru.previous);
    await screen.findByTestId('place-c1');
    fireEvent.change(screen.getByPlaceholderText(ru.searchHint), { target: { value: '43' } });
    await screen.findByTestId('place-c5');
    expect(screen.queryByTestId('place-c1')).toBeNull();
    for (const { path } of asked.filter((each) => each.path.includes('enrolments')))
      expect(path).toContain('limit=');
  });

  it('are taken back with a word on why, and given a new code as a file', async () => {
    const { asked, saved } = open([
      enrolmentPlace('c1', { state: 'active', workstationId: stands }),
    ]);
    await screen.findByTestId('place-c1');
    await press(`${ru.revoke} ауд. 0012, станция организатора`);
    fireEvent.change(screen.getByLabelText(ru.revokeNote), { target: { value: ' украден ' } });
    await press(ru.revokeReally);
    await press(`${ru.renew} ауд. 0012, станция организатора`);
    await press(`${ru.renewReally} ауд. 0012, станция организатора`);
    expect(sent(asked)).toEqual([
      [`/api/v1/workstations/${stands}/revoke`, { note: 'украден' }],
      ['/api/v1/enrolments/c1/renew', {}],
    ]);
    expect(saved).toEqual(['ppe-4216-0012.enrolment.json']);
  });

  it('are not taken back from who does not stand there yet', async () => {
    open([
      enrolmentPlace('c1', { state: 'pending', workstationId: asks, askers: [asker(asks)] }),
      enrolmentPlace('c2', { state: 'unused' }),
    ]);
    await screen.findByTestId('place-c1');
    expect(screen.queryByRole('button', { name: new RegExp(ru.revoke) })).toBeNull();
  });

  it('offer an operator decisions and no files', async () => {
    open([enrolmentPlace('c1', { state: 'active', workstationId: stands })], 'operator');
    await screen.findByTestId('place-c1');
    await waitFor(() => expect(screen.queryByTestId('enrolment-form')).toBeNull());
    expect(screen.queryByRole('button', { name: new RegExp(ru.renew) })).toBeNull();
    expect(screen.getByRole('button', { name: new RegExp(ru.revoke) })).toBeTruthy();
  });
});

describe('files of enrolment', () => {
  it('are made for the days that are named, once, and saved', async () => {
    const { asked, saved } = open([]);
    await screen.findByText(ru.nothing);
    const type = (label: string, value: string): void => {
      fireEvent.change(screen.getByLabelText(label), { target: { value } });
    };
    type(ru.create.site, '4216');
    type(ru.create.from, '2024-05-08');
    type(ru.create.to, '2024-05-15');
    fireEvent.click(screen.getByRole('checkbox'));
    const form = screen.getByTestId('enrolment-form');
    await act(async () => {
      fireEvent.submit(form);
      fireEvent.submit(form);
    });
    expect(sent(asked)).toEqual([
      [
        '/api/v1/enrolments',
        { siteCode: '4216', needsApproval: true, validFrom: '2024-05-08', validTo: '2024-05-15' },
      ],
    ]);
    expect(saved).toEqual(['ppe-4216.enrolment.json']);
    expect(screen.getByText(ru.create.made('ppe-4216.enrolment.json'))).toBeTruthy();
  });

  it('say in words why there is none', async () => {
    const refusal = {
      status: 422,
      body: { type: 'urn:ppe-pulse:problem:noValidity', detail: 'x' },
    };
    const { saved } = open([], 'admin', refusal);
    await screen.findByText(ru.nothing);
    fireEvent.change(screen.getByLabelText(ru.create.site), { target: { value: '4216' } });
    await act(async () => fireEvent.submit(screen.getByTestId('enrolment-form')));
    expect((await screen.findByRole('alert')).textContent).toMatch(/^Действующего плана нет/);
    expect(saved).toEqual([]);
  });

  it('answer a request of a flash drive, and take nothing that is none', async () => {
    const { asked, saved } = open([], 'operator');
    const field = await screen.findByTestId('drive-request');
    const choose = async (name: string, text: string): Promise<void> => {
      const files = [new File([text], name)];
      await act(async () => fireEvent.change(field, { target: { files } }));
    };
    await choose('photo.json', 'not json');
    expect((await screen.findByRole('alert')).textContent).toContain(ru.drive.notJson);
    await choose('big.json', `"${'x'.repeat(20_000)}"`);
    expect(sent(asked)).toEqual([]);
    await choose('4216-0012.request.json', '{"format":"ppe-pulse.enrolment-request.v1"}');
    await screen.findByText(ru.drive.made('4216-0012.credential.json'));
    expect(sent(asked)).toEqual([
      ['/api/v1/enrolments/requests', { format: 'ppe-pulse.enrolment-request.v1' }],
    ]);
    expect(saved).toEqual(['4216-0012.credential.json']);
  });
});
