import { describe, expect, it, onTestFinished } from 'vitest';
import { createAccess } from '../../server/src/access/access.ts';
import { createHttp } from '../../server/src/api/http.ts';
import { handoverRoutes } from '../../server/src/api/routes/handovers.ts';
import { incidentRoutes } from '../../server/src/api/routes/incidents.ts';
import { silenceRoutes } from '../../server/src/api/routes/silences.ts';
import { createLog } from '../../server/src/log.ts';
import { BookWorld, MINUTE_MS, NINE_MS } from './incident-world.ts';
import { regionScopes } from '../support/scopes.ts';

const token = 'an-admin-token-of-this-test';
const authorization = `Bearer ${token}`;

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The routes over a real book with one open incident, `i-1`. */
async function served() {
  const world = new BookWorld();
  const clock = {
    wallMs: () => world.clock.wallMs,
    monotonicMs: () => world.clock.monotonicMs,
  };
  const app = await createHttp({
    access: createAccess(world.database, token),
    scopes: regionScopes,
    tls: undefined,
    clock,
    log: createLog('silent'),
    boardDir: '',
    refused: () => {},
  });
  onTestFinished(() => app.close());
  const parts = { incidents: world.book, clock };
  incidentRoutes(app, parts);
  silenceRoutes(app, { ...parts, siteOfWorkstation: () => undefined });
  handoverRoutes(app, parts);
  await app.ready();
  world.says('opened', { severity: 'critical' });
  const ask = async (
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    payload?: object,
  ): Promise<Answer> => {
    const headers = { authorization };
    const response = await app.inject({
      method,
      url: `/api/v1/${url}`,
      headers,
      ...(payload && { payload }),
    });
    return { status: response.statusCode, body: response.json() };
  };
  return { world, app, ask };
}

const problem = (status: number, kind: string) => ({
  status,
  body: { type: `urn:ppe-pulse:problem:${kind}`, status },
});

