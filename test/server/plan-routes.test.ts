import { describe, expect, it } from 'vitest';
import type { Region } from '@ppe-pulse/protocol';
import { planServer } from '../support/plan-server.ts';
import { aRegion, shortPlan } from '../support/plans.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
}
type Ask = (method: 'GET' | 'PUT', path: string, body?: unknown) => Promise<Answer>;

/** Asks the routes as a script does. */
async function served(region: Region | null = aRegion()): Promise<Ask> {
  const { url, token } = await planServer(region);
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      body: (await response.json()) as Record<string, unknown>,
    };
  };
}

describe('GET and PUT /api/v1/plan', () => {
  it('say where a plan comes from when there is none', async () => {
    const ask = await served();
    expect(await ask('GET', '/api/v1/plan')).toMatchObject({
      status: 404,
      body: { type: 'urn:ppe-pulse:problem:noPlan' },
    });
  });

  it('store the text and answer it with the whole plan, who and when', async () => {
    const ask = await served();
    const put = await ask('PUT', '/api/v1/plan', {
      text: shortPlan,
      baseVersion: 0,
      note: 'первый',
    });
    expect(put).toMatchObject({
      status: 200,
      body: { outcome: 'applied', version: 1, problems: [] },
    });
    const { status, body } = await ask('GET', '/api/v1/plan');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      version: 1,
      planId: 'short',
      by: 'admin',
      at: '2026-05-01T02:00:00.000Z',
      note: 'первый',
      text: shortPlan,
      plan: { id: 'short', exams: [{ startAt: '10:00' }], print: { pagesPerSet: 20 } },
      problems: [],
    });
  });

  it('answer what an edit changes, for people and for scripts', async () => {
    const ask = await served();
    await ask('PUT', '/api/v1/plan', { text: shortPlan, baseVersion: 0 });
    const text = `${shortPlan}stages: { printing: { red: "10:40" } }\n`;
    const dry = await ask('PUT', '/api/v1/plan', { text, baseVersion: 1, dryRun: true });
    const changes = [
      {
        path: 'stages.printing.red',
        before: '10:30',
        after: '10:40',
        text: 'stages.printing.red: 10:30 → 10:40',
      },
    ];
    expect(dry.body).toEqual({ outcome: 'wouldApply', version: 1, changes, problems: [] });
    const real = await ask('PUT', '/api/v1/plan', { text, baseVersion: 1 });
    expect(real.body).toEqual({ outcome: 'applied', version: 2, changes, problems: [] });
  });

  it('refuse a plan with errors by a problem document with every one of them', async () => {
    const ask = await served();
    const text = shortPlan.replace('["0042"]', '["0042", "0042", "7"]');
    const put = await ask('PUT', '/api/v1/plan', { text, baseVersion: 0 });
    expect(put.status).toBe(422);
    expect(put.type).toContain('application/problem+json');
    expect(put.body).toMatchObject({
      type: 'urn:ppe-pulse:problem:planRefused',
      status: 422,
      problems: [
        {
          severity: 'error',
          reason: 'wrongValue',
          path: 'participants.only.2',
          line: 8,
          column: 26,
          ru: { toDo: 'нужно: код из четырёх цифр в кавычках, например "0042"' },
          en: { wrong: '7 does not fit' },
        },
      ],
    });
    expect((await ask('GET', '/api/v1/plan')).status).toBe(404);
  });

  it('refuse an edit of a plan that was edited meanwhile', async () => {
    const ask = await served();
    await ask('PUT', '/api/v1/plan', { text: shortPlan, baseVersion: 0 });
    expect(
      await ask('PUT', '/api/v1/plan', { text: `${shortPlan}#\n`, baseVersion: 0 }),
    ).toMatchObject({
      status: 409,
      body: {
        type: 'urn:ppe-pulse:problem:stalePlan',
        detail: expect.stringContaining('version 1'),
      },
    });
  });

  it('judge codes against the region, and only as codes where there is none', async () => {
    const text = shortPlan.replace('"0042"', '"9999"');
    const known = await served();
    expect((await known('PUT', '/api/v1/plan', { text, baseVersion: 0 })).status).toBe(422);
    const unknown = await served(null);
    expect((await unknown('PUT', '/api/v1/plan', { text, baseVersion: 0 })).status).toBe(200);
  });

  it('show warnings of a plan that holds', async () => {
    const ask = await served();
    const text = `${shortPlan}technologies: [kege]\n`;
    const put = await ask('PUT', '/api/v1/plan', { text, baseVersion: 0 });
    const problems = [{ severity: 'warning', reason: 'technologyWithoutExam', line: 9 }];
    expect(put).toMatchObject({ status: 200, body: { outcome: 'applied', problems } });
    expect(await ask('GET', '/api/v1/plan')).toMatchObject({ body: { problems } });
  });

  it('take the longest plan in the longest letters, and nothing longer', async () => {
    const ask = await served(null);
    const longest = `${shortPlan}#${'ш'.repeat(131_072 - shortPlan.length - 2)}\n`;
    expect((await ask('PUT', '/api/v1/plan', { text: longest, baseVersion: 0 })).status).toBe(200);
    expect((await ask('PUT', '/api/v1/plan', { text: `${longest}#`, baseVersion: 1 })).status).toBe(
      400,
    );
    const huge = 'x'.repeat(1_000_000);
    expect((await ask('PUT', '/api/v1/plan', { text: huge, baseVersion: 1 })).status).toBe(413);
  });

  it.each([
    ['without a base', { text: shortPlan }],
    ['of a text that is a number', { text: 7, baseVersion: 0 }],
    ['of a base below zero', { text: shortPlan, baseVersion: -1 }],
  ])('refuse an edit %s', async (_, body) => {
    const ask = await served();
    await ask('PUT', '/api/v1/plan', body);
    expect((await ask('GET', '/api/v1/plan/versions')).body).toEqual({ items: [] });
  });

  it('never believe an edit that says whose it is', async () => {
    const ask = await served();
    await ask('PUT', '/api/v1/plan', { text: shortPlan, baseVersion: 0, by: 'somebody else' });
    const { body } = await ask('GET', '/api/v1/plan/versions');
    expect((body.items as { by: string }[]).map(({ by }) => by)).not.toContain('somebody else');
  });
});

describe('GET /api/v1/plan/versions', () => {
  it('lists them, newest first, and gives the text of each', async () => {
    const ask = await served();
    await ask('PUT', '/api/v1/plan', { text: shortPlan, baseVersion: 0, note: 'a' });
    await ask('PUT', '/api/v1/plan', { text: `${shortPlan}# b\n`, baseVersion: 1, note: 'b' });
    const at = '2026-05-01T02:00:00.000Z';
    expect((await ask('GET', '/api/v1/plan/versions')).body).toEqual({
      items: [
        { version: 2, planId: 'short', by: 'admin', at, note: 'b' },
        { version: 1, planId: 'short', by: 'admin', at, note: 'a' },
      ],
    });
    expect((await ask('GET', '/api/v1/plan/versions?limit=1')).body.items).toHaveLength(1);
    expect((await ask('GET', '/api/v1/plan/versions/1')).body).toEqual({
      version: 1,
      text: shortPlan,
    });
    expect((await ask('GET', '/api/v1/plan/versions/3')).status).toBe(404);
    expect((await ask('GET', '/api/v1/plan/versions?limit=0')).status).toBe(400);
  });
});
