import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AGENT_PATH, LIVE_PATH } from '@ppe-pulse/protocol';
import { permissionOf, permissions } from '../../server/src/api/permissions.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { bareApi } from '../support/bare-api.ts';
import { api, testCollector } from '../support/collector.ts';
import { tempDir } from '../support/temp-dir.ts';

describe('a route that is missing in the permission matrix', () => {
  it.each([
    ['GET', '/api/v1/forgotten'],
    ['PATCH', '/api/v1/overview'],
    ['POST', '/api/v1/sites/:code'],
    // Another spelling of one that is there.
    ['GET', '/api/v1/overview/'],
  ] as const)('%s %s does not start', async (method, url) => {
    const database = openState(join(tempDir(), 'state.sqlite'));
    onTestFinished(() => database.close());
    const { app } = await bareApi(database);
    expect(() => app.route({ method, url, handler: () => ({}) })).toThrow(
      `route ${method} ${url} is missing in permissions.ts`,
    );
  });

  it('is none of a socket either', () => {
    expect(typeof permissionOf('WS', LIVE_PATH)).toBe('object');
    expect(permissionOf('WS', AGENT_PATH)).toBe('agent');
    expect(() => permissionOf('WS', '/live/v2')).toThrow('missing in permissions.ts');
  });

  it('is not covered by a row that no route has any more', async () => {
    const collector = await testCollector();
    const { body } = await api(collector, '/api/v1/openapi.json');
    const { paths } = body as unknown as { paths: Record<string, Record<string, object>> };
    const served = new Set(
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map(
          (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        ),
      ),
    );
    const rows = Object.keys(permissions).filter((row) => / \/api\/v1\/(?!openapi)/.test(row));
    expect(rows.filter((row) => !served.has(row))).toEqual([]);
  });
});
