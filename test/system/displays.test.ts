import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCollector, type Collector } from '../../server/src/collector.ts';
import { loadConfig } from '../../server/src/config.ts';
import { createLog } from '../../server/src/log.ts';
import { api, testCollector } from '../support/collector.ts';
import { Browser } from '../support/people.ts';
import { tempDir } from '../support/temp-dir.ts';

const HOUR_MS = 3_600_000;

async function link(collector: Collector, lifeMs = HOUR_MS, view?: string) {
  const expiresAt = new Date(Date.now() + lifeMs).toISOString();
  const body = { name: 'Зал РЦОИ', expiresAt, ...(view !== undefined && { view }) };
  const made = await api(collector, '/api/v1/displays', { method: 'POST', body });
  return { status: made.status, id: String(made.body['id']), path: String(made.body['path']) };
}

async function listed(collector: Collector) {
  const { body } = await api(collector, '/api/v1/displays');
  return (body as unknown as { items: Record<string, unknown>[] }).items;
}

describe('a wall link', () => {
  it('binds the first browser that opens it, and leads it to its view without the code', async () => {
    const collector = await testCollector();
    const { id, path } = await link(collector, HOUR_MS, '/display?page=2');
    expect(await listed(collector)).toMatchObject([{ id, state: 'waiting', name: 'Зал РЦОИ' }]);
    const wall = new Browser(collector);
    const opened = await wall.ask(path);
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/display?page=2']);
    expect(opened.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict/);
    expect((await wall.ask('/api/v1/session')).body).toMatchObject({
      account: `wall:${id}`,
      role: 'wall',
      display: 'Зал РЦОИ',
    });
    expect(await listed(collector)).toMatchObject([
      { id, state: 'bound', boundAt: expect.any(String), lastSeenAt: expect.any(String) },
    ]);
    // It may begin with its link every morning; nobody else may.
    expect((await wall.ask(path)).headers.get('location')).toBe('/display?page=2');
    const second = await new Browser(collector).ask(path);
    expect([second.status, second.kind]).toEqual([401, 'linkUsed']);
    expect(second.text).not.toContain(path.split('/').at(-1));
  });

  it('is not used up by who only looks where it leads, and tells a person on a page', async () => {
    const collector = await testCollector();
    const asPerson = { headers: { accept: 'text/html,*/*;q=0.8' } };
    for (const path of [(await link(collector)).path, collector.signInPath()]) {
      expect((await new Browser(collector).ask(path, { method: 'HEAD' })).status).toBe(404);
      expect((await new Browser(collector).ask(path, asPerson)).headers.get('location')).toBe('/');
      const again = await new Browser(collector).ask(path, asPerson);
      expect([again.status, again.headers.get('location')]).toEqual([303, '/sign-in?refused=link']);
      expect(again.headers.get('cache-control')).toBe('no-store');
      expect((await new Browser(collector).ask(path)).kind).toBe('linkUsed');
    }
  });

  it('reads the board and changes nothing', async () => {
    const collector = await testCollector();
    const wall = new Browser(collector);
    await wall.ask((await link(collector)).path);
    expect((await wall.ask('/api/v1/overview')).status).toBe(200);
    const { frames } = await wall.board();
    expect(frames.map(({ type }) => type)).toEqual(['hello', 'snapshot']);
    for (const [method, path] of [
      ['POST', '/api/v1/incidents/i-1/ack'],
      ['POST', '/api/v1/session/totp'],
      ['POST', '/api/v1/sign-in-links'],
      ['GET', '/api/v1/accounts'],
      ['DELETE', '/api/v1/session'],
      ['DELETE', '/api/v1/sessions'],
      ['GET', '/api/v1/webhooks'],
    ] as const)
      expect([path, (await wall.ask(path, { method })).kind]).toEqual([path, 'notAllowed']);
  });

  it('that is revoked closes its board at once', async () => {
    const collector = await testCollector();
    const { id, path } = await link(collector);
    const wall = new Browser(collector);
    await wall.ask(path);
    const { closed } = await wall.board();
    expect((await api(collector, `/api/v1/displays/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await closed).toBe(4401);
    expect((await wall.ask('/api/v1/session')).status).toBe(401);
    expect((await wall.ask(path)).kind).toBe('linkUsed');
    expect(await listed(collector)).toMatchObject([{ id, state: 'revoked' }]);
  });

  it('ends when it was said to, also under a board that looks on', async () => {
    const collector = await testCollector();
    const { id, path } = await link(collector, 4_000);
    const wall = new Browser(collector);
    await wall.ask(path);
    const { closed } = await wall.board();
    expect(await closed).toBe(4401);
    expect((await wall.ask('/api/v1/session')).status).toBe(401);
    expect(await listed(collector)).toMatchObject([{ id, state: 'expired' }]);
  });

  it('is opened by one browser, however many try in the same moment', async () => {
    const collector = await testCollector();
    const { path } = await link(collector);
    const tries = Array.from({ length: 10 }, () => new Browser(collector).ask(path));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 303)).toHaveLength(1);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '',
  ])('leads to no view such as "%s"', async (view) => {
    const collector = await testCollector();
    expect((await link(collector, HOUR_MS, view)).status).toBe(400);
  });

  it('is made for a year at most, and not for the past', async () => {
    const collector = await testCollector();
    expect((await link(collector, -1_000)).status).toBe(422);
    expect((await link(collector, 400 * 24 * HOUR_MS)).status).toBe(422);
  });

  it('is a secret that stands in no log, no audit and no list', async () => {
    const lines: string[] = [];
    const log = createLog('trace', { write: (line: string) => void lines.push(line) });
    const config = loadConfig(undefined, {}, { port: 0, dataDir: tempDir() });
    const collector = await startCollector(config, log);
    onTestFinished(() => collector.stop());
    const { path } = await link(collector);
    const code = path.split('/').at(-1) ?? '';
    const wall = new Browser(collector);
    await wall.ask(path);
    await new Browser(collector).ask(path);
    await sleep(50);
    const told = [
      ...lines,
      JSON.stringify(await listed(collector)),
      JSON.stringify((await api(collector, '/api/v1/audit')).body),
    ].join('\n');
    expect(told).toContain('collector is up');
    expect(told).toContain('display.bind');
    expect(told).not.toContain(code);
  });
});
