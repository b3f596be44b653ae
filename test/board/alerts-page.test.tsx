// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { alertsPageRu as ru } from '../../board/src/alerts/alerts-page-ru.ts';
import { incidentPageRu } from '../../board/src/incidents/incident-page-ru.ts';
import { bodyOf, draftOf } from '../../board/src/alerts/webhook-draft.ts';
import type {
  DeliveryAnswer,
  FormatAnswer,
  RoutingDocument,
  WebhookAnswer,
} from '../../board/src/alerts/alert-shapes.ts';
import {
  BOARD_MS,
  MINUTE_MS,
  fakeApi,
  openBoard,
  silenceOf,
  snapshotOf,
  type ApiReply,
  type AskedApi,
} from '../support/board-page.ts';

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const { failed } = incidentPageRu;

const telegram: FormatAnswer = {
  id: 'telegram',
  hasTemplate: true,
  fields: [
    { name: 'token', kind: 'text', isSecret: true, isRequired: true },
    { name: 'chatId', kind: 'text', isSecret: false, isRequired: true },
    { name: 'threadId', kind: 'number', isSecret: false, isRequired: false },
  ],
};
const json: FormatAnswer = {
  id: 'json',
  hasTemplate: false,
  fields: [
    { name: 'url', kind: 'url', isSecret: false, isRequired: true },
    { name: 'signingSecret', kind: 'text', isSecret: true, isRequired: false },
  ],
};

function webhookOf(part: Partial<WebhookAnswer> = {}): WebhookAnswer {
  return {
    id: 'wh-1',
    name: 'Дежурный чат',
    format: 'json',
    settings: { url: 'https://example.org/hook' },
    secretNames: ['signingSecret'],
    isEnabled: true,
    allowsPrivate: false,
    giveUpAfterMs: 60 * MINUTE_MS,
    language: 'ru',
    template: null,
    lastTest: null,
    breaker: 'closed',
    pending: 0,
    dead: 0,
    ...part,
  };
}

function deliveryOf(id: number, part: Partial<DeliveryAnswer> = {}): DeliveryAnswer {
  return {
    id,
    webhookId: 'wh-1',
    kind: 'opened',
    incidentId: 'i-17',
    isDrill: false,
    state: 'delivered',
    createdAtMs: BOARD_MS,
    nextAttemptAtMs: null,
    attempts: 1,
    lastOutcome: 'delivered',
    lastStatus: 200,
    endedAtMs: BOARD_MS + 412,
    ...part,
  };
}

const attempts = [
  { atMs: BOARD_MS + 8, outcome: 'serverError', status: 500, tookMs: 120 },
  { atMs: BOARD_MS + 65_000, outcome: 'delivered', status: 200, tookMs: 40 },
];

const routing: RoutingDocument = {
  routes: [
    {
      name: 'Ночью',
      match: {
        severities: ['critical'],
        municipalities: ['yurga', 'tayga'],
        hours: { from: '20:00', to: '08:00' },
      },
      webhooks: ['wh-1'],
      continues: true,
      escalation: [{ afterMinutes: 5, webhooks: ['*'] }],
    },
    { name: 'Прочее', match: {}, webhooks: ['*'], continues: false, digest: { everyMinutes: 15 } },
  ],
};

/** The collector's side of the page; `put` changes what it answers. */
function served(webhooks: readonly WebhookAnswer[], deliveries: readonly DeliveryAnswer[] = []) {
  const state = { webhooks, refusal: undefined as ApiReply | undefined };
  const asked = fakeApi(({ method, path }) => {
    if (method !== 'GET') return state.refusal ?? {};
    if (path === '/api/v1/webhooks') return { items: state.webhooks };
    if (path === '/api/v1/webhooks/formats') return { items: [json, telegram] };
    if (path === '/api/v1/alert-routing') return { version: 3, routing };
    if (path === '/api/v1/deliveries/7') return { ...deliveries[0], log: attempts };
    if (path === '/api/v1/registry')
      return { municipalities: [{ slug: 'yurga', name: 'Юргинский' }] };
    if (path.includes('/deliveries')) return { items: deliveries };
    return undefined;
  });
  openBoard('/alerts', snapshotOf({ silences: [silenceOf()] }));
  return { asked, state };
}
const sent = (asked: readonly AskedApi[]): AskedApi[] =>
  asked.filter(({ method }) => method !== 'GET');
