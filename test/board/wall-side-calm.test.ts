import { describe, expect, it } from 'vitest';
import { nothingKnown, type LiveState, type Overview } from '@ppe-pulse/protocol';
import { calmOf } from '../../board/src/wall-side/calm-facts.ts';
import { keeping } from '../../board/src/wall-side/use-kept.ts';
import { BOARD_MS, incidentOf, noCameras, overviewOf, siteOf } from '../support/board-page.ts';

const zero = { ok: 0, warn: 0, fail: 0, unknown: 0, silentByRule: 0, notInvolved: 0 };

function stateOf(part: Partial<Overview> = {}, rest: Partial<LiveState> = {}): LiveState {
  const overview = overviewOf({
    workstations: {
      planned: 20,
      seen: 20,
      notYetHeard: 0,
      unplanned: 0,
      simulated: 0,
      byVerdict: { ...zero, ok: 12, silentByRule: 8 },
    },
    ...part,
  });
  const rooms = [
    { code: '0001', isDone: false },
    { code: '0002', isDone: true },
  ];
  return {
    ...nothingKnown,
    seq: 1,
    serverTimeMs: BOARD_MS,
    dataAgeMs: 400,
    overview,
    registry: new Map([
      ['4216', { ...siteOf('4216'), rooms }],
      ['4217', { ...siteOf('4217'), rooms, isInvolved: false }],
    ]),
    ...rest,
  };
}

const doubtsOf = (state: LiveState, freshness: 'live' | 'stale' | 'lost' = 'live') => {
  const calm = calmOf(state, freshness);
  return calm.kind === 'notCalm' ? calm.doubts.map(({ why }) => why) : calm.kind;
};
const workstations = (part: object, notYetHeard = 0): Partial<Overview> => ({
  workstations: {
    ...overviewOf().workstations,
    notYetHeard,
    byVerdict: { ...zero, ok: 10, ...part },
  },
});

