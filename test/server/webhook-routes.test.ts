import { describe, expect, it, vi } from 'vitest';
import { wellSet } from '../support/alert-samples.ts';
import { alertApi, type AlertApi } from '../support/alert-api.ts';

const hook = 'https://hooks.example.org/alerts';
const json = { name: 'Центр', format: 'json', settings: { url: hook } };
const signingSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const problem = (status: number, kind: string) => ({
  status,
  body: { type: `urn:ppe-pulse:problem:${kind}`, status },
});

async function withWebhook(body: object = json): Promise<AlertApi> {
  const api = await alertApi();
  expect(await api.ask('POST', 'webhooks', body)).toMatchObject({ status: 201 });
  return api;
}

describe('/api/v1/webhooks', () => {
  it('adds, shows, changes and removes a receiver, and audits each', async () => {
    const { ask, audit } = await withWebhook();
    const added = await ask('GET', 'webhooks/wh-1');
    expect(added).toMatchObject({
      status: 200,
      body: {
        id: 'wh-1',
        name: 'Центр',
        format: 'json',
        settings: { url: hook },
        secretNames: [],
        isEnabled: true,
        allowsPrivate: false,
        giveUpAfterMinutes: 60,
        language: 'ru',
        template: null,
        createdBy: 'admin',
        lastTest: null,
        breaker: 'closed',
        pending: 0,
        dead: 0,
      },
    });
    const changed = await ask('PUT', 'webhooks/wh-1', { isEnabled: false, giveUpAfterMinutes: 5 });
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'Центр', settings: { url: hook }, isEnabled: false, giveUpAfterMinutes: 5 },
    });
    const again = await ask('PUT', 'webhooks/wh-1', { isEnabled: false, giveUpAfterMinutes: 5 });
    expect(again.body).toEqual(changed.body);
    expect((await ask('GET', 'webhooks')).body.items).toHaveLength(1);
    expect(await ask('DELETE', 'webhooks/wh-1')).toMatchObject({ status: 200 });
    expect(await ask('GET', 'webhooks/wh-1')).toMatchObject(problem(404, 'unknownWebhook'));
    expect(await ask('DELETE', 'webhooks/wh-1')).toMatchObject(problem(404, 'unknownWebhook'));
    expect(audit.list(10).map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      'webhook.remove wh-1',
      'webhook.update wh-1',
      'webhook.create wh-1',
    ]);
  });

  it('tells the form which fields a format has', async () => {
    const { ask } = await alertApi();
    const { body } = await ask('GET', 'webhooks/formats');
    const items = body.items as { id: string; fields: { name: string; isSecret: boolean }[] }[];
    expect(items.map(({ id }) => id).sort()).toEqual(Object.keys(wellSet).sort());
    expect(items.find(({ id }) => id === 'telegram')?.fields).toContainEqual(
      expect.objectContaining({ name: 'token', isSecret: true, isRequired: true }),
    );
  });

  it('takes every format when it is set well', async () => {
    const { ask } = await alertApi();
    for (const [format, values] of Object.entries(wellSet)) {
      const answer = await ask('POST', 'webhooks', { name: format, format, ...values });
      expect(answer).toMatchObject({ status: 201, body: { format } });
    }
  });

  it.each<[string, object, string]>([
    ['badScheme', { settings: { url: 'ftp://hooks.example.org' } }, 'url'],
    ['hasCredentials', { settings: { url: 'https://me:pass@hooks.example.org' } }, 'url'],
    ['addressRefused', { settings: { url: 'http://127.0.0.1:9093' } }, 'url'],
    ['addressRefused', { settings: { url: 'http://[::1]/' } }, 'url'],
    ['addressRefused', { settings: { url: 'http://169.254.169.254/latest' } }, 'url'],
    [
      'addressRefused',
      { settings: { url: 'http://169.254.169.254/' }, allowsPrivate: true },
      'url',
    ],
    ['addressRefused', { settings: { url: 'https://inside.example.org/' } }, 'url'],
    ['missing', { settings: {} }, 'url'],
    ['unknownField', { settings: { url: hook, token: 'x' } }, 'token'],
    ['unknownField', { colour: 'red' }, 'colour'],
    ['missing', { name: undefined }, 'name'],
    ['empty', { name: '   ' }, 'name'],
    ['tooLong', { name: 'x'.repeat(101) }, 'name'],
    ['tooLong', { settings: { url: `https://hooks.example.org/${'x'.repeat(3_000)}` } }, 'url'],
    ['missing', { format: undefined }, 'format'],
    ['notInChoices', { format: 'jsno' }, 'format'],
    ['outOfRange', { giveUpAfterMinutes: 0 }, 'giveUpAfterMinutes'],
    ['outOfRange', { giveUpAfterMinutes: 1_441 }, 'giveUpAfterMinutes'],
    ['badType', { isEnabled: 'yes' }, 'isEnabled'],
    ['notInChoices', { language: 'de' }, 'language'],
    ['noTemplate', { template: '{{ title }}' }, 'template'],
    ['badSigningSecret', { secrets: { signingSecret: 'hunter2' } }, 'signingSecret'],
    ['badTemplate', { ...wellSetAs('mattermost'), template: '{{ headlin }}' }, 'template'],
    ['badTemplate', { ...wellSetAs('mattermost'), template: '{% if %}' }, 'template'],
  ])('refuses %s by that name: %j', async (kind, part, field) => {
    const { ask, audit } = await alertApi();
    const answer = await ask('POST', 'webhooks', { ...json, ...part });
    expect(answer).toMatchObject(problem(422, kind));
    expect(answer.body.detail).toContain(field);
    expect((await ask('GET', 'webhooks')).body.items).toEqual([]);
    expect(audit.list(10)).toEqual([]);
  });

  it('refuses a body that is none', async () => {
    const { ask } = await alertApi();
    for (const body of [undefined, null, [], 'x', 7])
      expect(await ask('POST', 'webhooks', body)).toMatchObject({ status: 422 });
  });

  it('takes a private address where a person allows it, and audits that', async () => {
    const { ask, audit } = await alertApi();
    const body = { ...json, settings: { url: 'http://127.0.0.1:9093' }, allowsPrivate: true };
    expect(await ask('POST', 'webhooks', body)).toMatchObject({ status: 201 });
    expect(audit.list(1)).toMatchObject([{ details: { allowsPrivate: true } }]);
    const refused = await ask('PUT', 'webhooks/wh-1', { allowsPrivate: false });
    expect(refused).toMatchObject(problem(422, 'addressRefused'));
  });

  it('makes one of a double click, by its request or by what it says', async () => {
    const { ask, sleep, audit } = await alertApi();
    const once = { ...json, requestId: 'click-0001' };
    const both = await Promise.all([ask('POST', 'webhooks', once), ask('POST', 'webhooks', once)]);
    expect(both.map(({ body }) => body.id)).toEqual(['wh-1', 'wh-1']);
    expect(await ask('POST', 'webhooks', json)).toMatchObject({
      status: 201,
      body: { id: 'wh-1' },
    });
    sleep(6_000);
    expect(await ask('POST', 'webhooks', json)).toMatchObject(problem(422, 'nameTaken'));
    expect(await ask('POST', 'webhooks', once)).toMatchObject({
      status: 201,
      body: { id: 'wh-1' },
    });
    expect(audit.list(10)).toHaveLength(1);
    await ask('DELETE', 'webhooks/wh-1');
    expect(await ask('POST', 'webhooks', once)).toMatchObject(problem(409, 'requestIdUsed'));
  });

  it('loses neither of two changes that are made at once', async () => {
    const held: (() => void)[] = [];
    let isHeld = false;
    const api = await alertApi(undefined, {
      resolve: async () => {
        if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
        return [{ address: '198.41.0.4', family: 4 }];
      },
    });
    await api.ask('POST', 'webhooks', json);
    isHeld = true;
    const slow = api.ask('PUT', 'webhooks/wh-1', { language: 'en' });
    await vi.waitFor(() => expect(held).toHaveLength(1));
    isHeld = false;
    await api.ask('PUT', 'webhooks/wh-1', { isEnabled: false });
    held[0]?.();
    expect(await slow).toMatchObject({ body: { isEnabled: false, language: 'en' } });
  });

  it('says so when nothing can be written, and nothing happened', async () => {
    const { ask, database } = await withWebhook();
    const routing = (await ask('GET', 'alert-routing')).body.routing;
    database.exec('PRAGMA query_only = 1');
    for (const [method, url, body] of [
      ['POST', 'webhooks', { ...json, name: 'another' }],
      ['PUT', 'webhooks/wh-1', { isEnabled: false }],
      ['DELETE', 'webhooks/wh-1', undefined],
      ['POST', 'webhooks/wh-1/test', undefined],
      ['POST', 'drills', undefined],
      ['PUT', 'alert-routing', { routing }],
    ] as const)
      expect(await ask(method, url, body)).toMatchObject(problem(503, 'notStored'));
    database.exec('PRAGMA query_only = 0');
    const { body } = await ask('GET', 'webhooks');
    expect(body.items).toMatchObject([{ id: 'wh-1', isEnabled: true, lastTest: null }]);
    expect(await ask('GET', 'alert-routing')).toMatchObject({ body: { version: 0 } });
    expect(await ask('POST', 'drills')).toMatchObject({ status: 202 });
  });

  it('takes fifty and no more, and no name twice', async () => {
    const { ask } = await alertApi();
    for (let number = 1; number <= 50; number += 1)
      await ask('POST', 'webhooks', { ...json, name: `Центр ${number}` });
    const more = await ask('POST', 'webhooks', { ...json, name: 'Центр 51' });
    expect(more).toMatchObject(problem(422, 'tooManyWebhooks'));
    const renamed = await ask('PUT', 'webhooks/wh-1', { name: 'центр 2' });
    expect(renamed).toMatchObject(problem(422, 'nameTaken'));
  });
});

