import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { unheard, type WorkstationState } from '@ppe-pulse/protocol';
import { newestVersionFirst } from '../../server/src/api/agent-view.ts';
import { agentRoutes } from '../../server/src/api/routes/agents.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { bareApi } from '../support/bare-api.ts';
import { workstationId } from '../support/rows.ts';
import { tempDir } from '../support/temp-dir.ts';

const AT_MS = Date.parse('2024-05-15T02:36:00Z');

function agent(number: number, part: Partial<WorkstationState> = {}): WorkstationState {
  const at = {
    siteCode: number % 2 === 0 ? '0001' : '4216',
    roomCode: '0012',
    role: 'organizer',
    duty: 'main',
    simulated: false,
  } as const;
  const known = unheard(workstationId(number), at);
  const heartbeat = { ...known.heartbeat, verdict: 'ok' as const, reason: 'ok' };
  const heard = { lastSeenAtMs: AT_MS, agentVersion: '0.2.0', planVersion: 3, heartbeat };
  return { ...known, ...heard, ...part };
}

async function served(agents: readonly WorkstationState[]) {
  const database = openState(join(tempDir(), 'state.sqlite'));
  onTestFinished(() => database.close());
  const { app, get } = await bareApi(database);
  agentRoutes(app, { fleet: { all: () => agents.values() }, rehearsal: { planVersion: 3 } });
  await app.ready();
  const ask = async (query = '') => {
    const { status, body } = await get(`/api/v1/agents${query}`);
    expect(status).toBe(200);
    return body as {
      summary: Record<string, unknown>;
      found: number;
      items: { id: string }[];
      nextCursor?: string;
    };
  };
  return { get, ask };
}

const idsOf = ({ items }: { items: { id: string }[] }): string[] => items.map(({ id }) => id);

describe('GET /api/v1/agents', () => {
  const agents = [
    agent(1),
    agent(2, { journalLag: 900, journalDropped: 4 }),
    agent(3, { agentVersion: '0.10.0', planVersion: 2, clockOffsetMs: -31_000 }),
    agent(4, {
      lastSeenAtMs: null,
      agentVersion: null,
      planVersion: null,
      heartbeat: unheard(workstationId(4), agent(4).placement).heartbeat,
    }),
  ];

  it('counts versions, the newest first, and what is the matter with them', async () => {
    const { ask } = await served(agents);
    const { summary, found } = await ask();
    expect(found).toBe(4);
    expect(summary).toEqual({
      total: 4,
      heard: 3,
      neverHeard: 1,
      lagging: 1,
      backlog: 900,
      planBehind: 1,
      clockOff: 1,
      clones: 0,
      dropped: 1,
      versions: [
        { version: '0.10.0', count: 1 },
        { version: '0.2.0', count: 2 },
      ],
    });
  });

  it('puts the fullest journal first and finds by site, room and id', async () => {
    const { ask } = await served(agents);
    // Never heard is last; the others stand by site: 0001 before 4216.
    expect(idsOf(await ask())).toEqual([2, 1, 3, 4].map(workstationId));
    expect(idsOf(await ask('?search=0001-00'))).toEqual([2, 4].map(workstationId));
    expect(idsOf(await ask(`?search=${workstationId(3).toUpperCase()}`))).toEqual([
      workstationId(3),
    ]);
    for (const [filter, numbers] of [
      ['lagging', [2]],
      ['planBehind', [3]],
      ['oldVersion', [2, 1]],
      ['clockOff', [3]],
      ['neverHeard', [4]],
      ['clones', []],
      ['dropped', [2]],
    ] as const)
      expect([filter, idsOf(await ask(`?filter=${filter}`))]).toEqual([
        filter,
        numbers.map(workstationId),
      ]);
    expect(idsOf(await ask('?version=0.10.0'))).toEqual([workstationId(3)]);
  });

  it('gives 3 000 agents page by page, each once', async () => {
    const { get, ask } = await served(
      Array.from({ length: 3_000 }, (_, at) => agent(at, { journalLag: at % 7 })),
    );
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await ask(`?limit=1000${cursor && `&cursor=${cursor}`}`);
      seen.push(...idsOf(page));
      cursor = page.nextCursor ?? '';
    } while (cursor !== '');
    expect([seen.length, new Set(seen).size]).toEqual([3_000, 3_000]);
    expect((await get('/api/v1/agents?filter=slow')).status).toBe(400);
  });
});

describe('versions', () => {
  it('are ordered as numbers, a release before its candidates', () => {
    const versions = ['0.9.2', '0.10.0-rc.1', '0.10.0', '1.0.0', '0.10.0-rc.10'];
    expect([...versions].sort(newestVersionFirst)).toEqual([
      '1.0.0',
      '0.10.0',
      '0.10.0-rc.10',
      '0.10.0-rc.1',
      '0.9.2',
    ]);
  });
});
