import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  LIVE_PATH,
  LIVE_SUBPROTOCOL,
  nothingKnown,
  reduceLive,
  type ReplayFrames,
  type ReplayMoment,
  type ReplaySpans,
  type ToBoard,
} from '@ppe-pulse/protocol';
import type { Collector } from '../../server/src/collector.ts';
import { backupCommand } from '../../server/src/cli/backup.ts';
import { restoreCommand } from '../../server/src/cli/restore.ts';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { tempDir } from '../support/temp-dir.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

async function get<T>(collector: Collector, path: string): Promise<T> {
  const { status, body } = await api(collector, path);
  if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
  return body as unknown as T;
}

const spansOf = (collector: Collector): Promise<ReplaySpans> =>
  get(collector, '/api/v1/replay/spans');

/** The frames that a board gets, as they come. */
async function boardOf(collector: Collector): Promise<ToBoard[]> {
  const frames: ToBoard[] = [];
  const socket = new WebSocket(collector.url.replace(/^http/, 'ws') + LIVE_PATH, LIVE_SUBPROTOCOL, {
    headers: { authorization: `Bearer ${collector.adminToken}`, origin: collector.url },
  });
  onTestFinished(() => socket.terminate());
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString('utf8')) as ToBoard));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'hello', protocol: 1 }));
  return frames;
}

async function until(isIt: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await isIt())) {
    if (performance.now() > deadline) throw new Error(`not in 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A collector with one workstation that is heard again and again while a board looks. */
async function filmed(dataDir = tempDir()): Promise<{ collector: Collector; seen: ToBoard[] }> {
  const collector = await testCollector({ dataDir }, { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
  const identity = newIdentity();
  await enrol(collector, identity);
  const peer = await AgentPeer.join(collector.url, identity);
  await until(async () => (await spansOf(collector)).isRecording, 'the record begins');
  const seen = await boardOf(collector);
  const beats = (): number => seen.filter(({ type }) => type === 'beat').length;
  let seq = 0;
  await until(() => {
    seq += 1;
    peer.send(peer.heartbeat(seq));
    return beats() >= 4;
  }, 'the board sees some seconds');
  return { collector, seen };
}

describe('routes of the replay', { timeout: 90_000 }, () => {
  it('give the very frames that a board got, and the picture that it had', async () => {
    const { collector, seen } = await filmed();
    const { items } = await spansOf(collector);
    const { fromMs = 0, toMs = 0 } = items[0] ?? {};
    const frames = await get<ReplayFrames>(
      collector,
      `/api/v1/replay/frames?from=${iso(fromMs)}&to=${iso(toMs + 1)}`,
    );
    const told = seen.filter(({ type }) => type === 'delta' || type === 'beat');
    const recorded = frames.items.map(({ frame }) => frame);
    const first = recorded.findIndex((frame) => JSON.stringify(frame) === JSON.stringify(told[0]));
    const shared = recorded.slice(first);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(shared.length).toBeGreaterThan(6);
    expect(shared).toEqual(told.slice(0, shared.length));
    // What a board knew after a frame is what a jump to that moment shows.
    let state = nothingKnown;
    for (const frame of seen.slice(0, seen.indexOf(told[shared.length - 1] as ToBoard) + 1))
      state = reduceLive(state, frame).state;
    const at = frames.items.at(-1)?.atMs ?? 0;
    const moment = await get<ReplayMoment>(collector, `/api/v1/replay?at=${iso(at)}`);
    const shown = reduceLive(nothingKnown, moment.snapshot).state;
    expect({ ...shown, build: null }).toEqual({ ...state, build: null });
  });

  it('refuse with a name and a way on what they cannot show', async () => {
    const { collector } = await filmed();
    const { items } = await spansOf(collector);
    const { fromMs = 0, toMs = 0 } = items[0] ?? {};
    const refusals = [
      ['/api/v1/replay?at=yesterday', 400, 'badRequest'],
      ['/api/v1/replay', 400, 'badRequest'],
      [`/api/v1/replay?at=${iso(fromMs - 60_000)}`, 404, 'beforeRecord'],
      [`/api/v1/replay?at=${iso(toMs + 3_600_000)}`, 404, 'afterRecord'],
      ['/api/v1/replay?at=../../etc/passwd', 400, 'badRequest'],
      [`/api/v1/replay/frames?from=${iso(toMs)}&to=${iso(fromMs)}`, 400, 'badRange'],
      [`/api/v1/replay/frames?from=${iso(fromMs)}&to=${iso(fromMs + 600_001)}`, 400, 'badRange'],
      [
        `/api/v1/replay/frames?from=${iso(fromMs - 9_000)}&to=${iso(fromMs - 8_000)}`,
        404,
        'beforeRecord',
      ],
      [
        `/api/v1/replay/frames?from=${iso(toMs + 3_600_000)}&to=${iso(toMs + 3_601_000)}`,
        404,
        'afterRecord',
      ],
      [`/api/v1/replay/marks?from=${iso(0)}&to=${iso(toMs)}`, 400, 'badRange'],
    ] as const;
    for (const [path, status, kind] of refusals) {
      const answer = await api(collector, path);
      expect([path, answer.status, answer.body.type]).toEqual([
        path,
        status,
        `urn:ppe-pulse:problem:${kind}`,
      ]);
    }
    const nobody = await fetch(`${collector.url}/api/v1/replay/spans`);
    expect(nobody.status).toBe(401);
  });

  it('keep the film in a backup, and show it after a restore', async () => {
    const dataDir = tempDir();
    const { collector } = await filmed(dataDir);
    const { items } = await spansOf(collector);
    const { fromMs = 0 } = items[0] ?? {};
    const atMs = fromMs + 2_000;
    const before = await get<ReplayMoment>(collector, `/api/v1/replay?at=${iso(atMs)}`);
    const target = join(tempDir(), 'copy');
    const restored = join(tempDir(), 'restored');
    const world = { env: {}, out: () => undefined } as unknown as Parameters<
      typeof backupCommand
    >[2];
    await backupCommand(target, { data: dataDir }, world);
    await collector.stop();
    await restoreCommand(target, { data: restored }, world);
    expect(readdirSync(join(restored, 'replay'))).toHaveLength(1);
    const again = await testCollector({ dataDir: restored });
    await until(async () => (await spansOf(again)).items.length === 2, 'both films are known');
    expect(await get<ReplayMoment>(again, `/api/v1/replay?at=${iso(atMs)}`)).toEqual(before);
    const { body } = await api(again, '/api/v1/jobs/maintenance', { method: 'POST' });
    expect(body).toMatchObject({ outcome: 'done', report: { droppedReplaySegments: 0 } });
  });
});
