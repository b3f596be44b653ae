import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Region } from '@ppe-pulse/protocol';
import { createAccess } from '../../server/src/access/access.ts';
import { createHttp } from '../../server/src/api/http.ts';
import { planRoutes } from '../../server/src/api/routes/plan.ts';
import { systemClock } from '../../server/src/clock.ts';
import { createLog } from '../../server/src/log.ts';
import { PlanEditing } from '../../server/src/rehearsal/plan-editing.ts';
import { createPlanStore, type PlanStore } from '../../server/src/plan/plan-store.ts';
import { createAudit } from '../../server/src/state/audit.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { tempDir } from './temp-dir.ts';
import { regionScopes } from './scopes.ts';

/** The plan's part of a collector: its routes over real HTTP, its store over a real database. */
export interface PlanServer {
  readonly url: string;
  readonly token: string;
  /** With the address and the token where commands look for them. */
  readonly dataDir: string;
  readonly plans: PlanStore;
  readonly editing: PlanEditing;
}

/** Serves until the test ends. */
export async function planServer(
  region: Region | null = null,
  nowMs = Date.parse('2026-05-01T09:00:00+07:00'),
): Promise<PlanServer> {
  const dataDir = tempDir();
  const token = 'an-admin-token-of-this-test';
  const database = openState(join(dataDir, 'state.sqlite'));
  const plans = createPlanStore(database, createAudit(database));
  const app = await createHttp({
    access: createAccess(database, token),
    scopes: regionScopes,
    tls: undefined,
    clock: systemClock(),
    log: createLog('silent'),
    boardDir: '',
    refused: () => {},
  });
  const [clock, editing] = [(): number => nowMs, new PlanEditing()];
  planRoutes(app, { plans, editing, region: () => region, wallMs: clock, rehearsalMs: clock });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await app.close();
    database.close();
  });
  writeFileSync(join(dataDir, 'collector.address'), `${url}\n`);
  writeFileSync(join(dataDir, 'admin.token'), `${token}\n`);
  return { url, token, dataDir, plans, editing };
}
