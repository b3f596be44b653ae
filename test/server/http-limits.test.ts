import { describe, expect, it, onTestFinished } from 'vitest';
import { Type } from 'typebox';
import { openState } from '../../server/src/state/state-store.ts';
import { bareApi } from '../support/bare-api.ts';

/** A page of a board a second, for a whole house. */
const READS = 1_200;
const SIGN_INS = 30;

async function api() {
  const database = openState(':memory:');
  onTestFinished(() => database.close());
  const { app } = await bareApi(database);
  app.put('/api/v1/session/password', { schema: { body: Type.Object({}) } }, () => ({}));
  const status = async (
    method: 'GET' | 'PUT',
    url: string,
    remoteAddress = '192.0.2.7',
  ): Promise<number> => (await app.inject({ method, url, remoteAddress })).statusCode;
  return { status };
}

describe('what is refused', () => {
  it('to somebody who is not signed in counts against the limit of its route', async () => {
    const { status } = await api();
    for (let tries = 0; tries < SIGN_INS; tries += 1)
      expect(await status('PUT', '/api/v1/session/password')).toBe(401);
    expect(await status('PUT', '/api/v1/session/password')).toBe(429);
    expect(await status('PUT', '/api/v1/session/password', '192.0.2.8')).toBe(401);
  });

  it('counts for the whole /64 of an IPv6 address', async () => {
    const { status } = await api();
    for (let tries = 0; tries < SIGN_INS; tries += 1)
      await status('PUT', '/api/v1/session/password', `2001:db8:1:2::${tries}`);
    expect(await status('PUT', '/api/v1/session/password', '2001:db8:1:2::99')).toBe(429);
    expect(await status('PUT', '/api/v1/session/password', '2001:db8:1:3::1')).toBe(401);
  });

  it('because there is nothing counts as well, wherever it was looked for', async () => {
    const { status } = await api();
    for (let tries = 0; tries < READS; tries += 1) await status('GET', `/nowhere/${tries}`);
    expect(await status('GET', '/somewhere-else')).toBe(429);
    expect(await status('GET', '/somewhere-else', '192.0.2.8')).toBe(404);
  });
});