describe('calm', () => {
  it('says what was looked at, and when', () => {
    expect(calmOf(stateOf(), 'live')).toEqual({
      kind: 'calm',
      checked: {
        sites: 1,
        rooms: 2,
        cameras: { on: 0, planned: 0, byRule: 0 },
        heard: 12,
        silentByRule: 8,
        owed: null,
        atMs: BOARD_MS,
      },
    });
  });

  it('is not spoken of while an incident is open', () => {
    const incidents = new Map([['i-1', incidentOf(1)]]);
    expect(calmOf(stateOf({}, { incidents }), 'live').kind).toBe('incidents');
  });

  it.each([
    ['nothing came yet', nothingKnown, ['noData']],
    ['nobody was ever heard', stateOf({}, { dataAgeMs: null }), ['noData']],
    [
      'there are no workstations',
      stateOf({ workstations: { ...overviewOf().workstations, byVerdict: zero } }),
      ['noData'],
    ],
    ['the newest heartbeat is old', stateOf({}, { dataAgeMs: 15_001 }), ['oldData']],
    ['the collector doubts itself', stateOf({ warnings: ['cutOff'] }), ['collector']],
    ['a workstation fails', stateOf(workstations({ fail: 1 })), ['failing']],
    ['a workstation is amber', stateOf(workstations({ warn: 1 })), ['failing']],
    ['a workstation is not heard', stateOf(workstations({ unknown: 3 })), ['unheard']],
    ['one was never heard', stateOf(workstations({}, 2)), ['neverHeard']],
  ] as const)('is not said when %s', (_, state, why) => {
    expect(doubtsOf(state)).toEqual(why);
  });

  it.each(['stale', 'lost'] as const)('is not said of a picture that is %s', (freshness) => {
    expect(doubtsOf(stateOf(), freshness)).toEqual(['oldData']);
  });

  it('is not said while a stage is late, blind, or claimed against the devices', () => {
    const stage = {
      stage: 'printing',
      track: 'written',
      done: 1,
      total: 2,
      unknown: 0,
      late: 0,
      verdict: 'ok',
      reason: 'notDue',
      reachedAtMs: null,
      dueAtMs: null,
      isMismatch: false,
    } as const;
    for (const part of [{ late: 1 }, { unknown: 1 }, { isMismatch: true }])
      expect(doubtsOf(stateOf({ stages: [{ ...stage, ...part }] }))).toEqual(['stages']);
    expect(doubtsOf(stateOf({ stages: [stage] }))).toBe('calm');
  });

  it('is not said while video is required and a camera is missing', () => {
    const cameras = { ...noCameras, planned: 40, on: 38 };
    const of = (phase: 'opening' | 'preparation', part: object = {}) =>
      doubtsOf(
        stateOf({
          ...workstations({}),
          cameras: { ...cameras, ...part },
          rehearsal: {
            planId: 'p',
            planVersion: 1,
            title: '',
            nowAt: '2024-05-15T09:36:00+07:00',
            speed: 1,
            isSimulated: false,
            phase,
            opensAt: '2024-05-15T08:00:00+07:00',
            closesAt: '2024-05-15T18:40:00+07:00',
            agentsBehind: 0,
          },
        }),
      );
    expect(of('opening')).toEqual(['cameras']);
    expect(of('opening', { on: 40 })).toBe('calm');
    expect(of('preparation')).toBe('calm');
    // Nobody watches cameras there: that is no news of this minute.
    expect(of('opening', { on: 0 })).toBe('calm');
  });

  it('does not ask for cameras that are watched from PCs that the plan has silenced, and for all others', () => {
    const quiet = (part: object) =>
      doubtsOf(
        stateOf({
          cameras: { ...noCameras, planned: 40, on: 30, ...part },
          ...workstations({ silentByRule: 5 }),
          rehearsal: {
            planId: 'p',
            planVersion: 1,
            title: '',
            nowAt: '2024-05-15T09:42:00+07:00',
            speed: 1,
            isSimulated: false,
            phase: 'opening',
            opensAt: '2024-05-15T08:00:00+07:00',
            closesAt: '2024-05-15T18:40:00+07:00',
            agentsBehind: 0,
          },
        }),
      );
    expect(quiet({ byRule: 10 })).toBe('calm');
    expect(quiet({ byRule: 9 })).toEqual(['cameras']);
    expect(quiet({ byRule: 9, off: 1 })).toEqual(['cameras']);
    // One PC that is silent by rule excuses nobody else's cameras.
    expect(quiet({})).toEqual(['cameras']);
    expect(quiet({ on: 0, byRule: 40 })).toBe('calm');
  });

  it('does not end for a setting that nobody made', () => {
    expect(doubtsOf(stateOf({ warnings: ['noWebhooks', 'listensWithoutTls'] }))).toBe('calm');
  });
});

describe('a part of the picture that is computed', () => {
  it('is computed once a picture, and stays the same object while it looks the same', () => {
    let computed = 0;
    const select = keeping(
      (value: { readonly n: number }) => {
        computed += 1;
        return { tens: Math.floor(value.n / 10) };
      },
      (a, b) => a.tens === b.tens,
    );
    const [one, two, three] = [{ n: 11 }, { n: 12 }, { n: 23 }];
    const first = select(one);
    expect(select(one)).toBe(first);
    expect(computed).toBe(1);
    expect(select(two)).toBe(first);
    expect(select(three)).toEqual({ tens: 2 });
    expect(select(three)).not.toBe(first);
  });

  it('is not computed again before it is due', () => {
    let computed = 0;
    const select = keeping(
      ({ n }: { readonly n: number }) => {
        computed += 1;
        return n;
      },
      (a, b) => a === b,
      (before, now) => now.n - before.n >= 10,
    );
    expect([1, 2, 9, 11, 12, 21].map((n) => select({ n }))).toEqual([1, 1, 1, 11, 11, 21]);
    expect(computed).toBe(3);
  });
});
