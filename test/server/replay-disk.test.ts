import {
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nothingKnown, reduceLive, type ReplayFrames } from '@ppe-pulse/protocol';
import { readSegment } from '../../server/src/replay/segment-reader.ts';
import { FilmStage } from '../support/film-stage.ts';
import { tempDir } from '../support/temp-dir.ts';

const SEED = 91_542;
const DAY_MS = 86_400_000;

function filesOf({ folder }: FilmStage): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.gz'))
    .map((name) => join(folder, name))
    .toSorted();
}

async function timesIn(path: string): Promise<{ times: number[]; outcome: string }> {
  const times: number[] = [];
  const outcome = await readSegment(path, ({ atMs }) => {
    if (atMs !== undefined) times.push(atMs);
    return true;
  });
  return { times, outcome };
}

/** A minute of film in one closed segment. */
async function minute(): Promise<{ stage: FilmStage; file: string }> {
  const stage = new FilmStage();
  await stage.room.ready;
  for (let at = 0; at < 240; at += 1) {
    stage.hear(at, at % 5 === 0 ? 'fail' : 'ok');
    stage.tick();
    if (at % 40 === 0) await stage.room.replay.spans();
  }
  await stage.room.close();
  const [file = ''] = filesOf(stage);
  return { stage, file };
}

