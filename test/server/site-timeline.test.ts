import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Flip, LiveSite, LiveStage, Placement } from '@ppe-pulse/protocol';
import { siteTimelineRoutes } from '../../server/src/api/routes/site-timeline.ts';
import { createIncidentStore } from '../../server/src/incidents/incident-store.ts';
import { createRehearsalClock } from '../../server/src/rehearsal/rehearsal-clock.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { createFlipLog } from '../../server/src/state/flips.ts';
import { createSiteEvents } from '../../server/src/state/site-events.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { timelinePage, timelineKinds } from '../../server/src/timeline/site-timeline.ts';
import { bareApi } from '../support/bare-api.ts';
import { incidentOf } from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';
import { tempDir } from '../support/temp-dir.ts';

/** The collector's clock when the played day started, and what that day said then. */
const STARTED_MS = Date.parse('2026-05-20T12:00:00Z');
const DAY_MS = Date.parse('2024-05-15T09:00:00+07:00');
const SECOND_MS = 1_000;
const SPEED = 10;

const placement = (siteCode: string): Placement => ({
  siteCode,
  roomCode: '0012',
  role: 'organizer',
  duty: 'main',
  simulated: false,
});

const flip = (number: number, afterMs: number, reason = 'silent'): Flip => ({
  workstationId: workstationId(number),
  checkId: 'heartbeat',
  from: 'ok',
  to: 'unknown',
  reason,
  atMs: STARTED_MS + afterMs,
  evidence: {},
});

const stage: LiveStage = {
  stage: 'keyDownload',
  track: 'written',
  done: 1,
  total: 1,
  unknown: 0,
  late: 0,
  verdict: 'ok',
  reason: 'ok',
  reachedAtMs: DAY_MS + 30 * SECOND_MS,
  dueAtMs: null,
  isMismatch: false,
};

function opened(): StateDatabase {
  const database = openState(join(tempDir(), 'state.sqlite'));
  onTestFinished(() => database.close());
  return database;
}

/** ППЭ 4216 with one workstation and 0001 with another; what happened at both. */
function happened(database: StateDatabase): void {
  createFlipLog(database).append([
    flip(1, SECOND_MS),
    flip(2, SECOND_MS),
    flip(1, 7 * SECOND_MS, 'ok'),
  ]);
  const incidents = createIncidentStore(database);
  const times = { openedAtMs: STARTED_MS + SECOND_MS };
  incidents.put(incidentOf(1, times));
  incidents.put(incidentOf(2, { ...times, siteCode: '0001', siteCodes: ['0001'] }));
  const wide = { level: 'provider', node: 'provider:Связь', provider: 'Связь' } as const;
  incidents.put(incidentOf(3, { ...times, ...wide, siteCode: null, siteCodes: ['0001', '4216'] }));
  const log = (id: number, kind: 'opened' | 'call' | 'ack', afterMs: number): void =>
    incidents.addLog({
      incidentId: `i-${id}`,
      atMs: STARTED_MS + afterMs,
      by: kind === 'opened' ? 'collector' : 'admin',
      kind,
      note: kind === 'call' ? '<b>Штаб</b> не отвечает' : '',
      details: kind === 'call' ? { outcome: 'noAnswer' } : {},
      requestId: null,
    });
  log(1, 'opened', SECOND_MS);
  log(2, 'opened', SECOND_MS);
  log(3, 'opened', 2 * SECOND_MS);
  log(1, 'ack', 4 * SECOND_MS);
  log(1, 'call', 5 * SECOND_MS);
}