const press = (within_: ReturnType<typeof within>, name: string): Promise<void> =>
  act(async () => {
    fireEvent.click(within_.getByRole('button', { name }));
  });

describe('receivers', () => {
  it('say whether they can be relied on: the last drill, the breaker, what was given up', async () => {
    served([
      webhookOf({ lastTest: { atMs: BOARD_MS, state: 'delivered', tookMs: 412, outcome: null } }),
      webhookOf({
        id: 'wh-2',
        lastTest: { atMs: BOARD_MS, state: 'failed', tookMs: null, outcome: 'dnsFailed' },
        breaker: 'open',
        pending: 4,
        dead: 2,
      }),
      webhookOf({ id: 'wh-3', isEnabled: false }),
    ]);
    const first = (await screen.findByTestId('webhook-wh-1')).textContent;
    expect(first).toContain('дошла за 412 мс');
    expect(first).toContain(ru.breakers.closed);
    const second = screen.getByTestId('webhook-wh-2').textContent;
    expect(second).toContain('не дошла: имя получателя не находится (DNS)');
    expect(second).toContain(ru.breakers.open);
    expect(second).toContain(ru.pendingCount('4'));
    expect(second).toContain(ru.deadLetters('2'));
    const third = screen.getByTestId('webhook-wh-3').textContent;
    expect(third).toContain(ru.never);
    expect(third).toContain(ru.isDisabled);
  });

  it('are missed aloud where there are none', async () => {
    served([]);
    expect(await screen.findByText(ru.noWebhooks)).toBeTruthy();
    expect(screen.queryByText(ru.drillAll)).toBeNull();
  });

  it('are added by the fields of their format', async () => {
    const { asked } = served([]);
    await vi.waitFor(() =>
      expect(screen.getByRole<HTMLButtonElement>('button', { name: ru.add }).disabled).toBe(false),
    );
    fireEvent.click(screen.getByRole('button', { name: ru.add }));
    const form = within(screen.getByTestId('webhook-form'));
    const fill = (label: string, value: string): void => {
      fireEvent.change(form.getByLabelText(label), { target: { value } });
    };
    fill(ru.name, 'Дежурный');
    fill(ru.format, 'telegram');
    fill('Токен бота', '123456789:secret');
    fill('Чат', '-100');
    await act(async () => {
      fireEvent.submit(screen.getByTestId('webhook-form'));
    });
    expect(sent(asked)).toMatchObject([
      {
        method: 'POST',
        path: '/api/v1/webhooks',
        body: {
          name: 'Дежурный',
          format: 'telegram',
          settings: { chatId: '-100' },
          secrets: { token: '123456789:secret' },
          template: null,
        },
      },
    ]);
    expect(screen.queryByTestId('webhook-form')).toBeNull();
  });

  it('never show a secret, keep it when nobody types one, and erase it on request', async () => {
    const { asked } = served([webhookOf()]);
    await press(within(await screen.findByTestId('webhook-wh-1')), ru.edit);
    const form = within(screen.getByTestId('webhook-form'));
    const secret = form.getByPlaceholderText<HTMLInputElement>(ru.secretSet);
    expect([secret.type, secret.value]).toEqual(['password', '']);
    await act(async () => {
      fireEvent.submit(screen.getByTestId('webhook-form'));
    });
    expect(sent(asked).at(-1)).toMatchObject({ method: 'PUT', body: { secrets: {} } });
    await press(within(screen.getByTestId('webhook-wh-1')), ru.edit);
    fireEvent.click(screen.getByRole('button', { name: ru.secretRemove }));
    await act(async () => {
      fireEvent.submit(screen.getByTestId('webhook-form'));
    });
    expect(sent(asked).at(-1)?.body.secrets).toEqual({ signingSecret: null });
  });

  it('show why they were refused, in the page’s language where there are words', async () => {
    const { state } = served([webhookOf()]);
    const refuse = async (reason: string, detail: string): Promise<void> => {
      state.refusal = {
        status: 422,
        body: { type: `urn:ppe-pulse:problem:${reason}`, detail },
      };
      await act(async () => {
        fireEvent.submit(screen.getByTestId('webhook-form'));
      });
    };
    await press(within(await screen.findByTestId('webhook-wh-1')), ru.edit);
    await refuse('hasCredentials', 'settings.url: put them into secrets');
    const said = within(await screen.findByRole('alert'));
    expect(
      said.getByText(failed('логин и пароль в адресе не хранятся: уберите их, задайте секретами')),
    ).toBeTruthy();
    expect(said.getByText('settings.url: put them into secrets')).toBeTruthy();
    // One of a newer collector has its words only.
    await refuse('notKnownYet', 'settings.url: of another kind');
    expect(screen.getByRole('alert').textContent).toBe(failed('settings.url: of another kind'));
  });

  it('are removed by a second press only', async () => {
    const { asked } = served([webhookOf()]);
    const row = within(await screen.findByTestId('webhook-wh-1'));
    await press(row, ru.remove);
    expect(sent(asked)).toEqual([]);
    await press(row, ru.removeReally);
    expect(sent(asked)).toMatchObject([{ method: 'DELETE', path: '/api/v1/webhooks/wh-1' }]);
  });

  it('get a drill, all or one, and the receipt is looked for until it is there', async () => {
    const { asked, state } = served([webhookOf()]);
    const row = within(await screen.findByTestId('webhook-wh-1'));
    state.webhooks = [
      webhookOf({ lastTest: { atMs: BOARD_MS, state: 'pending', tookMs: null, outcome: null } }),
    ];
    await press(within(screen.getByTestId('webhooks')), ru.drillAll);
    await row.findByText(new RegExp(ru.test.pending));
    expect(row.getByRole<HTMLButtonElement>('button', { name: ru.drill }).disabled).toBe(true);
    state.webhooks = [
      webhookOf({ lastTest: { atMs: BOARD_MS, state: 'delivered', tookMs: 87, outcome: null } }),
    ];
    await row.findByText(/дошла за 87 мс/, {}, { timeout: 3_000 });
    await press(row, ru.drill);
    expect(sent(asked).map(({ path }) => path)).toEqual([
      '/api/v1/drills',
      '/api/v1/webhooks/wh-1/test',
    ]);
  });
});