describe('/api/v1/incidents', () => {
  it('tells scripts what is open, with times that they read', async () => {
    const { ask } = await served();
    const { status, body } = await ask('GET', 'incidents?state=open');
    expect(status).toBe(200);
    const [incident] = body.items as Record<string, unknown>[];
    expect(incident).toMatchObject({
      id: 'i-1',
      kind: 'printer.state',
      node: 'device:w-0000000000000001/printer.1',
      severity: 'critical',
      openedAt: '2026-05-20T02:00:00.000Z',
      assignee: null,
      drill: false,
      children: 1,
      reason: 'printerJam',
      evidence: {},
    });
    expect(incident).not.toHaveProperty('resolvedAt');
    expect(incident).not.toHaveProperty('acknowledgedAt');
  });

  it('gives long lists page by page', async () => {
    const { world, ask } = await served();
    for (const id of ['i-2', 'i-3']) world.says('opened', { id });
    const first = await ask('GET', 'incidents?limit=2');
    const ids = ({ body }: Answer): unknown[] =>
      (body.items as { id: string }[]).map(({ id }) => id);
    expect([ids(first), first.body.nextCursor]).toEqual([['i-3', 'i-2'], 'i-2']);
    const second = await ask('GET', 'incidents?limit=2&cursor=i-2');
    expect([ids(second), second.body.nextCursor]).toEqual([['i-1'], undefined]);
    expect(await ask('GET', 'incidents?site=4216&severity=critical')).toMatchObject({
      body: { items: [{ id: 'i-1' }] },
    });
    expect(await ask('GET', 'incidents?cursor=first')).toMatchObject(problem(400, 'badRequest'));
  });

  it('keeps who took it, who called and what was said', async () => {
    const { ask } = await served();
    const post = (action: string, body?: object): Promise<Answer> =>
      ask('POST', `incidents/i-1/${action}`, body);
    expect(await post('ack')).toMatchObject({
      status: 200,
      body: { acknowledgedAt: '2026-05-20T02:00:00.250Z', acknowledgedBy: 'admin' },
    });
    await post('assign', { assignee: 'technicalSupport' });
    await post('comment', { note: 'картридж в пути', requestId: 'request-1' });
    await post('call', { outcome: 'noAnswer', note: 'Штаб, 09:34' });
    await post('snooze', { until: '2026-05-20T09:30:00+07:00' });
    await post('drill');
    expect(await post('resolve', { resolution: 'fixed', note: 'новый картридж' })).toMatchObject({
      status: 200,
      body: { resolvedAt: '2026-05-20T02:00:00.250Z', resolution: 'fixed', drill: true },
    });
    const { body } = await ask('GET', 'incidents/i-1');
    expect(body).toMatchObject({ id: 'i-1', assignee: 'technicalSupport', notes: 3 });
    expect(body.log).toMatchObject([
      { by: 'collector', kind: 'opened', at: '2026-05-20T02:00:00.250Z' },
      { by: 'admin', kind: 'ack' },
      { kind: 'assign', details: { assignee: 'technicalSupport' } },
      { kind: 'comment', note: 'картридж в пути' },
      { kind: 'call', note: 'Штаб, 09:34', details: { outcome: 'noAnswer' } },
      { kind: 'snooze', details: { untilMs: NINE_MS + 30 * MINUTE_MS } },
      { kind: 'drill', details: { isDrill: true } },
      { kind: 'resolve', note: 'новый картридж', details: { resolution: 'fixed' } },
    ]);
    expect(await post('assign', { assignee: null })).toMatchObject(problem(409, 'incidentOver'));
    expect(await post('ack')).toMatchObject({ status: 200 });
    expect(await post('comment', { note: 'проверили ещё раз' })).toMatchObject({ status: 200 });
  });

  it('takes an operator’s double click for one', async () => {
    const { world, ask } = await served();
    const body = { note: 'звоню', requestId: '7f0c2f6e-0000-4000-8000-000000000001' };
    const answers = await Promise.all([
      ask('POST', 'incidents/i-1/comment', body),
      ask('POST', 'incidents/i-1/comment', body),
      ask('POST', 'incidents/i-1/ack', { requestId: 'click-0001' }),
      ask('POST', 'incidents/i-1/ack', { requestId: 'click-0002' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(world.logOf('i-1')).toEqual(['collector opened', 'admin comment звоню', 'admin ack']);
  });

  it('refuses by name what is too long, empty, unknown or at no time', async () => {
    const { world, ask } = await served();
    const note = (length: number): Promise<Answer> =>
      ask('POST', 'incidents/i-1/comment', { note: 'x'.repeat(length) });
    expect(await note(1_000_000)).toMatchObject(problem(413, 'tooBig'));
    expect(await note(5_000)).toMatchObject(problem(422, 'noteTooLong'));
    expect(await note(0)).toMatchObject(problem(422, 'noteEmpty'));
    expect(await note(2_000)).toMatchObject({ status: 200 });
    expect(await ask('POST', 'incidents/i-77/ack')).toMatchObject(problem(404, 'unknownIncident'));
    expect(await ask('GET', 'incidents/i-77')).toMatchObject(problem(404, 'unknownIncident'));
    expect(await ask('GET', 'incidents/17')).toMatchObject(problem(400, 'badRequest'));
    expect(
      await ask('POST', 'incidents/i-1/snooze', { until: '2026-05-22T09:00:00+07:00' }),
    ).toMatchObject(problem(422, 'badTime'));
    expect(await ask('POST', 'incidents/i-1/snooze', { until: 'завтра' })).toMatchObject(
      problem(400, 'badRequest'),
    );
    expect(await ask('POST', 'incidents/i-1/assign', { assignee: 'Иванов' })).toMatchObject(
      problem(400, 'badRequest'),
    );
    world.isFull = true;
    expect(await ask('POST', 'incidents/i-1/ack')).toMatchObject(problem(503, 'notStored'));
  });

  it('is for those who are signed in', async () => {
    const { app } = await served();
    const response = await app.inject({ method: 'POST', url: '/api/v1/incidents/i-1/ack' });
    expect(response.statusCode).toBe(401);
  });
});

describe('/api/v1/silences and /api/v1/handovers', () => {
  it('make, show and end a silence', async () => {
    const { world, ask } = await served();
    const draft = { node: 'room:4216-0012', to: '2026-05-20T10:00:00+07:00', comment: 'ремонт' };
    const body = { ...draft, requestId: 'silence-1' };
    const made = await ask('POST', 'silences', body);
    expect(made).toMatchObject({
      status: 201,
      body: { id: 's-1', kind: 'silence', checkId: null, from: '2026-05-20T02:00:00.250Z' },
    });
    expect((await ask('POST', 'silences', body)).body).toEqual(made.body);
    expect(await ask('GET', 'silences')).toMatchObject({
      body: {
        items: [{ id: 's-1', covers: 1, to: '2026-05-20T03:00:00.000Z', createdBy: 'admin' }],
      },
    });
    expect(await ask('GET', 'incidents/i-1')).toMatchObject({
      body: { silencedUntil: '2026-05-20T03:00:00.000Z' },
    });
    expect(await ask('DELETE', 'silences/s-1')).toMatchObject({ status: 200 });
    expect(await ask('DELETE', 'silences/s-1', { requestId: 'again-0001' })).toMatchObject({
      status: 200,
    });
    expect((await ask('GET', 'silences')).body).toEqual({ items: [] });
    expect(await ask('DELETE', 'silences/s-2')).toMatchObject(problem(404, 'unknownSilence'));
    world.unknown = ['9999'];
    expect(await ask('POST', 'silences', { ...draft, node: 'site:9999' })).toMatchObject(
      problem(422, 'badNode'),
    );
    expect(await ask('POST', 'silences', { ...draft, comment: '' })).toMatchObject(
      problem(422, 'noteEmpty'),
    );
    expect(await ask('POST', 'silences', { node: 'region', comment: 'x' })).toMatchObject(
      problem(400, 'badRequest'),
    );
  });

  it('hand over what is open', async () => {
    const { ask } = await served();
    const body = { note: 'принтер в 0012 ждёт картридж', requestId: 'shift-0001' };
    const made = await ask('POST', 'handovers', body);
    expect(made).toMatchObject({
      status: 201,
      body: { by: 'admin', at: '2026-05-20T02:00:00.250Z', openIncidents: ['i-1'] },
    });
    expect(await ask('POST', 'handovers', body)).toEqual(made);
    expect((await ask('GET', 'handovers')).body).toEqual({ items: [made.body] });
    expect(await ask('POST', 'handovers', { note: ' ' })).toMatchObject(problem(422, 'noteEmpty'));
  });
});
