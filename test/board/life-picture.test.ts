import { describe, expect, it } from 'vitest';
import { nothingKnown, reduceLive, type LiveState } from '@ppe-pulse/protocol';
import { PICTURE_LIFE_MS, pictureOf, restored } from '../../board/src/life/last-picture.ts';
import { packed } from '../../board/src/life/packed-picture.ts';
import {
  BOARD_MS,
  MINUTE_MS,
  incidentOf,
  silentWorkstation,
  silenceOf,
  siteOf,
  snapshotOf,
  type Told,
} from '../support/board-page.ts';

const kept = { format: 'f-1', wallMs: BOARD_MS, ageMs: 400 };
const stateOf = (part: Partial<Told> = {}): LiveState =>
  reduceLive(nothingKnown, snapshotOf(part)).state;
const now = (): Promise<void> => Promise.resolve();

async function roundTrip(state: LiveState): Promise<unknown> {
  const picture = pictureOf(state, kept);
  return picture && (await packed(picture, now));
}

const packedText = async (part: object): Promise<object> => {
  const picture = pictureOf(stateOf(), kept);
  return { ...(picture && (await packed(picture, now))), ...part };
};

describe('the last picture', () => {
  it('is shown again as it was, as old as it is', async () => {
    const state = stateOf({ incidents: [incidentOf(1)], sites: [siteOf('4216'), siteOf('4217')] });
    const back = await restored(await roundTrip(state), {
      format: 'f-1',
      wallMs: BOARD_MS + 20 * MINUTE_MS,
    });
    expect(back?.ageMs).toBe(20 * MINUTE_MS + 400);
    expect(back?.state).toMatchObject({
      seq: state.seq,
      serverTimeMs: BOARD_MS,
      overview: state.overview,
      incidents: state.incidents,
      registry: state.registry,
    });
    expect([...(back?.state.sites.keys() ?? [])]).toEqual(['4216', '4217']);
    expect(back?.state.build).toBeNull();
  });

  it('is none before there is one', () => {
    expect(pictureOf(nothingKnown, kept)).toBeNull();
  });

  it('keeps no measured values and nothing that people wrote', () => {
    const state = stateOf({
      columns: ['net.rtt.ms'],
      workstations: [{ ...silentWorkstation(), values: [21] }],
      silences: [silenceOf({ comment: 'звонил Иванов' })],
    });
    const text = JSON.stringify(pictureOf(state, kept));
    expect(text).not.toContain('Иванов');
    expect(text).not.toContain('net.rtt.ms');
    const [kept1] = pictureOf(state, kept)?.snapshot.workstations ?? [];
    expect(kept1?.at(-1)).toEqual([]);
  });

  it('is none of a country, of which a part would pass for the whole', () => {
    const crowd = (size: number) =>
      Array.from({ length: size }, (_, index) => ({
        ...silentWorkstation(),
        index,
        id: `w-${String(index).padStart(16, '0')}`,
      }));
    const kept10k = pictureOf(stateOf({ workstations: crowd(10_000) }), kept);
    expect(kept10k?.snapshot.workstations).toHaveLength(10_000);
    expect(pictureOf(stateOf({ workstations: crowd(10_001) }), kept)).toBeNull();
  });

  it.each([
    ['nothing', undefined],
    ['a word', 'picture'],
    ['another shape of frames', { format: 'f-0' }],
    ['no snapshot', { snapshot: undefined }],
    ['a snapshot as an earlier build kept it', { snapshot: snapshotOf() }],
    ['a cut text', { snapshot: new Blob(['{"type":"snap']) }],
    ['another text', { snapshot: new Blob(['{"type":"snapshot"}']) }],
    ['one of last month', { savedAtMs: BOARD_MS - 30 * 24 * 60 * MINUTE_MS }],
  ])('is not shown from %s', async (_, part) => {
    const stored = typeof part === 'object' ? await packedText(part) : part;
    expect(await restored(stored, { format: 'f-1', wallMs: BOARD_MS })).toBeUndefined();
  });

  it('is written a slice at a time, and the page draws in between', async () => {
    const sites = Array.from({ length: 1_200 }, (_, at) => siteOf(String(at).padStart(4, '0')));
    const picture = pictureOf(stateOf({ sites }), kept);
    let pauses = 0;
    const pause = (): Promise<void> => {
      pauses += 1;
      return now();
    };
    const text = picture && (await packed(picture, pause));
    expect(pauses).toBe(4);
    const back = await restored(text, { format: 'f-1', wallMs: BOARD_MS });
    expect(back?.state.registry.size).toBe(1_200);
  });

  it('is as old as can be when the wall clock went back: nobody knows how long the computer was off', async () => {
    const back = await restored(await roundTrip(stateOf()), {
      format: 'f-1',
      wallMs: BOARD_MS - 5 * MINUTE_MS,
    });
    expect(back?.ageMs).toBe(PICTURE_LIFE_MS);
  });
});
