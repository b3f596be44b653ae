import { describe, expect, it } from 'vitest';
import { EDITING_EXPIRES_MS, PlanEditing } from '../../server/src/rehearsal/plan-editing.ts';
import { planServer } from '../support/plan-server.ts';
import { aRegion, shortPlan } from '../support/plans.ts';

const nowMs = Date.parse('2026-05-01T09:00:00+07:00');
const [anna, boris] = [
  { account: 'anna', window: 'a1' },
  { account: 'boris', window: 'b1' },
];

describe('who edits the plan', () => {
  it('is the one who began first of those that say so again in time', () => {
    const editing = new PlanEditing();
    expect(editing.now(nowMs)).toBeNull();
    editing.begin(anna, nowMs);
    editing.begin(boris, nowMs + 10_000);
    editing.begin(boris, nowMs + 40_000);
    expect(editing.now(nowMs + EDITING_EXPIRES_MS - 1)).toEqual({ by: 'anna', sinceMs: nowMs });
    // Anna has gone home; Boris edits since he began, not since he last said so.
    expect(editing.now(nowMs + EDITING_EXPIRES_MS)).toEqual({
      by: 'boris',
      sinceMs: nowMs + 10_000,
    });
    expect(editing.now(nowMs + 40_000 + EDITING_EXPIRES_MS)).toBeNull();
    editing.begin(anna, nowMs + 200_000);
    expect(editing.now(nowMs + 200_000)?.sinceMs).toBe(nowMs + 200_000);
  });

  it('is still somebody when one of two windows is closed', () => {
    const editing = new PlanEditing();
    editing.begin(anna, nowMs);
    editing.begin({ ...anna, window: 'a2' }, nowMs + 1_000);
    editing.end(anna);
    expect(editing.now(nowMs + 2_000)).toEqual({ by: 'anna', sinceMs: nowMs + 1_000 });
    editing.end({ ...anna, window: 'a2' });
    expect(editing.now(nowMs + 2_000)).toBeNull();
  });

  it('is nobody of the account whose edit was applied', () => {
    const editing = new PlanEditing();
    editing.begin(anna, nowMs);
    editing.begin({ ...anna, window: 'a2' }, nowMs);
    editing.begin(boris, nowMs + 5);
    editing.applied('anna');
    expect(editing.now(nowMs + 10)).toEqual({ by: 'boris', sinceMs: nowMs + 5 });
  });

  it('is remembered of so many windows only; the one renewed longest ago makes room', () => {
    const editing = new PlanEditing();
    editing.begin(anna, nowMs);
    for (let window = 0; window < 99; window += 1)
      editing.begin({ account: 'boris', window: `${window}` }, nowMs + 1);
    expect(editing.now(nowMs + 2)?.by).toBe('anna');
    editing.begin({ account: 'boris', window: 'one more' }, nowMs + 2);
    expect(editing.now(nowMs + 2)?.by).toBe('boris');
  });
});

describe('POST /api/v1/plan/editing', () => {
  it('tells who edits until the edit is applied or the page is left', async () => {
    const { url, token, editing } = await planServer(aRegion());
    const send = async (method: 'POST' | 'PUT', path: string, body: unknown): Promise<number> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
      await response.text();
      return response.status;
    };
    const say = async (body: unknown): Promise<number> =>
      send('POST', '/api/v1/plan/editing', body);
    expect(await say({ isEditing: true, window: 'w-1' })).toBe(204);
    expect(editing.now(nowMs)).toEqual({ by: 'admin', sinceMs: nowMs });
    expect(await say({ isEditing: false, window: 'w-2' })).toBe(204);
    expect(editing.now(nowMs)?.by).toBe('admin');
    expect(await say({ isEditing: false, window: 'w-1' })).toBe(204);
    expect(editing.now(nowMs)).toBeNull();
    await say({ isEditing: true });
    const edit = { text: shortPlan, baseVersion: 0 };
    expect(await send('PUT', '/api/v1/plan', { ...edit, dryRun: true })).toBe(200);
    expect(editing.now(nowMs)?.by).toBe('admin');
    expect(await send('PUT', '/api/v1/plan', edit)).toBe(200);
    expect(editing.now(nowMs)).toBeNull();
  });

  it.each([
    ['nothing', {}],
    ['a word', { isEditing: 'yes' }],
    ['a long name of a window', { isEditing: true, window: 'x'.repeat(65) }],
    ['markup', { isEditing: true, window: '<b>' }],
  ])('refuses %s', async (_, body) => {
    const { url, token, editing } = await planServer(aRegion());
    const response = await fetch(`${url}/api/v1/plan/editing`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(400);
    expect(editing.now(nowMs)).toBeNull();
  });

  it('is nobody’s without a sign-in', async () => {
    const { url } = await planServer(aRegion());
    const response = await fetch(`${url}/api/v1/plan/editing`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"isEditing":true}',
    });
    expect(response.status).toBe(401);
  });
});
