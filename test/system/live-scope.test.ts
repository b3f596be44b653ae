import { describe, expect, it } from 'vitest';
import type { Delta, Site, Snapshot, ToBoard } from '@ppe-pulse/protocol';
import { api } from '../support/collector.ts';
import { employ, type Browser } from '../support/people.ts';
import { beating, enrolAt, prepared, until } from '../support/rehearsal.ts';
import { twoSites } from '../support/two-municipalities.ts';

type Board = Awaited<ReturnType<Browser['board']>>;

function snapshotIn(frames: readonly ToBoard[], from = 0): Snapshot {
  const found = frames.slice(from).find((frame) => frame.type === 'snapshot');
  if (found?.type !== 'snapshot') throw new Error('no snapshot');
  return found;
}

function deltasIn(frames: readonly ToBoard[]): Delta[] {
  return frames.filter((frame): frame is Delta => frame.type === 'delta');
}

/** Two ППЭ of two municipalities, and a board of each sort. */
async function world() {
  const { collector, sites } = await prepared({ ppe: 40 });
  const [own, foreign] = twoSites(sites);
  const municipal = await employ(collector, {
    account: 'ours',
    role: 'municipal',
    municipality: own.municipality,
  });
  const ppe = await employ(collector, { account: 'ppe', role: 'ppe', siteCode: own.code });
  return { collector, sites, own, foreign, municipal, ppe };
}

async function has(board: Board, what: (frames: ToBoard[]) => boolean): Promise<void> {
  await until(
    async () => board.frames,
    (frames) => what(frames),
  );
}

describe('a board of a part', () => {
  it('is shown its sites, their counts and their municipality, and nothing else', async () => {
    const { sites, own, municipal, ppe } = await world();
    const [part, one] = [await municipal.board(), await ppe.board()];
    const expected = sites.filter(({ municipality }) => municipality === own.municipality);
    const shown = snapshotIn(part.frames);
    expect(shown.sites.map(({ code }) => code)).toEqual(expected.map(({ code }) => code));
    expect(shown.overview.sites.total).toBe(expected.length);
    expect(shown.municipalities.map(({ slug }) => slug)).toEqual([own.municipality]);
    const single = snapshotIn(one.frames);
    expect(single.sites.map(({ code }) => code)).toEqual([own.code]);
    expect(single.municipalities.map(({ slug }) => slug)).toEqual([own.municipality]);
    expect(single.overview.stages.every(({ total }) => total === 1)).toBe(true);
    await has(one, (frames) => frames.some(({ type }) => type === 'beat'));
    const beat = one.frames.find((frame) => frame.type === 'beat');
    expect(beat).toMatchObject({ overview: { sites: { total: 1 } } });
  });

  it('hears of its own workstations, and its numbers follow each other although others change', async () => {
    const { collector, own, foreign, municipal, ppe } = await world();
    const boards = [await municipal.board(), await ppe.board()];
    const [mine, theirs] = [
      await enrolAt(collector, own, { role: 'hq' }),
      await enrolAt(collector, foreign, { role: 'hq' }),
    ];
    const others = await beating(collector, theirs);
    const ours = await beating(collector, mine);
    for (let seq = 2; seq <= 6; seq += 1) {
      others.send(others.heartbeat(seq));
      await others.until(() => others.acked.has(seq), 'an ack');
    }
    ours.send(ours.heartbeat(2));
    for (const board of boards) {
      await has(board, (frames) =>
        deltasIn(frames).some(({ added }) => added.some(([, id]) => id === mine.agentId)),
      );
      const numbers = deltasIn(board.frames).map(({ seq }) => seq);
      expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
      const told = JSON.stringify(board.frames);
      expect(told).not.toContain(theirs.agentId);
      expect(told).not.toContain(`"${foreign.code}"`);
    }
  });

  it('is told the same frames as the other boards of its scope', async () => {
    const { collector, own, ppe } = await world();
    const [first, second] = [await ppe.board(), await ppe.board()];
    const peer = await beating(collector, await enrolAt(collector, own, { role: 'hq' }));
    peer.send(peer.heartbeat(2));
    const heard = (frames: ToBoard[]): boolean => deltasIn(frames).length >= 2;
    await has(first, heard);
    await has(second, heard);
    const last = deltasIn(second.frames)[0];
    expect(deltasIn(first.frames)).toContainEqual(last);
  });

  it('follows another registry by a fresh picture', async () => {
    const { collector, own, municipal } = await world();
    const board = await municipal.board();
    const known = board.frames.length;
    const body = { ppe: 90, seed: 7, replace: true };
    await api(collector, '/api/v1/registry/sample', { method: 'POST', body });
    const { items } = (await api(collector, '/api/v1/registry/sites?limit=2000'))
      .body as unknown as {
      items: Site[];
    };
    const expected = items.filter(({ municipality }) => municipality === own.municipality);
    await has(board, (frames) => frames.slice(known).some(({ type }) => type === 'snapshot'));
    const shown = snapshotIn(board.frames, known);
    expect(shown.sites.map(({ code }) => code)).toEqual(expected.map(({ code }) => code));
    expect(expected.length).not.toBe(snapshotIn(board.frames).sites.length);
  });

  it('has no film of the region', async () => {
    const { municipal } = await world();
    expect((await municipal.ask('/api/v1/replay/spans')).kind).toBe('notAllowed');
  });
});
