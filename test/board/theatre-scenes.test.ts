import { once } from 'node:events';
import { Compile } from 'typebox/compile';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import {
  LIVE_PATH,
  LIVE_SUBPROTOCOL,
  SnapshotJoiner,
  toBoard,
  type BoardFrame,
  type ToBoard,
} from '@ppe-pulse/protocol';
import {
  afterDay,
  beforeDay,
  calm,
  drill,
  flood,
  foreignNames,
  notInvolved,
  planEditing,
  silentByRule,
  simulated,
  sixHundred,
  sized,
  work,
  zeroSites,
} from '../support/theatre/scenes.ts';
import { STAGE_TOKEN, theatre, type Stage } from '../support/theatre/theatre.ts';

const schemas = {
  hello: Compile(toBoard.hello),
  snapshot: Compile(toBoard.snapshot),
  more: Compile(toBoard.more),
  delta: Compile(toBoard.delta),
  beat: Compile(toBoard.beat),
};
const scenes = [
  work(),
  calm(),
  flood(),
  beforeDay(),
  afterDay(),
  drill(),
  simulated(),
  planEditing(),
  silentByRule(),
  notInvolved(),
  zeroSites(),
  foreignNames(),
  sixHundred(),
  sized(100, 20),
];

/** Frames as a board gets them, each of the protocol's shape. */
async function boardOf(stage: Stage): Promise<{ next: (type: string) => Promise<ToBoard> }> {
  const socket = new WebSocket(stage.url.replace('http', 'ws') + LIVE_PATH, LIVE_SUBPROTOCOL, {
    headers: { authorization: `Bearer ${STAGE_TOKEN}` },
  });
  onTestFinished(() => socket.terminate());
  const frames: ToBoard[] = [];
  const joiner = new SnapshotJoiner();
  socket.on('message', (data: Buffer) => {
    const told = JSON.parse(data.toString()) as BoardFrame;
    if (told.type !== 'error') expect([...schemas[told.type].Errors(told)].slice(0, 3)).toEqual([]);
    const frame = joiner.take(told);
    if (frame) frames.push(frame);
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'hello', protocol: 1 }));
  return {
    next: async (type) => {
      const isIt = (frame: ToBoard): boolean => frame.type === type;
      await expect.poll(() => frames.some(isIt), { timeout: 20_000 }).toBe(true);
      const [frame] = frames.splice(frames.findIndex(isIt), 1);
      if (!frame || frame.type === 'error') throw new Error('the collector refused the board');
      expect([...schemas[frame.type].Errors(frame)].slice(0, 3)).toEqual([]);
      return frame;
    },
  };
}

describe('scenes of the theatre', () => {
  it.each(scenes.map((scene) => [scene.name, scene] as const))(
    '%s is told in frames of the protocol',
    async (_, scene) => {
      const stage = await theatre(scene, '');
      const board = await boardOf(stage);
      await board.next('hello');
      const snapshot = await board.next('snapshot');
      expect(snapshot).toMatchObject({ serverTimeMs: scene.atMs });
      stage.edit({ warnings: ['cutOff'] });
      expect(await board.next('beat')).toMatchObject({ overview: { warnings: ['cutOff'] } });
      const [id] = stage.cast.ids;
      if (id === undefined) return;
      stage.cast.show(id, { verdict: 'fail' });
      expect(await board.next('delta')).toMatchObject({ seq: 1 });
    },
  );

  it('is the same each time it is made', () => {
    expect(JSON.stringify(work())).toBe(JSON.stringify(work()));
    expect(JSON.stringify(work({ seed: 8 }))).not.toBe(JSON.stringify(work()));
  });

  it('has 28 silent ППЭ of 98 and one incident for all of them in the flood', async () => {
    const board = await boardOf(await theatre(flood(), ''));
    const snapshot = await board.next('snapshot');
    if (snapshot.type !== 'snapshot') throw new Error('not a snapshot');
    expect(snapshot.overview.sites.total).toBe(98);
    expect(snapshot.overview.sites.byVerdict.unknown).toBe(28);
    expect(snapshot.incidents.filter(({ sites }) => sites === 28)).toHaveLength(1);
  });
});
