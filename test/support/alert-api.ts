import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Plan, Region } from '@ppe-pulse/protocol';
import { createAccess } from '../../server/src/access/access.ts';
import {
  createAlerts,
  type AlertRooms,
  type Alerts,
} from '../../server/src/alerts/create-alerts.ts';
import { createHttp } from '../../server/src/api/http.ts';
import { alertRoutingRoutes } from '../../server/src/api/routes/alert-routing.ts';
import { deliveryRoutes } from '../../server/src/api/routes/deliveries.ts';
import { webhookRoutes } from '../../server/src/api/routes/webhooks.ts';
import { createLog } from '../../server/src/log.ts';
import type { LivePlan } from '../../server/src/plan/plan-store.ts';
import { createAudit, type Audit } from '../../server/src/state/audit.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { aRegion } from './plans.ts';
import { tempDir } from './temp-dir.ts';
import { regionScopes } from './scopes.ts';

const token = 'an-admin-token-of-this-test';

export interface AlertAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  /** As it came. */
  readonly text: string;
}

/** The alerts with their routes, over a real database and real sockets; time is the test's. */
export interface AlertApi {
  readonly alerts: Alerts;
  readonly database: StateDatabase;
  readonly audit: Audit;
  /** Everything that was answered so far, and every line of the log. */
  readonly said: string[];
  /** The wall clock goes on. */
  readonly sleep: (ms: number) => void;
  plan: Plan | null;
  readonly ask: (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    payload?: unknown,
  ) => Promise<AlertAnswer>;
}

/** Serves the routes of alerts; all of it is gone with the test. */
export async function alertApi(
  region: Region = aRegion(),
  rooms: Partial<AlertRooms> = {},
): Promise<AlertApi> {
  const database = openState(join(tempDir(), 'state.db'));
  onTestFinished(() => database.close());
  const audit = createAudit(database);
  let sleptMs = 0;
  const clock = {
    wallMs: () => Date.now() + sleptMs,
    monotonicMs: () => performance.now() + sleptMs,
  };
  const said: string[] = [];
  const log = { ...createLog('silent') };
  const note = (...words: unknown[]): void => void said.push(JSON.stringify(words));
  const api = { plan: null as Plan | null };
  const alerts = createAlerts({
    database,
    audit,
    clock,
    log: Object.assign(log, { warn: note, error: note, info: note }),
    region: {
      current: () => ({ region, version: 1, importedAtMs: null, importedBy: null }),
    },
    plans: { current: () => api.plan && ({ plan: api.plan } as LivePlan) },
    rehearsal: {
      get nowMs() {
        return clock.wallMs();
      },
    },
    boardUrl: null,
    resolve: async (name) => [
      { address: name.startsWith('inside') ? '10.0.0.7' : '198.41.0.4', family: 4 },
    ],
    ...rooms,
  });
  onTestFinished(() => alerts.close());
  const app = await createHttp({
    access: createAccess(database, token),
    scopes: regionScopes,
    tls: undefined,
    clock,
    log: createLog('silent'),
    boardDir: '',
    refused: () => {},
  });
  onTestFinished(() => app.close());
  const parts = { alerts: alerts.api, clock };
  webhookRoutes(app, parts);
  deliveryRoutes(app, parts);
  alertRoutingRoutes(app, parts);
  await app.ready();
  return Object.assign(api, {
    alerts,
    database,
    audit,
    said,
    sleep: (ms: number) => void (sleptMs += ms),
    ask: async (
      method: 'GET' | 'POST' | 'PUT' | 'DELETE',
      url: string,
      payload?: unknown,
    ): Promise<AlertAnswer> => {
      const response = await app.inject({
        method,
        url: `/api/v1/${url}`,
        headers: {
          authorization: `Bearer ${token}`,
          ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
      });
      said.push(response.body);
      return { status: response.statusCode, body: response.json(), text: response.body };
    },
  });
}