describe('the delivery log', () => {
  it('says what came of every delivery, and sends one again', async () => {
    const { asked } = served(
      [webhookOf()],
      [
        deliveryOf(3),
        deliveryOf(2, {
          state: 'pending',
          attempts: 4,
          lastOutcome: 'serverError',
          lastStatus: 502,
          nextAttemptAtMs: BOARD_MS + MINUTE_MS,
          endedAtMs: null,
        }),
        deliveryOf(1, {
          kind: 'drill',
          incidentId: null,
          isDrill: true,
          state: 'dead',
          lastOutcome: 'timedOut',
          lastStatus: null,
        }),
      ],
    );
    const text = async (id: number): Promise<string> =>
      (await screen.findByTestId(`delivery-${id}`)).textContent;
    expect(await text(3)).toContain('Дежурный чатi-17 открыт доставлено1412 мс');
    expect(await text(2)).toContain(
      'ждёт отправки · ошибка на стороне получателя · ответ 502 · следующая попытка 09:37',
    );
    expect(await text(1)).toContain('не доставлено · получатель не ответил вовремя');
    expect(await text(1)).toContain(ru.isDrill);
    await press(within(screen.getByTestId('delivery-1')), ru.resend);
    expect(sent(asked)).toMatchObject([{ path: '/api/v1/deliveries/1/resend' }]);
    expect(within(screen.getByTestId('delivery-2')).queryByText(ru.resend)).toBeNull();
  });
});