describe('secrets of webhooks', () => {
  const chat = 'https://chat.example.org/hooks/hook-secret-7f3a';
  const secrets = { bearerToken: 'bearer-secret-51c0' };
  const manager = { name: 'AM', format: 'alertmanager', settings: { url: hook }, secrets };

  it('stay when nobody writes them, and go with null', async () => {
    const { ask, alerts } = await withWebhook({ ...json, secrets: { signingSecret } });
    const secretNames = async (): Promise<unknown> =>
      (await ask('GET', 'webhooks/wh-1')).body.secretNames;
    await ask('PUT', 'webhooks/wh-1', { name: 'Другой' });
    expect(await secretNames()).toEqual(['signingSecret']);
    await ask('PUT', 'webhooks/wh-1', { secrets: {} });
    expect(await secretNames()).toEqual(['signingSecret']);
    await ask('PUT', 'webhooks/wh-1', { secrets: { signingSecret: null } });
    expect(await secretNames()).toEqual([]);
    expect(alerts.api.webhook('wh-1')).toMatchObject({ name: 'Другой' });
  });

  it('are in no answer, no audit and no line of the log', async () => {
    const api = await alertApi();
    const { ask, audit, said } = api;
    const room = { name: 'Чат', format: 'mattermost', secrets: { url: chat } };
    await ask('POST', 'webhooks', { ...json, secrets: { signingSecret } });
    await ask('POST', 'webhooks', room);
    await ask('POST', 'webhooks', manager);
    await ask('PUT', 'webhooks/wh-2', { secrets: { url: `${chat}-2` }, template: '{{ no }}' });
    await ask('PUT', 'webhooks/wh-2', { secrets: { url: `${chat} 3` } });
    await ask('PUT', 'webhooks/wh-2', { secrets: { url: chat.replace('https', 'gopher') } });
    await ask('PUT', 'webhooks/wh-2', { secrets: { url: 'hook-secret-7f3a:' } });
    await ask('PUT', 'webhooks/wh-2', { secrets: { url: `${chat}-4` } });
    await ask('PUT', 'webhooks/wh-3', { settings: secrets });
    await ask('PUT', 'webhooks/wh-3', { settings: { url: 'https://other.example.org' } });
    await ask('POST', 'webhooks', { ...manager, format: secrets.bearerToken });
    await ask('POST', 'webhooks', { ...manager, [secrets.bearerToken]: 1, name: 'B' });
    for (const path of ['webhooks', 'webhooks/wh-1', 'webhooks/wh-2', 'webhooks/wh-3'])
      await ask('GET', path);
    await ask('POST', 'drills');
    await ask('GET', 'deliveries');
    await ask('DELETE', 'webhooks/wh-2');
    const everything = [...said, JSON.stringify(audit.list(100))].join('\n');
    expect(everything).toContain('hooks.example.org');
    for (const secret of ['MfKQ9r8GKYqr', 'hook-secret-7f3a'])
      expect(everything).not.toContain(secret);
    // The name of a key that somebody made up is the only place where it was said.
    const shown = said.filter((each) => each.includes(secrets.bearerToken));
    expect(shown).toHaveLength(1);
    expect(shown[0]).toContain('unknownField');
  });

  it('are not had by pointing a webhook elsewhere', async () => {
    const { ask, alerts } = await withWebhook(manager);
    const elsewhere = { settings: { url: 'https://elsewhere.example.org/' } };
    const refused = await ask('PUT', 'webhooks/wh-1', elsewhere);
    expect(refused).toMatchObject(problem(422, 'secretNeeded'));
    expect(refused.body.detail).toContain('bearerToken');
    expect(alerts.api.webhook('wh-1')?.settings).toEqual({ url: hook });
    const path = { settings: { url: 'https://hooks.example.org/other' } };
    expect(await ask('PUT', 'webhooks/wh-1', path)).toMatchObject({ status: 200 });
    const again = await ask('PUT', 'webhooks/wh-1', { ...elsewhere, secrets });
    expect(again).toMatchObject({ status: 200, body: { secretNames: ['bearerToken'] } });
  });

  it('are not had by way of another server of bots either', async () => {
    const bot = { name: 'Бот', format: 'telegram', ...wellSet.telegram };
    const { ask } = await withWebhook(bot);
    const { settings } = wellSet.telegram;
    const own = { settings: { ...settings, apiUrl: 'https://api.telegram.org' } };
    expect(await ask('PUT', 'webhooks/wh-1', own)).toMatchObject({ status: 200 });
    const elsewhere = { settings: { ...settings, apiUrl: 'https://elsewhere.example.org' } };
    const refused = await ask('PUT', 'webhooks/wh-1', elsewhere);
    expect(refused).toMatchObject(problem(422, 'secretNeeded'));
  });

  it('are gone from the database with the webhook', async () => {
    const { ask, database } = await withWebhook(manager);
    await ask('DELETE', 'webhooks/wh-1');
    expect(database.all('SELECT secrets FROM webhooks')).toEqual([{ secrets: '{}' }]);
  });
});

