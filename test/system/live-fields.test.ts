import { describe, expect, it } from 'vitest';
import {
  readSite,
  type CheckVerdict,
  type Overview,
  type SiteRow,
  type ToBoard,
} from '@ppe-pulse/protocol';
import { AgentPeer } from '../support/agent-peer.ts';
import { api } from '../support/collector.ts';
import {
  enrolAt,
  overview,
  ppeOf,
  prepared,
  stageOf,
  until,
  watching,
} from '../support/rehearsal.ts';

type Board = Awaited<ReturnType<typeof watching>>;

const beatOf = async (board: Board, isIt: (told: Overview) => boolean): Promise<Overview> => {
  const frame = await board.next((each) => each.type === 'beat' && isIt(each.overview));
  if (frame.type !== 'beat') throw new Error('no beat');
  return frame.overview;
};

const snapshotOf = async (board: Board): Promise<Extract<ToBoard, { type: 'snapshot' }>> => {
  const frame = await board.next(({ type }) => type === 'snapshot');
  if (frame.type !== 'snapshot') throw new Error('no snapshot');
  return frame;
};

const camera = (device: number, verdict: CheckVerdict['verdict'], seconds: number) => [
  { id: `camera.${device}.stream`, verdict, reason: 'stalled', evidence: {}, ageMs: 0 },
  {
    id: `camera.${device}.outage`,
    verdict: 'warn' as const,
    reason: 'outage',
    evidence: { value: seconds },
    ageMs: 0,
  },
];

describe('what boards are told', () => {
  it('holds municipalities, rooms, the day’s phase and what is planned to be watched', async () => {
    const { collector, sites } = await prepared({ ppe: 2 });
    const board = await watching(collector);
    const snapshot = await snapshotOf(board);
    expect(snapshot.municipalities).toContainEqual({
      slug: 'kemerovo',
      name: expect.any(String),
      kind: expect.any(String),
      tile: { col: expect.any(Number), row: expect.any(Number) },
    });
    const slugs = new Set(snapshot.municipalities.map(({ slug }) => slug));
    expect(snapshot.sites.filter((site) => !slugs.has(site.municipalitySlug))).toEqual([]);
    for (const site of sites) {
      const shown = snapshot.sites.find(({ code }) => code === site.code);
      const codes = site.rooms.map(({ code }) => code);
      const rooms = codes.filter((code) => code !== '7777').sort();
      const all = codes.includes('7777') ? [...rooms, '7777'] : rooms;
      expect(shown?.rooms.map(([code]) => code)).toEqual(all);
    }
    const { rehearsal, cameras, throughput } = snapshot.overview;
    expect(rehearsal).toMatchObject({
      phase: 'opening',
      opensAt: '2024-05-15T00:00:00.000Z',
      closesAt: expect.stringContaining('2024-05-15'),
    });
    const involved = snapshot.sites.filter(({ isInvolved }) => isInvolved);
    const planned = sites
      .filter(({ code }) => involved.some((site) => site.code === code))
      .flatMap(({ rooms }) => rooms)
      .reduce((sum, room) => sum + room.cameras, 0);
    expect(cameras).toMatchObject({ planned, on: 0, off: 0, darkRooms: 0 });
    expect(throughput).toEqual({ rxBytesPerSecond: 0, txBytesPerSecond: 0, stations: 0 });
    await board.next(({ type }) => type === 'beat');
    // The trend begins with the collector, whoever looks on.
    const later = await snapshotOf(await watching(collector));
    expect(later.trend.points).toHaveLength(1);
  });

  it('follows cameras, throughput and rooms as they are heard and claimed', async () => {
    const { collector, sites } = await prepared({ ppe: 1 });
    const site = ppeOf(sites);
    const board = await watching(collector);
    const room = site.rooms.find(({ purposes }) => purposes.includes('written'))?.code ?? '';
    const hq = await AgentPeer.join(
      collector.url,
      await enrolAt(collector, site, { role: 'hq', roomCode: '7777' }),
    );
    const pc = await AgentPeer.join(
      collector.url,
      await enrolAt(collector, site, { role: 'organizer', roomCode: room }),
    );
    hq.send(
      hq.heartbeat(1, {
        metrics: { 'net.rx.bytesPerSecond': 125_000, 'net.tx.bytesPerSecond': 4_000 },
        verdicts: [...camera(1, 'ok', 0), ...camera(2, 'ok', 0)],
      }),
    );
    pc.send(pc.heartbeat(1, { verdicts: [...camera(1, 'fail', 960), ...camera(2, 'fail', 990)] }));
    const told = await beatOf(
      board,
      ({ cameras, throughput }) => cameras.off === 2 && throughput.stations === 1,
    );
    expect(told.cameras).toMatchObject({
      on: 2,
      off: 2,
      darkRooms: 1,
      darkRoomsOver5Minutes: 1,
      darkRoomsOver15Minutes: 1,
      darkRoomsOver20Minutes: 0,
    });
    expect(told.throughput).toEqual({
      rxBytesPerSecond: 125_000,
      txBytesPerSecond: 4_000,
      stations: 1,
    });
    const claim = { siteCode: site.code, track: 'written', stage: 'keyLoaded', roomCode: room };
    await api(collector, '/api/v1/claims', { method: 'POST', body: claim });
    const isLoaded = (row: SiteRow): boolean =>
      row.code === site.code && stageOf(readSite(row), 'keyLoaded').done === 1;
    const delta = await board.next((frame) => frame.type === 'delta' && frame.sites.some(isLoaded));
    const shown = delta.type === 'delta' ? delta.sites.find(isLoaded) : undefined;
    const done = shown?.rooms.filter(([code, isDone]) => isDone === 1 && code !== '7777');
    expect(done).toEqual([[room, 1]]);
  });

  it('says who edits the plan, until the edit is applied', async () => {
    const { collector } = await prepared({ ppe: 1 });
    const board = await watching(collector);
    await beatOf(board, ({ planEditing }) => planEditing === undefined);
    const body = { isEditing: true, window: 'w1' };
    const said = await api(collector, '/api/v1/plan/editing', { method: 'POST', body });
    expect(said.status).toBe(204);
    const told = await beatOf(board, ({ planEditing }) => planEditing !== undefined);
    expect(told.planEditing).toEqual({ by: 'admin', sinceAt: expect.any(String) });
    const done = { isEditing: false, window: 'w1' };
    await api(collector, '/api/v1/plan/editing', { method: 'POST', body: done });
    await beatOf(board, ({ planEditing }) => planEditing === undefined);
  });

  it('has other municipalities with another registry, and no site that left it', async () => {
    const { collector, sites } = await prepared({ ppe: 40 });
    const board = await watching(collector);
    const before = await snapshotOf(board);
    const body = { ppe: 1, seed: 7, replace: true };
    const made = await api(collector, '/api/v1/registry/sample', { method: 'POST', body });
    expect(made.status).toBe(200);
    const delta = await board.next(
      (frame) => frame.type === 'delta' && frame.removedSites.length > 0,
    );
    expect(delta.type === 'delta' && delta.removedSites.length).toBeGreaterThan(30);
    const after = await snapshotOf(await watching(collector));
    expect(after.sites.length).toBeLessThan(before.sites.length);
    expect(sites.length).toBe(before.sites.length);
    const { total } = (
      await until(
        () => overview(collector),
        (each) => each.sites.total === after.sites.length,
      )
    ).sites;
    expect(total).toBe(after.sites.length);
  });
});
