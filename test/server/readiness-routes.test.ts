import { join } from 'node:path';
import { readinessOf, tracksOf } from '@ppe-pulse/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAccess } from '../../server/src/access/access.ts';
import { createHttp } from '../../server/src/api/http.ts';
import { ReadAudit } from '../../server/src/api/read-audit.ts';
import { readinessRoutes, type ReadinessAnswer } from '../../server/src/api/routes/readiness.ts';
import { systemClock } from '../../server/src/clock.ts';
import { createLog } from '../../server/src/log.ts';
import { sheetPolicy } from '../../server/src/readiness/sheet-style.ts';
import { createAudit } from '../../server/src/state/audit.ts';
import { openState } from '../../server/src/state/state-store.ts';
import {
  allClaims,
  fullSite,
  healthyStations,
  morningMs,
  placed,
  plan,
} from '../protocol/readiness-cases.ts';
import { tempDir } from '../support/temp-dir.ts';
import { regionScopes } from '../support/scopes.ts';

const token = 'an-admin-token-of-this-test';
const site = fullSite();

describe('routes of readiness', () => {
  it('tell scripts the conditions, what is missing, and since when', async () => {
    const ask = await served(known());
    const { status, body } = await ask('/api/v1/sites/4216/readiness?lang=en');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      siteCode: '4216',
      at: '2024-05-15T00:00:00.000Z',
      met: 29,
      total: 30,
      verdict: 'fail',
      missing: ['actsClaimed'],
    });
    const { conditions } = JSON.parse(body) as { conditions: Record<string, unknown>[] };
    expect(conditions.at(-1)).toEqual({
      id: 'actsClaimed',
      verdict: 'fail',
      reason: 'claimOverdue',
      evidence: { met: 0, total: 1, attention: 1 },
      ageMs: null,
      since: '2024-05-15T00:00:00.000Z',
      rooms: [],
      title: 'Readiness act sent',
      basis: 'not marked in time',
      todo: 'Send the readiness act and mark it on the site’s page.',
    });
  });

  it('give a sheet that a browser may show and that loads nothing, in Russian by itself', async () => {
    const ask = await served(known());
    const { status, body, headers } = await ask('/api/v1/sites/4216/readiness.html');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toBe(sheetPolicy);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toContain('<html lang="ru">');
    expect(body).toContain('29 из 30');
    const english = await ask('/api/v1/sites/4216/readiness.html?lang=en');
    expect(english.body).toContain('<html lang="en">');
  });

  it('refuse what is not there, and say what to do', async () => {
    const path = '/api/v1/sites/4216/readiness';
    const unknown = await (await served({ kind: 'unknownSite' }))(path);
    expect(unknown.status).toBe(404);
    expect(unknown.body).toMatch(/unknownSite.*4216 is not in the registry/);
    const unplanned = await (await served({ kind: 'noPlan' }))(`${path}.html`);
    expect(unplanned.status).toBe(409);
    expect(unplanned.body).toMatch(/noPlan.*PUT \/api\/v1\/plan/);
    const ask = await served(known());
    expect((await ask(`${path}?lang=de`)).status).toBe(400);
    expect((await ask('/api/v1/sites/42/readiness')).status).toBe(400);
    expect((await ask(path, {})).status).toBe(401);
  });
});

/** A ППЭ that has everything but its act. */
function known(): ReadinessAnswer {
  const readiness = readinessOf({
    site,
    plan,
    tracks: tracksOf(plan, site),
    stations: placed(site, healthyStations(site, morningMs)),
    claims: allClaims().filter(({ stage }) => stage !== 'actsSent'),
    nowMs: morningMs,
    versions: { agent: '0.5.0', plan: 3 },
  });
  return {
    kind: 'known',
    sheet: {
      site,
      readiness,
      rehearsal: plan.title,
      isSample: false,
      nowMs: morningMs,
      timeZone: plan.timeZone,
    },
  };
}

/** Serves the routes over real HTTP until the test ends; answers the way to ask. */
async function served(answer: ReadinessAnswer) {
  const database = openState(join(tempDir(), 'state.sqlite'));
  const app = await createHttp({
    access: createAccess(database, token),
    scopes: regionScopes,
    tls: undefined,
    clock: systemClock(),
    log: createLog('silent'),
    boardDir: '',
    refused: () => {},
  });
  const reads = new ReadAudit(createAudit(database), systemClock());
  readinessRoutes(app, { source: { readinessSheetOf: () => answer }, reads });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await app.close();
    database.close();
  });
  return async (path: string, headers = { authorization: `Bearer ${token}` } as object) => {
    const response = await fetch(url + path, { headers: { ...headers } });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
}
