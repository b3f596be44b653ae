import { describe, expect, it } from 'vitest';
import {
  nothingKnown,
  reduceLive,
  SnapshotJoiner,
  snapshotFrames,
  type BoardFrame,
  type Snapshot,
  type ToBoard,
} from '@ppe-pulse/protocol';
import { createLiveDecoder } from '@ppe-pulse/protocol/codec';
import { deltaOf, silentWorkstation, siteOf, snapshotOf } from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

const decode = createLiveDecoder();
const codes = Array.from({ length: 100 }, (_, at) => String(4_000 + at));
const large = snapshotOf({
  seq: 41,
  sites: codes.map((code) => siteOf(code)),
  workstations: Array.from({ length: 2_000 }, (_, index) => {
    const own = silentWorkstation();
    const siteCode = codes[index % codes.length] ?? '';
    return { ...own, index, id: workstationId(index), placement: { ...own.placement, siteCode } };
  }),
});

/** What a board takes in of these frames. */
function taken(frames: readonly BoardFrame[], joiner = new SnapshotJoiner()): ToBoard[] {
  return frames.flatMap((frame) => joiner.take(frame) ?? []);
}

const framesOf = (snapshot: Snapshot): BoardFrame[] => snapshotFrames(snapshot).map(decode);

describe('a snapshot in parts', () => {
  it('is whole where it is small', () => {
    const small = snapshotOf({ workstations: [silentWorkstation()], sites: [siteOf('4000')] });
    const frames = framesOf(small);
    expect(frames).toEqual([small]);
    expect(taken(frames)).toEqual([small]);
  });

  it('is the same when its parts were put together, and no part is much larger than 48 kB', () => {
    const texts = snapshotFrames(large);
    expect(texts.length).toBeGreaterThan(4);
    for (const text of texts.slice(1)) expect(text.length).toBeLessThan(50_000);
    const [whole, ...others] = taken(texts.map(decode));
    expect(others).toEqual([]);
    expect(whole).toEqual(large);
  });

  it('is nothing until its last part has come', () => {
    const frames = framesOf(large);
    expect(taken(frames.slice(0, -1))).toEqual([]);
  });

  it('lets other frames through while it comes, which then do not follow', () => {
    const [head, ...parts] = framesOf(large);
    const delta = deltaOf(42, {});
    if (!head) throw new Error('no frame');
    const [first, second, ...others] = taken([head, delta, ...parts]);
    expect(first).toBe(delta);
    expect(second).toEqual(large);
    expect(others).toEqual([]);
    expect(reduceLive(nothingKnown, delta).resync).toBe(true);
  });

  it('is given up for one that comes after it', () => {
    const frames = framesOf(large);
    const next = { ...large, seq: 50 };
    const [only, ...others] = taken([...frames.slice(0, 3), ...framesOf(next)]);
    expect(only).toEqual(next);
    expect(others).toEqual([]);
  });

  it('takes no part of another one, and none that nobody waits for', () => {
    const [head, part, ...rest] = framesOf(large);
    if (!head || part?.type !== 'more') throw new Error('no parts');
    expect(taken([part])).toEqual([]);
    expect(taken([head, { ...part, seq: 7 }, part, ...rest])).toEqual([large]);
    expect(taken([...framesOf(large), part])).toHaveLength(1);
  });
});
