import { describe, expect, it } from 'vitest';
import { nothingKnown, reduceLive, type LiveState, type Snapshot } from '@ppe-pulse/protocol';
import { PICTURE_LIFE_MS, pictureOf, restored } from '../../board/src/life/last-picture.ts';
import {
  BOARD_MS,
  MINUTE_MS,
  incidentOf,
  silenceOf,
  siteOf,
  snapshotOf,
} from '../support/board-page.ts';

const kept = { format: 'f-1', wallMs: BOARD_MS, ageMs: 400 };
const stateOf = (part: Partial<Snapshot> = {}): LiveState =>
  reduceLive(nothingKnown, snapshotOf(part)).state;
const roundTrip = (state: LiveState): unknown => structuredClone(pictureOf(state, kept));

describe('the last picture', () => {
  it('is shown again as it was, as old as it is', () => {
    const state = stateOf({ incidents: [incidentOf(1)], sites: [siteOf('4216'), siteOf('4217')] });
    const back = restored(roundTrip(state), { format: 'f-1', wallMs: BOARD_MS + 20 * MINUTE_MS });
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
    const [workstation] = snapshotOf().workstations;
    if (!workstation) throw new Error('no workstation');
    const state = stateOf({
      columns: ['net.rtt.ms'],
      workstations: [{ ...workstation, values: [21] }],
      silences: [silenceOf({ comment: 'звонил Иванов' })],
    });
    const text = JSON.stringify(pictureOf(state, kept));
    expect(text).not.toContain('Иванов');
    expect(text).not.toContain('net.rtt.ms');
    expect(text).toContain('"values":[]');
  });

  it('is bounded: of a country only those with problems are kept, and not more than five thousand', () => {
    const [one] = snapshotOf().workstations;
    if (!one) throw new Error('no workstation');
    const workstations = Array.from({ length: 12_000 }, (_, index) => ({
      ...one,
      index,
      id: `w-${String(index).padStart(16, '0')}`,
      problems: index % 2 === 0 ? one.problems : [],
    }));
    const picture = pictureOf(stateOf({ workstations }), kept);
    expect(picture?.snapshot.workstations).toHaveLength(5_000);
    expect(picture?.snapshot.workstations.every(({ problems }) => problems.length > 0)).toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['a word', 'picture'],
    [
      'another shape of frames',
      { format: 'f-0', savedAtMs: BOARD_MS, ageMs: 0, snapshot: snapshotOf() },
    ],
    ['no snapshot', { format: 'f-1', savedAtMs: BOARD_MS, ageMs: 0 }],
    [
      'a broken snapshot',
      { format: 'f-1', savedAtMs: BOARD_MS, ageMs: 0, snapshot: { type: 'snapshot' } },
    ],
    [
      'one of last month',
      {
        format: 'f-1',
        savedAtMs: BOARD_MS - 30 * 24 * 60 * MINUTE_MS,
        ageMs: 0,
        snapshot: snapshotOf(),
      },
    ],
  ])('is not shown from %s', (_, stored) => {
    expect(restored(stored, { format: 'f-1', wallMs: BOARD_MS })).toBeUndefined();
  });

  it('is as old as can be when the wall clock went back: nobody knows how long the computer was off', () => {
    const back = restored(roundTrip(stateOf()), {
      format: 'f-1',
      wallMs: BOARD_MS - 5 * MINUTE_MS,
    });
    expect(back?.ageMs).toBe(PICTURE_LIFE_MS);
  });
});