describe('/api/v1/alert-routing', () => {
  const routing = {
    routes: [
      {
        name: 'Кемерово',
        match: { municipalities: ['kemerovo'], sites: ['0042'] },
        webhooks: ['wh-1'],
        continues: false,
      },
    ],
  };

  it('has a default, is replaced as a whole, and is audited', async () => {
    const { ask, audit } = await withWebhook();
    expect(await ask('GET', 'alert-routing')).toMatchObject({
      status: 200,
      body: { version: 0, isDefault: true, routing: { routes: [{ webhooks: ['*'] }] } },
    });
    const put = await ask('PUT', 'alert-routing', { routing, baseVersion: 0 });
    expect(put).toMatchObject({ status: 200, body: { version: 1, isDefault: false, routing } });
    expect((await ask('GET', 'alert-routing')).body).toEqual(put.body);
    // A second click is no new version.
    expect(await ask('PUT', 'alert-routing', { routing, baseVersion: 0 })).toEqual(put);
    const [route] = routing.routes;
    const other = { routes: [{ ...route, continues: true }] };
    const stale = await ask('PUT', 'alert-routing', { routing: other, baseVersion: 0 });
    expect(stale).toMatchObject(problem(409, 'staleRouting'));
    expect(audit.list(1)).toMatchObject([{ action: 'routing.put', subject: 'version 1' }]);
  });

  it('names what is wrong, where, and what was meant', async () => {
    const { ask } = await withWebhook();
    const wrong = { routes: [{ ...routing.routes[0], webhooks: ['wh-2'] }] };
    const answer = await ask('PUT', 'alert-routing', { routing: wrong });
    expect(answer).toMatchObject(problem(422, 'unknownWebhook'));
    expect(answer.body.detail).toContain('routes.0.webhooks.0');
    const bare = await ask('PUT', 'alert-routing', routing);
    expect(bare).toMatchObject({ status: 422 });
    expect(bare.body.detail).toContain('routing: is missing');
  });

  it('keeps a webhook that a route tells from being removed', async () => {
    const { ask } = await withWebhook();
    await ask('PUT', 'alert-routing', { routing });
    const refused = await ask('DELETE', 'webhooks/wh-1');
    expect(refused).toMatchObject(problem(409, 'inRouting'));
    expect(refused.body.detail).toContain('Кемерово');
  });
});

describe('/api/v1/alert-event.schema.json', () => {
  it('is a JSON Schema', async () => {
    const { ask } = await alertApi();
    const { status, body } = await ask('GET', 'alert-event.schema.json');
    expect(status).toBe(200);
    expect(body).toMatchObject({ $schema: expect.any(String), type: 'object' });
  });
});

function wellSetAs(format: keyof typeof wellSet): object {
  return { format, ...wellSet[format] };
}
