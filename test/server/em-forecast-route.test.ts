import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { planTimes, type EmArrivals, type Region } from '@ppe-pulse/protocol';
import { emForecastRoute } from '../../server/src/api/routes/em-forecast.ts';
import { createForecastBook } from '../../server/src/forecasts/forecast-book.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { bareApi } from '../support/bare-api.ts';
import { aPlan, aSite } from '../support/plans.ts';
import { tempDir } from '../support/temp-dir.ts';

const zone = 'Asia/Novokuznetsk';
const plan = aPlan();
const nowMs = planTimes(plan).at('08:00', zone, null) ?? Number.NaN;

describe('GET /api/v1/forecasts/em', () => {
  it('sums the region up, names municipalities, and says nothing that it does not know', async () => {
    const database = openState(join(tempDir(), 'state.db'));
    onTestFinished(() => database.close());
    const site = aSite({}, ['written']);
    const region: Region = {
      isSample: true,
      timeZone: zone,
      municipalities: [{ slug: site.municipality, name: 'Кемерово', kind: 'okrug', tile: null }],
      sites: [site],
    };
    const forecasts = createForecastBook({ database, plan: () => plan, region: () => region });
    const { app, get } = await bareApi(database);
    emForecastRoute(app, { forecasts, region: () => region, rehearsalMs: () => nowMs });
    const ask = async () => {
      const { status, body } = await get('/api/v1/forecasts/em');
      expect(status).toBe(200);
      return body as {
        all: EmArrivals;
        municipalities: (EmArrivals & { name: string; municipality: string })[];
      };
    };
    expect((await ask()).all).toMatchObject({ sites: 0, finishMs: null, slowest: null });

    const em = {
      receivedBytes: null,
      receivedAtMs: null,
      doneAtMs: null,
      downBytesPerSecond: 10_000_000,
      downAtMs: nowMs,
    };
    forecasts.site(site.code, { rooms: [], em, uplink: null }, nowMs);
    const { all, municipalities } = await ask();
    expect(all).toMatchObject({ sites: 1, done: 0, unknown: 0 });
    expect(all.bytesPerSecond?.p50).toBeCloseTo(10_000_000, -5);
    expect(all.slowest?.siteCode).toBe(site.code);
    expect(all.finishMs?.p50).toBeGreaterThanOrEqual(nowMs);
    expect(municipalities).toMatchObject([{ municipality: site.municipality, name: 'Кемерово' }]);
  });
});
