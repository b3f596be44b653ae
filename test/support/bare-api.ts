import { onTestFinished } from 'vitest';
import { createAccess } from '../../server/src/access/access.ts';
import { createHttp, type Api } from '../../server/src/api/http.ts';
import { systemClock } from '../../server/src/clock.ts';
import { createLog } from '../../server/src/log.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { regionScopes } from './scopes.ts';

const token = 'an-admin-token-of-this-test';

/** The collector's HTTP without its rooms: a test adds the routes that it is about. */
export async function bareApi(database: StateDatabase): Promise<{
  readonly app: Api;
  /** GETs as a script does. */
  readonly get: (url: string) => Promise<{ status: number; body: unknown }>;
}> {
  const app = await createHttp({
    access: createAccess(database, token),
    scopes: regionScopes,
    tls: undefined,
    clock: systemClock(),
    log: createLog('silent'),
    boardDir: '',
    refused: () => {},
  });
  onTestFinished(() => app.close());
  const headers = { authorization: `Bearer ${token}` };
  const get = async (url: string): Promise<{ status: number; body: unknown }> => {
    const response = await app.inject({ method: 'GET', url, headers });
    return { status: response.statusCode, body: response.json() };
  };
  return { app, get };
}
