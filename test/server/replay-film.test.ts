import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nothingKnown,
  reduceLive,
  type CheckVerdict,
  type LiveState,
  type ReplayFrames,
  type ReplayMoment,
} from '@ppe-pulse/protocol';
import type { Replay } from '../../server/src/replay/replay.ts';
import { FilmStage, type Seen } from '../support/film-stage.ts';

const SEED = 2_024_515;
const MINUTE_TICKS = 240;

/** The picture that a jump to a moment gives. */
async function shownAt(replay: Replay, atMs: number): Promise<LiveState> {
  const outcome = await replay.momentAt(atMs);
  if (outcome.kind === 'refused') throw new Error(`${atMs}: ${outcome.reason}`);
  return pictureOf(outcome.value);
}

function pictureOf({ snapshot, endedIncidents }: ReplayMoment): LiveState {
  return reduceLive({ ...nothingKnown, endedIncidents }, snapshot).state;
}

async function framesOf(replay: Replay, fromMs: number, toMs: number): Promise<ReplayFrames> {
  const outcome = await replay.framesBetween(fromMs, toMs);
  if (outcome.kind === 'refused') throw new Error(outcome.reason);
  return JSON.parse(outcome.value.json.toString('utf8')) as ReplayFrames;
}

/** What a jump cannot know: a key frame counts anew what the next beat, a second later, tells all. */
function withoutBeat(state: LiveState): object {
  const { overview: _, serverTimeMs: _time, dataAgeMs: _age, ...rest } = state;
  return rest;
}

type Step = readonly ['hear' | 'open' | 'end' | 'tick', number, CheckVerdict['verdict']];

const steps = fc.array(
  fc.tuple(
    fc.constantFrom<Step[0]>('hear', 'hear', 'tick', 'tick', 'open', 'end'),
    fc.nat(8),
    fc.constantFrom<CheckVerdict['verdict']>('ok', 'warn', 'fail'),
  ),
  { minLength: 20, maxLength: 150 },
);

function play(stage: FilmStage, all: readonly Step[]): void {
  for (const [what, number, verdict] of all) {
    if (what === 'hear') stage.hear(number, verdict);
    else if (what === 'open') stage.openIncident(number);
    else if (what === 'end') stage.endIncident(number);
    // Long enough for several segments.
    else stage.ticks(number * 20 + 1);
  }
}

