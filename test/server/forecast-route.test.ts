import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { planTimes, type Region } from '@ppe-pulse/protocol';
import { forecastRoutes } from '../../server/src/api/routes/forecasts.ts';
import { createForecastBook } from '../../server/src/forecasts/forecast-book.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { bareApi } from '../support/bare-api.ts';
import { aPlan, aSite } from '../support/plans.ts';
import { tempDir } from '../support/temp-dir.ts';

const plan = aPlan();
const zone = 'Asia/Novokuznetsk';
const startMs = planTimes(plan).at('10:00', zone, null) ?? Number.NaN;
const MINUTE = 60_000;

interface Answer {
  readonly items: readonly Record<string, unknown>[];
  readonly current: readonly Record<string, unknown>[];
  readonly summary: readonly Record<string, unknown>[];
  readonly nextCursor?: string;
}

/** The route over a real book: room 0001 of 4216 printed at 10:11, 0002 of it prints. */
async function openApi() {
  const database = openState(join(tempDir(), 'state.db'));
  onTestFinished(() => database.close());
  const region: Region = {
    isSample: true,
    timeZone: zone,
    municipalities: [],
    sites: [aSite({}, ['written', 'written'])],
  };
  const forecasts = createForecastBook({ database, plan: () => plan, region: () => region });
  const room = {
    pagesDone: null,
    countedAtMs: null,
    pagesPerMinute: 30,
    isStuck: false,
    isWatched: true,
    startedAtMs: startMs,
    doneAtMs: null,
  };
  const [first, second] = [
    { ...room, roomCode: '0001' },
    { ...room, roomCode: '0002' },
  ];
  const doneAtMs = startMs + 11 * MINUTE;
  forecasts.site('4216', { rooms: [first, second], em: null, uplink: null }, startMs + MINUTE);
  forecasts.site(
    '4216',
    { rooms: [{ ...first, doneAtMs }, second], em: null, uplink: null },
    doneAtMs,
  );
  const { app, get } = await bareApi(database);
  forecastRoutes(app, { forecasts });
  await app.ready();
  return async (query: string): Promise<{ status: number; body: Answer }> => {
    const { status, body } = await get(`/api/v1/forecasts${query}`);
    return { status, body: body as Answer };
  };
}

describe('GET /api/v1/forecasts', () => {
  it('tells each forecast with its basis, its range and, afterwards, its error', async () => {
    const ask = await openApi();
    const { body } = await ask('?kind=roomPrinted&site=4216&scored=true');
    expect(body.items).toHaveLength(3);
    expect(body.items.at(-1)).toMatchObject({
      kind: 'roomPrinted',
      siteCode: '4216',
      roomCode: '0001',
      horizon: 'first',
      unit: 'ms',
      madeAt: new Date(startMs + MINUTE).toISOString(),
      mid: startMs + 10 * MINUTE,
      limit: startMs + 15 * MINUTE,
      basis: { from: 'speed', sets: 15, pagesPerSet: 20, pagesPerMinute: 30 },
      outcome: startMs + 11 * MINUTE,
      error: MINUTE,
      isInRange: true,
    });
    expect(body.summary[0]).toEqual({
      kind: 'roomPrinted',
      horizon: null,
      unit: 'ms',
      count: 3,
      shareInRange: 1,
      medianAbsError: MINUTE,
      p95AbsError: MINUTE,
      bias: MINUTE,
    });
  });

  it('tells what is forecast of a site now', async () => {
    const ask = await openApi();
    const { body } = await ask('?site=4216&scored=false&kind=roomPrinted');
    expect(body.current.map(({ roomCode }) => roomCode)).toEqual(['0002']);
    expect(body.items.length).toBeGreaterThan(0);
    for (const each of body.items) expect(each).toMatchObject({ outcome: null, isInRange: null });
    expect((await ask('')).body.current).toEqual([]);
    expect((await ask('?site=4301')).body).toEqual({
      items: [],
      current: [],
      prints: null,
      summary: [],
    });
  });

  it('goes on with a cursor', async () => {
    const ask = await openApi();
    const { body: all } = await ask('');
    const { body: first } = await ask('?limit=2');
    expect(first.items).toHaveLength(2);
    const { body: rest } = await ask(`?cursor=${first.nextCursor ?? ''}`);
    expect([...first.items, ...rest.items]).toEqual(all.items);
    expect(rest).not.toHaveProperty('nextCursor');
  });

  it.each(['?kind=weather', '?site=42', '?scored=maybe', '?limit=0', '?limit=5001', '?cursor=x'])(
    'refuses %s',
    async (query) => {
      const ask = await openApi();
      expect((await ask(query)).status).toBe(400);
    },
  );
});
