import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nothingKnown,
  reduceLive,
  type Delta,
  type LiveState,
  type LiveWorkstation,
} from '@ppe-pulse/protocol';
import { deltaOf, siteOf, snapshotOf } from '../support/board-page.ts';
import { workstationId } from '../support/rows.ts';

const SITES = ['1001', '1002', '1003', '1004'] as const;
const STATIONS = 12;

function station(index: number, siteCode: string): LiveWorkstation {
  return {
    index,
    id: workstationId(index + 1),
    placement: { siteCode, roomCode: '0001', role: 'organizer', duty: 'main', simulated: false },
    verdict: 'ok',
    reason: 'ok',
    lastSeenMs: 1,
    problems: [],
    values: [],
  };
}

/** What a delta may hold, by indexes that may be known or not. */
const changes = fc.record({
  added: fc.uniqueArray(fc.nat(STATIONS - 1), { maxLength: 4 }),
  homes: fc.array(fc.constantFrom(...SITES), { minLength: 4, maxLength: 4 }),
  verdicts: fc.uniqueArray(fc.nat(STATIONS - 1), { maxLength: 6 }),
  flips: fc.uniqueArray(fc.nat(STATIONS - 1), { maxLength: 3 }),
  removed: fc.uniqueArray(fc.nat(STATIONS - 1), { maxLength: 2 }),
  listed: fc.subarray([...SITES]),
  unlisted: fc.subarray([...SITES], { maxLength: 1 }),
});
type Changes = typeof changes extends fc.Arbitrary<infer T> ? T : never;

function deltaFrom(state: LiveState, change: Changes): Delta {
  const isKnown = (index: number): boolean => state.workstations[index] !== undefined;
  return deltaOf(state.seq + 1, {
    added: change.added.map((index, at) => station(index, change.homes[at] ?? '1001')),
    changes: change.verdicts.filter(isKnown).map((index) => [index, 100, 2]),
    flips: change.flips.filter(isKnown).map((index) => ({ index, reason: 'jam', problems: [] })),
    removed: change.removed,
    sites: change.listed.map((code) => siteOf(code)),
    removedSites: change.unlisted.filter((code) => !change.listed.includes(code)),
  });
}

/** Sites as they would be if all of them were gathered anew. */
function gathered({ workstations, registry }: LiveState): Map<string, LiveWorkstation[]> {
  const sites = new Map<string, LiveWorkstation[]>([...registry.keys()].map((code) => [code, []]));
  for (const each of workstations) {
    if (!each) continue;
    const { siteCode } = each.placement;
    sites.set(siteCode, [...(sites.get(siteCode) ?? []), each]);
  }
  return sites;
}

describe('the reducer of live frames', () => {
  it('keeps sites as if it gathered them anew after every delta, and leaves earlier pictures alone', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 12 }), (steps) => {
        let state = reduceLive(nothingKnown, snapshotOf({ workstations: [], sites: [] })).state;
        for (const step of steps) {
          const delta = deltaFrom(state, step);
          const before = structuredClone({ ...state, registry: new Map(state.registry) });
          const { state: next, resync } = reduceLive(state, delta);
          expect(resync).toBe(false);
          expect(new Map(next.sites)).toEqual(gathered(next));
          expect(state).toEqual(before);
          state = next;
        }
      }),
      { seed: 722, numRuns: 200 },
    );
  });

  it('makes new objects of changed sites only', () => {
    const workstations = [station(0, '1001'), station(1, '1002')];
    const sites = ['1001', '1002'].map((code) => siteOf(code));
    const first = reduceLive(nothingKnown, snapshotOf({ workstations, sites })).state;
    const { state } = reduceLive(first, deltaOf(2, { changes: [[1, 0, 2]] }));
    expect(state.sites.get('1001')).toBe(first.sites.get('1001'));
    expect(state.sites.get('1002')).not.toBe(first.sites.get('1002'));
    expect(state.registry).toBe(first.registry);
    expect(state.incidents).toBe(first.incidents);
  });

  it('keeps the place of a site of the registry that everybody has left', () => {
    const workstations = [station(0, '1001')];
    const first = reduceLive(nothingKnown, snapshotOf({ workstations, sites: [siteOf('1001')] }));
    const delta = deltaOf(2, { removed: [0] });
    expect(reduceLive(first.state, delta).state.sites.get('1001')).toEqual([]);
    const gone = deltaOf(2, { removed: [0], removedSites: ['1001'] });
    expect(reduceLive(first.state, gone).state.sites.has('1001')).toBe(false);
  });
});