describe('film of the board', { timeout: 90_000 }, () => {
  it('shows at every moment what a board knew then, by a jump and by following the frames', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const stage = new FilmStage();
        await stage.room.ready;
        play(stage, [...all, ['tick', 8, 'ok']]);
        const { replay } = stage.room;
        const { items } = await replay.spans();
        expect(items).toHaveLength(1);
        const fromMs = items[0]?.fromMs ?? 0;
        const filmed = stage.seen.filter(({ atMs }) => atMs >= fromMs);
        await jumps(replay, filmed);
        await follows(replay, filmed);
      }),
      { seed: SEED, numRuns: 6 },
    );
  });

  it('goes on over a restart of the collector, with a gap where it was down', async () => {
    const before = new FilmStage();
    await before.room.ready;
    play(before, [
      ['tick', 8, 'ok'],
      ['hear', 1, 'fail'],
      ['tick', 8, 'ok'],
    ]);
    await before.room.close();
    const startMs = before.wallMs + 20_000;
    const after = new FilmStage({ dataDir: before.dataDir, startMs });
    await after.room.ready;
    play(after, [
      ['hear', 2, 'warn'],
      ['tick', 8, 'ok'],
    ]);
    const { replay } = after.room;
    const { items } = await replay.spans();
    expect(items).toHaveLength(2);
    const [first, second] = items;
    if (!first || !second) throw new Error('two spans');
    expect(first.toMs).toBeLessThan(startMs);
    for (const { atMs, state } of before.seen.filter((each) => each.atMs > first.fromMs))
      expect(withoutBeat(await shownAt(replay, atMs))).toEqual(withoutBeat(state));
    expect(await replay.momentAt(startMs)).toEqual({ kind: 'refused', reason: 'notRecorded' });
    const frames = await framesOf(replay, first.fromMs, second.toMs);
    expect(frames.gaps).toEqual([
      { fromMs: first.toMs, toMs: second.fromMs, reason: 'notRecorded' },
    ]);
    // What follows a gap begins anew.
    const next = frames.items.find(({ atMs }) => atMs >= second.fromMs);
    expect(next?.frame.type).toBe('snapshot');
    const end = after.seen.at(-1);
    expect(withoutBeat(await shownAt(replay, second.toMs))).toEqual(
      withoutBeat(end?.state ?? nothingKnown),
    );
  });

  it('knows nothing of a time when the process stood still or its clock was set back', async () => {
    const stage = new FilmStage();
    await stage.room.ready;
    stage.ticks(20);
    const stoodStillMs = stage.wallMs;
    stage.wallMs += 60_000;
    stage.hear(0, 'fail');
    stage.ticks(80);
    const setBackMs = stage.lastMs;
    stage.wallMs -= 5_000;
    stage.hear(1, 'warn');
    stage.ticks(40);
    const { replay } = stage.room;
    expect(await replay.momentAt(stoodStillMs + 30_000)).toMatchObject({ reason: 'notRecorded' });
    const { items } = await replay.spans();
    expect(items).toHaveLength(3);
    expect(
      items.every(
        ({ fromMs, toMs }, at) =>
          at === 0 || ((items[at - 1]?.toMs ?? 0) < fromMs && fromMs < toMs),
      ),
    ).toBe(true);
    // Of a second that went by twice the later one is shown.
    const twice = stage.seen.filter(({ atMs }) => atMs > setBackMs - 3_000 && atMs <= setBackMs);
    const later = twice.at(-1);
    expect(withoutBeat(await shownAt(replay, later?.atMs ?? 0))).toEqual(
      withoutBeat(later?.state ?? nothingKnown),
    );
    const frames = await framesOf(replay, items[0]?.fromMs ?? 0, items[2]?.toMs ?? 0);
    const times = frames.items.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('answers in parts that follow each other without losing or doubling a frame', async () => {
    const stage = new FilmStage();
    await stage.room.ready;
    for (let at = 0; at < 2 * MINUTE_TICKS; at += 1) {
      stage.hear(at, at % 3 === 0 ? 'fail' : 'ok');
      stage.tick();
    }
    const { replay } = stage.room;
    const { items } = await replay.spans();
    const { fromMs, toMs } = items[0] ?? { fromMs: 0, toMs: 0 };
    const whole = await framesOf(replay, fromMs, toMs);
    const parts: ReplayFrames['items'][number][] = [];
    for (let atMs = fromMs; atMs < toMs;) {
      const part = await framesOf(replay, atMs, Math.min(toMs, atMs + 7_333));
      parts.push(...part.items);
      expect(part.gaps).toEqual([]);
      atMs = part.toMs;
    }
    expect(parts).toEqual(whole.items);
  });
});

/** Jumps to every frame and to moments between them. */
async function jumps(replay: Replay, filmed: readonly Seen[]): Promise<void> {
  const step = Math.max(1, Math.floor(filmed.length / 12));
  for (let at = 0; at < filmed.length; at += step) {
    const { atMs, state } = filmed[at] ?? { atMs: 0, state: nothingKnown };
    const shown = await shownAt(replay, atMs);
    expect(withoutBeat(shown)).toEqual(withoutBeat(state));
    expect(
      withoutBeat(
        await shownAt(replay, atMs + 100 <= (filmed.at(-1)?.atMs ?? 0) ? atMs + 100 : atMs),
      ),
    ).toEqual(withoutBeat(shown));
  }
}

/** Follows the frames from the first picture on: everything is equal, the overview too. */
async function follows(replay: Replay, filmed: readonly Seen[]): Promise<void> {
  // From the first beat after the key frame on: before it a jump counts anew.
  const start = filmed[8];
  const last = filmed.at(-1);
  if (!start || !last) return;
  let state = await shownAt(replay, start.atMs);
  let atMs = start.atMs;
  const told = new Map(filmed.map((each) => [each.atMs, each.state]));
  while (atMs < last.atMs) {
    const part = await framesOf(replay, atMs, Math.min(atMs + 600_000, last.atMs));
    for (const [index, item] of part.items.entries()) {
      expect(item.frame.type).not.toBe('snapshot');
      const reduced = reduceLive(state, item.frame);
      expect(reduced.resync).toBe(false);
      state = reduced.state;
      if (part.items[index + 1]?.atMs !== item.atMs) expect(state).toEqual(told.get(item.atMs));
    }
    atMs = part.toMs;
  }
}