describe('segments of the replay', { timeout: 60_000 }, () => {
  it('are read up to the last flush wherever a kill cut them off, and are closed at the next start', async () => {
    const { stage, file } = await minute();
    const whole = await timesIn(file);
    expect(whole.outcome).toBe('whole');
    const bytes = statSync(file).size;
    const open = file.replace(/-[0-9]{13}\.frames/, '.frames');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes - 1 }), async (length) => {
        const dataDir = tempDir();
        cpSync(stage.folder, join(dataDir, 'replay'), { recursive: true });
        const cut = open.replace(stage.dataDir, dataDir);
        renameSync(file.replace(stage.dataDir, dataDir), cut);
        truncateSync(cut, length);
        const { times, outcome } = await timesIn(cut);
        expect(outcome).toBe('whole');
        expect(times).toEqual(whole.times.slice(0, times.length));
        const next = new FilmStage({ dataDir, startMs: stage.wallMs + DAY_MS });
        await next.room.ready;
        const { items } = await next.room.replay.spans();
        const [first] = times;
        expect(items).toEqual(
          first === undefined ? [] : [{ fromMs: first, toMs: times.at(-1), day: null }],
        );
        expect(existsSync(cut)).toBe(false);
        await next.room.close();
      }),
      { seed: SEED, numRuns: 25 },
    );
    // A flush was asked for every ten seconds of the film: nine of ten bytes are more than half of it.
    truncateSync(file, Math.floor(bytes * 0.9));
    expect((await timesIn(file)).times.length).toBeGreaterThan(whole.times.length / 2);
  });

  it('never show what is not what was written: damage ends them, and is a gap', async () => {
    const { stage, file } = await minute();
    const whole = await timesIn(file);
    const written = readFileSync(file);
    const [fromMs = 0, toMs = 0] = [whole.times[0], whole.times.at(-1)];
    const pictures = new Map(stage.seen.map(({ atMs, state }) => [atMs, state.workstations]));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 20, max: written.length - 9 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, bits) => {
          const damaged = Buffer.from(written);
          damaged[at] = (damaged[at] ?? 0) ^ bits;
          writeFileSync(file, damaged);
          const next = new FilmStage({ dataDir: stage.dataDir, startMs: toMs + DAY_MS });
          await next.room.ready;
          const outcome = await next.room.replay.framesBetween(fromMs - 1, toMs);
          if (outcome.kind === 'refused') throw new Error(outcome.reason);
          const frames = JSON.parse(outcome.value.json.toString('utf8')) as ReplayFrames;
          let state = nothingKnown;
          for (const [index, { atMs, frame }] of frames.items.entries()) {
            state = reduceLive(state, frame).state;
            if (frames.items[index + 1]?.atMs !== atMs)
              expect(state.workstations).toEqual(pictures.get(atMs));
          }
          if (frames.items.at(-1)?.atMs !== toMs)
            expect(frames.gaps.at(-1)).toMatchObject({ reason: 'damaged', toMs });
          const end = await next.room.replay.momentAt(toMs);
          if (end.kind === 'refused') expect(end.reason).toBe('damagedRecord');
          else expect(end.value.snapshot.workstations).toHaveLength(5);
          await next.room.close();
        },
      ),
      { seed: SEED, numRuns: 40 },
    );
  });

  it('that lost their end after they were closed are a gap, and no picture that stands still', async () => {
    const { stage, file } = await minute();
    const { times } = await timesIn(file);
    const [fromMs = 0, toMs = 0] = [times[0], times.at(-1)];
    truncateSync(file, Math.floor(statSync(file).size / 2));
    const next = new FilmStage({ dataDir: stage.dataDir, startMs: toMs + DAY_MS });
    await next.room.ready;
    const outcome = await next.room.replay.framesBetween(fromMs - 1, toMs);
    if (outcome.kind === 'refused') throw new Error(outcome.reason);
    const frames = JSON.parse(outcome.value.json.toString('utf8')) as ReplayFrames;
    expect(frames.items.at(-1)?.atMs).toBeLessThan(toMs);
    expect(frames.gaps.at(-1)).toEqual({
      reason: 'damaged',
      fromMs: frames.items.at(-1)?.atMs,
      toMs,
    });
    await next.room.close();
  });

  it('go when they are too old, the oldest first when they are too many', async () => {
    const policy = { days: 2, diskBudgetBytes: 5_000_000_000 };
    const stage = new FilmStage({ policy });
    await stage.room.ready;
    for (let day = 0; day < 4; day += 1) {
      stage.ticks(20);
      stage.wallMs += DAY_MS;
    }
    stage.ticks(20);
    await stage.room.replay.spans();
    const { droppedSegments } = await stage.room.prune();
    const spans = (await stage.room.replay.spans()).items;
    expect(spans.every(({ toMs }) => toMs >= stage.wallMs - 2 * DAY_MS)).toBe(true);
    expect(spans).toHaveLength(2);
    // What a closing dropped is not counted again.
    expect(droppedSegments).toBeLessThanOrEqual(3);
    await stage.room.close();
    const kept = filesOf(stage);
    const small = new FilmStage({
      dataDir: stage.dataDir,
      startMs: stage.wallMs,
      policy: { days: 2, diskBudgetBytes: statSync(kept.at(-1) ?? '').size + 10 },
    });
    await small.room.ready;
    expect(await small.room.prune()).toMatchObject({ droppedSegments: kept.length - 1 });
    expect(filesOf(stage)).toEqual(kept.slice(-1));
    // Days without a segment leave no folder.
    expect(readdirSync(stage.folder)).toHaveLength(1);
  });

  it('stop where the disk refuses: what follows is dropped, counted and warned of, and then goes on', async () => {
    let isFull = false;
    const stage = new FilmStage({ open: (path) => disk(path, () => isFull) });
    const { room } = stage;
    await room.ready;
    stage.ticks(40);
    await room.replay.spans();
    const fullMs = stage.wallMs;
    isFull = true;
    for (let at = 0; at < 60; at += 1) {
      stage.hear(at, 'warn');
      stage.tick();
      await room.replay.spans();
    }
    expect(room.warnings()).toEqual(['replayNotRecorded']);
    const during = await room.replay.spans();
    expect(during.isRecording).toBe(false);
    expect(during.droppedFrames).toBeGreaterThan(40);
    expect(await room.replay.momentAt(fullMs - 1_000)).toMatchObject({ kind: 'done' });
    isFull = false;
    for (let at = 0; at < 200; at += 1) {
      stage.hear(at, 'ok');
      stage.tick();
    }
    const after = await room.replay.spans();
    expect(room.warnings()).toEqual([]);
    expect(after.isRecording).toBe(true);
    expect(after.items).toHaveLength(2);
    expect(await room.replay.momentAt(fullMs + 14_000)).toMatchObject({ reason: 'notRecorded' });
    const end = await room.replay.momentAt(stage.lastMs);
    if (end.kind === 'refused') throw new Error(end.reason);
    const { state } = reduceLive(nothingKnown, end.value.snapshot);
    expect(state.workstations).toEqual(stage.seen.at(-1)?.state.workstations);
  });
});

/** A file on a disk that is full now and then. */
function disk(path: string, isFull: () => boolean): Writable {
  writeFileSync(path, '', { flag: 'wx' });
  return new Writable({
    write: (chunk: Buffer, _, done) => {
      if (isFull()) done(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
      else {
        writeFileSync(path, chunk, { flag: 'a' });
        done();
      }
    },
  });
}