async function served() {
  const database = opened();
  happened(database);
  const { app, get } = await bareApi(database);
  const clock = createRehearsalClock({ startAtMs: DAY_MS, speed: SPEED }, STARTED_MS);
  siteTimelineRoutes(app, {
    siteEvents: createSiteEvents(database),
    enrolments: {
      list: () =>
        ['4216', '0001'].map((siteCode, at) => ({
          id: workstationId(at + 1),
          publicKey: '',
          placement: placement(siteCode),
          enrolledAtMs: 0,
          validToMs: null,
        })),
    },
    rehearsal: {
      clock,
      claimsOf: (siteCode) =>
        siteCode === '4216'
          ? [
              {
                id: 1,
                siteCode,
                roomCode: null,
                track: 'written',
                stage: 'keyDownload',
                done: null,
                isMade: true,
                by: 'admin',
                atMs: DAY_MS + 60 * SECOND_MS,
                note: '',
              },
            ]
          : [],
      stagesOf: (code) =>
        code === '4216'
          ? { site: { stages: [stage] } as unknown as LiveSite, rooms: [] }
          : undefined,
    },
  });
  await app.ready();
  const page = async (query = '') => {
    const { status, body } = await get(`/api/v1/sites/4216/timeline${query}`);
    expect(status).toBe(200);
    return body as {
      items: {
        id: string;
        kind: string;
        at: string;
        entry?: { note: string; incidentId: string };
      }[];
      incidents: { id: string }[];
      nextCursor?: string;
    };
  };
  return { get, page };
}

describe('GET /api/v1/sites/{code}/timeline', () => {
  it('joins verdicts, incidents, people, claims and stages of one site, newest first, on its day’s clock', async () => {
    const { page } = await served();
    const { items, incidents, nextCursor } = await page();
    expect(items.map(({ id, at }) => [id, (Date.parse(at) - DAY_MS) / SECOND_MS])).toEqual([
      ['flip-3', 70],
      ['claim-1', 60],
      ['call-5', 50],
      ['action-4', 40],
      ['stage-1', 30],
      ['incident-3', 20],
      ['incident-1', 10],
      ['flip-1', 10],
    ]);
    expect(incidents.map(({ id }) => id).sort()).toEqual(['i-1', 'i-3']);
    expect(nextCursor).toBeUndefined();
  });

  it('gives one sort of events where that is asked for: the calls', async () => {
    const { page } = await served();
    const { items } = await page('?kind=call');
    expect(items).toMatchObject([
      { id: 'call-5', entry: { incidentId: 'i-1', note: '<b>Штаб</b> не отвечает' } },
    ]);
  });

  it('goes on page by page without losing or repeating any, at one moment too', async () => {
    const { page } = await served();
    const whole = (await page()).items.map(({ id }) => id);
    for (const limit of [1, 2, 3, 7]) {
      const seen: string[] = [];
      let cursor = '';
      do {
        const { items, nextCursor } = await page(`?limit=${limit}${cursor && `&cursor=${cursor}`}`);
        seen.push(...items.map(({ id }) => id));
        cursor = nextCursor ?? '';
      } while (cursor !== '');
      expect([limit, seen]).toEqual([limit, whole]);
    }
  });

  it('refuses a site that nobody knows, a made-up cursor and an unknown sort', async () => {
    const { get } = await served();
    expect(await get('/api/v1/sites/9999/timeline')).toMatchObject({
      status: 404,
      body: { type: 'urn:ppe-pulse:problem:unknownSite' },
    });
    for (const query of ['cursor=1.flip', 'cursor=1.table.2', 'kind=rumour', 'limit=0'])
      expect([query, (await get(`/api/v1/sites/4216/timeline?${query}`)).status]).toEqual([
        query,
        400,
      ]);
  });
});

describe('a page of the timeline', () => {
  it('asks no source for more than it can show, however much there is', () => {
    const database = opened();
    const many = Array.from({ length: 400 }, (_, at) => flip(1, at < 300 ? 5 : at));
    createFlipLog(database).append(many);
    const events = createSiteEvents(database);
    const asked: number[] = [];
    const sources = {
      events: {
        ...events,
        flips: (...of: Parameters<typeof events.flips>) => {
          asked.push(of[2]);
          return events.flips(...of);
        },
      },
      workstations: new Map([[workstationId(1), placement('4216')]]),
      claims: [],
      stages: [],
      wallAt: (ms: number) => ms,
    };
    const seen = new Set<number>();
    let after: Parameters<typeof timelinePage>[0]['after'];
    do {
      const page = timelinePage(
        { siteCode: '4216', kinds: timelineKinds, after, limit: 70 },
        sources,
      );
      for (const { id } of page.items) seen.add(id);
      after = page.next;
    } while (after);
    expect(seen.size).toBe(400);
    expect(new Set(asked)).toEqual(new Set([71]));
  });
});