describe('a delivery', () => {
  it('opens every attempt on request', async () => {
    const delivery = deliveryOf(7, { attempts: 2 });
    const { asked } = served([webhookOf()], [delivery]);
    const row = within(await screen.findByTestId('delivery-7'));
    expect(screen.queryByTestId('attempts-7')).toBeNull();
    await press(row, ru.attemptsOf('2'));
    const shown = within(await screen.findByTestId('attempts-7')).getAllByRole('listitem');
    expect(shown.map(({ textContent }) => textContent)).toEqual([
      'через 8,0 мс ошибка на стороне получателя · ответ 500120 мс',
      'через 1 мин 05 с доставлено · ответ 20040 мс',
    ]);
    await press(row, ru.attemptsOf('2'));
    expect(screen.queryByTestId('attempts-7')).toBeNull();
    expect(asked.filter(({ path }) => path === '/api/v1/deliveries/7')).toHaveLength(1);
  });
});

describe('the routes', () => {
  it('are told in sentences above their document', async () => {
    served([webhookOf()]);
    const routes = within(await screen.findByTestId('routes'));
    await vi.waitFor(() =>
      expect(routes.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
        'Ночью: критично; муниципалитеты: Юргинский, tayga; с 20:00 до 08:00; кому: Дежурный чат; никто не взял 5 мин — ещё и: все включённые получатели; следующие маршруты смотрятся тоже',
        'Прочее: обо всём; кому: все включённые получатели; предупреждения сводкой раз в 15 мин',
      ]),
    );
  });

  it('are changed as JSON: no JSON is told at once, a refusal in the collector’s words', async () => {
    const { asked, state } = served([webhookOf()]);
    const form = await screen.findByTestId('routing-form');
    const field = within(form).getByRole<HTMLTextAreaElement>('textbox');
    const put = async (value: string): Promise<void> => {
      fireEvent.change(field, { target: { value } });
      await act(async () => {
        fireEvent.submit(form);
      });
    };
    await put('{');
    expect(screen.getByRole('alert').textContent).toContain('Это не JSON');
    expect(sent(asked)).toEqual([]);
    const detail = 'routes.0.webhooks.0: “wh-9” is not known; did you mean “wh-1”?';
    state.refusal = { status: 422, body: { detail } };
    await put('{"routes":[]}');
    expect((await screen.findByRole('alert')).textContent).toBe(failed(detail));
    // A version guards the change; an id would be refused.
    expect(sent(asked)).toEqual([
      {
        method: 'PUT',
        path: '/api/v1/alert-routing',
        body: { routing: { routes: [] }, baseVersion: 3 },
      },
    ]);
  });

  it('stand beside the silences', async () => {
    served([]);
    const section = await screen.findByRole('region', { name: ru.silences });
    expect(within(section).getByText('ППЭ 4216')).toBeTruthy();
  });
});

describe('the form of a receiver', () => {
  it('sends numbers as numbers and leaves out what is empty', () => {
    const draft = {
      ...draftOf(telegram, undefined),
      settings: { chatId: '-1', threadId: '7' },
      template: '{{ title }}',
    };
    expect(bodyOf(telegram, draft)).toMatchObject({
      settings: { chatId: '-1', threadId: 7 },
      template: '{{ title }}',
      giveUpAfterMinutes: 60,
    });
    expect(bodyOf(telegram, draftOf(telegram, undefined))).toMatchObject({ settings: {} });
  });
});
