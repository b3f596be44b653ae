import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ClockMapping,
  LiveFeed,
  allMetrics,
  flipsBetween,
  foldGoodbye,
  foldHeartbeat as fold,
  foldSilence,
  isClosed,
  metricValue,
  overviewOf,
  rangesOf,
  unheard,
  type CheckVerdict,
  type Placement,
  type TakenHeartbeat,
  type ToBoard,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import {
  afterGrant,
  afterReturn,
  dueKind,
  grantable,
  noSlots,
  type SlotPolicy,
} from '../../server/src/gateway/slots.ts';
import { nothingKnown, reduce } from '../../board/src/live/reduce.ts';
import { REHEARSAL_MS, workstationId } from '../support/rows.ts';

const placement: Placement = {
  siteCode: '0042',
  roomCode: '0001',
  role: 'organizer',
  duty: 'main',
  simulated: false,
};
const inventory = {
  platform: 'linux',
  arch: 'x64',
  osRelease: '6',
  cpuCores: 2,
  ramBytes: 1,
  runtime: 'node',
};
const check = (id: string, verdict: CheckVerdict['verdict']): CheckVerdict => ({
  id,
  verdict,
  reason: verdict === 'ok' ? 'ok' : 'high',
  evidence: {},
  ageMs: 0,
});

function beat(seq: number, part: Partial<TakenHeartbeat> = {}): TakenHeartbeat {
  return {
    workstationId: workstationId(1),
    bootId: '00000000000000b1',
    seq,
    delivery: 'live',
    relayId: null,
    wallMs: REHEARSAL_MS + seq * 5_000,
    monotonicMs: seq * 5_000,
    atMs: REHEARSAL_MS + seq * 5_000,
    takenAtMs: REHEARSAL_MS + seq * 5_000 + 20,
    takenMonotonicMs: seq * 5_000,
    clockOffsetMs: 0,
    intervalMs: 5_000,
    agentVersion: '0.1.0',
    inventory,
    mode: 'prep',
    journalLag: 0,
    journalDropped: 0,
    metrics: { 'net.rtt.ms': seq },
    verdicts: [check('net.rtt', 'ok')],
    ...part,
  };
}

const fresh = unheard(workstationId(1), placement);
const foldHeartbeat = (state: WorkstationState, taken: TakenHeartbeat): WorkstationState =>
  fold(state, taken, taken.takenMonotonicMs);

describe('fold of a workstation', () => {
  it('goes from not yet heard to ok, and the flip says so', () => {
    const heard = foldHeartbeat(fresh, beat(1));
    expect([fresh.standing.reason, heard.standing.verdict]).toEqual(['notYetHeard', 'ok']);
    expect(
      flipsBetween(fresh, heard, 7).map(({ checkId, from, to }) => [checkId, from, to]),
    ).toEqual([
      ['heartbeat', 'unknown', 'ok'],
      ['net.rtt', 'unknown', 'ok'],
    ]);
    expect(flipsBetween(heard, foldHeartbeat(heard, beat(2)), 7)).toEqual([]);
  });

  it('finds flips also when checks come in another order', () => {
    const before = foldHeartbeat(
      fresh,
      beat(1, { verdicts: [check('net.rtt', 'ok'), check('pc.cpu', 'ok')] }),
    );
    const after = foldHeartbeat(
      before,
      beat(2, { verdicts: [check('pc.cpu', 'fail'), check('net.rtt', 'ok')] }),
    );
    expect(flipsBetween(before, after, 7)).toMatchObject([
      { checkId: 'pc.cpu', from: 'ok', to: 'fail', reason: 'high' },
    ]);
    expect(after.standing).toEqual({ verdict: 'fail', reason: 'high' });
  });

  it('takes readings of late heartbeats where it has none, and nothing else of them', () => {
    const now = foldHeartbeat(fresh, beat(10));
    const late = beat(3, {
      delivery: 'backlog',
      metrics: { 'net.rtt.ms': 3, 'net.down.bytesPerSecond': 9 },
      verdicts: [check('net.rtt', 'fail')],
    });
    const after = foldHeartbeat(now, late);
    expect(metricValue(after.metrics, 'net.rtt.ms')?.value).toBe(10);
    expect(metricValue(after.metrics, 'net.down.bytesPerSecond')).toEqual({
      value: 9,
      atMs: late.atMs,
    });
    expect(after.standing).toEqual(now.standing);
    expect(flipsBetween(now, after, 7)).toEqual([]);
    expect(foldHeartbeat(now, beat(2, { delivery: 'backlog' }))).toBe(now);
  });

  it('keeps the last value of a metric that comes rarely', () => {
    const first = foldHeartbeat(
      fresh,
      beat(1, { metrics: { 'net.rtt.ms': 1, 'net.down.bytesPerSecond': 100 } }),
    );
    const third = foldHeartbeat(foldHeartbeat(first, beat(2)), beat(3));
    expect(
      Object.fromEntries(allMetrics(third.metrics).map(([id, { value }]) => [id, value])),
    ).toEqual({ 'net.rtt.ms': 3, 'net.down.bytesPerSecond': 100 });
  });

  it('falls silent in steps, by the collector’s clock only, and once', () => {
    const heard = foldHeartbeat(fresh, beat(1));
    expect(foldSilence(heard, 15_000)).toBe(heard);
    const late = foldSilence(heard, 15_002);
    expect(late.standing).toEqual({ verdict: 'warn', reason: 'late' });
    expect(foldSilence(late, 20_000)).toBe(late);
    const silent = foldSilence(late, 35_002);
    expect(silent.standing).toEqual({ verdict: 'unknown', reason: 'silent' });
    expect(foldSilence(silent, 1e9)).toBe(silent);
    expect(foldHeartbeat(silent, beat(20)).standing.verdict).toBe('ok');
  });

  it('is unknown and not failed after a goodbye, and back with the next heartbeat', () => {
    const gone = foldGoodbye(foldHeartbeat(fresh, beat(1)), { reason: 'shutdown' }, 6_000);
    expect(gone.standing).toEqual({ verdict: 'unknown', reason: 'saidGoodbye' });
    expect(foldSilence(gone, 1e9)).toBe(gone);
    expect(foldHeartbeat(gone, beat(1, { bootId: 'c'.repeat(16) })).standing.verdict).toBe('ok');
    expect(foldGoodbye(fresh, { reason: 'shutdown' }, 6_000)).toBe(fresh);
  });
});

describe('overview', () => {
  it('counts by verdict and takes the worst for a ППЭ', () => {
    const ok = foldHeartbeat(fresh, beat(1));
    const bad = {
      ...foldHeartbeat(fresh, beat(1, { verdicts: [check('pc.cpu', 'fail')] })),
      id: workstationId(2),
    };
    const other = unheard(workstationId(3), {
      ...placement,
      siteCode: '0043',
      simulated: true,
    });
    const overview = overviewOf([ok, bad, other], {
      nowMs: REHEARSAL_MS,
      dataAgeMs: 12.4,
      heartbeatsPerSecond: 0.44,
      backlog: 1,
      warnings: [],
    });
    expect(overview).toMatchObject({
      at: '2024-05-15T02:42:00.000Z',
      dataAgeMs: 12,
      workstations: {
        planned: 3,
        seen: 2,
        simulated: 1,
        byVerdict: { ok: 1, fail: 1, unknown: 1 },
      },
      sites: { total: 2, byVerdict: { fail: 1, unknown: 1, ok: 0 } },
      ingest: { heartbeatsPerSecond: 0.4, backlog: 1 },
    });
  });
});

describe('live feed', () => {
  it('gives a board that follows the deltas the same picture as a new snapshot', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.nat(4), fc.constantFrom<CheckVerdict['verdict']>('ok', 'warn', 'fail')),
          { maxLength: 40 },
        ),
        (steps) => {
          const states = new Map(
            Array.from({ length: 5 }, (_, at) => [
              workstationId(at + 1),
              unheard(workstationId(at + 1), placement),
            ]),
          );
          const counts = { ok: 0, warn: 0, fail: 0, unknown: 0, silentByRule: 0, notInvolved: 0 };
          const overview = overviewOf([], {
            nowMs: 0,
            dataAgeMs: null,
            heartbeatsPerSecond: 0,
            backlog: 0,
            warnings: [],
          });
          const feed = new LiveFeed({
            all: () => states.values(),
            overview: () => ({
              ...overview,
              workstations: { ...overview.workstations, byVerdict: counts },
            }),
            wallMs: () => REHEARSAL_MS,
            dataAgeMs: () => 1,
          });
          const read = (frame: string | undefined): ToBoard[] =>
            frame === undefined ? [] : [JSON.parse(frame) as ToBoard];
          let board = reduce(nothingKnown, read(feed.snapshot())[0] as ToBoard).state;
          for (const [at, [index, verdict]] of steps.entries()) {
            const id = workstationId(index + 1);
            const state = foldHeartbeat(
              states.get(id) ?? fresh,
              beat(at + 1, {
                workstationId: id,
                takenAtMs: REHEARSAL_MS - at,
                verdicts: [check('net.rtt', verdict)],
              }),
            );
            states.set(id, state);
            feed.change(state);
            if (at % 3 === 0)
              for (const frame of read(feed.nextDelta(true))) {
                const reduced = reduce(board, frame);
                expect(reduced.resync).toBe(false);
                board = reduced.state;
              }
          }
          for (const frame of read(feed.nextDelta(true))) board = reduce(board, frame).state;
          const renewed = reduce(nothingKnown, read(feed.snapshot())[0] as ToBoard).state;
          expect(board).toEqual(renewed);
        },
      ),
      { seed: 4_2, numRuns: 60 },
    );
  });
});

describe('clock mapping', () => {
  const frame = (part: object) =>
    ({
      type: 'heartbeat',
      bootId: 'a',
      seq: 1,
      delivery: 'live',
      wallMs: 0,
      monotonicMs: 0,
      mode: 'prep',
      journalLag: 0,
      metrics: {},
      verdicts: [],
      ...part,
    }) as Parameters<ClockMapping['observe']>[0];

  const taken = (wallMs: number, monotonicMs = wallMs) => ({ wallMs, monotonicMs });

  it('puts heartbeats of this boot by the monotonic clock, whatever the wall clock does', () => {
    const mapping = new ClockMapping('a');
    mapping.observe(frame({ monotonicMs: 1_000, wallMs: 5e12 }), taken(100_040));
    mapping.observe(frame({ monotonicMs: 6_000, wallMs: 1 }), taken(105_010));
    expect(
      mapping.at(frame({ monotonicMs: 3_000, wallMs: 9e11, delivery: 'backlog' }), taken(105_010)),
    ).toBe(102_010);
    expect(mapping.at(frame({ monotonicMs: 9_000_000 }), taken(105_010))).toBe(105_010);
  });

  it('is not moved by a step of the listener’s own wall clock', () => {
    const mapping = new ClockMapping('a');
    mapping.observe(frame({ monotonicMs: 1_000 }), taken(1e9, 101_000));
    const step = 3_600_000;
    mapping.observe(frame({ monotonicMs: 6_000 }), taken(1e9 + 5_000 + step, 106_000));
    expect(mapping.at(frame({ monotonicMs: 5_000 }), taken(1e9 + 5_000 + step, 106_000))).toBe(
      1e9 + 4_000 + step,
    );
  });

  it('knows a PC that slept from a line that is slow', () => {
    const slept = new ClockMapping('a');
    slept.observe(frame({ monotonicMs: 1_000, wallMs: 1_000 }), taken(501_000));
    slept.observe(frame({ monotonicMs: 6_000, wallMs: 66_000 }), taken(566_000));
    expect(slept.at(frame({ monotonicMs: 6_000 }), taken(566_000))).toBe(566_000);
    const slow = new ClockMapping('a');
    slow.observe(frame({ monotonicMs: 1_000, wallMs: 1_000 }), taken(501_000));
    slow.observe(frame({ monotonicMs: 6_000, wallMs: 6_000 }), taken(566_000));
    expect(slow.at(frame({ monotonicMs: 6_000 }), taken(566_000))).toBe(506_000);
  });

  it('puts those of an earlier boot by what their sender knows, else by the wall clock', () => {
    const mapping = new ClockMapping('a');
    mapping.observe(frame({ wallMs: 1_000_000 }), taken(400_000));
    const earlier = (part: object) => frame({ bootId: 'b', delivery: 'backlog', ...part });
    expect(mapping.at(earlier({ wallMs: 900_000 }), taken(400_000))).toBe(300_000);
    expect(mapping.at(earlier({ wallMs: 9e12 }), taken(400_000))).toBe(400_000);
    expect(mapping.at(earlier({ wallMs: 9e12, producedAtMs: 250_000 }), taken(400_000))).toBe(
      250_000,
    );
    expect(mapping.clockOffsetMs).toBe(600_000);
  });

  it('opens no day of 1970 for a clock that was never set', () => {
    const nowMs = 1.7e12;
    const mapping = new ClockMapping('a');
    const at = mapping.at(frame({ bootId: 'b', delivery: 'backlog', wallMs: 5 }), taken(nowMs));
    expect(nowMs - at).toBe(90 * 86_400_000);
  });
});

describe('ack ranges', () => {
  it('name exactly the numbers that they were made of', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 80 }),
        (sequences) => {
          const ranges = rangesOf(sequences);
          const named = ranges.flatMap(([from, to]) =>
            Array.from({ length: to - from + 1 }, (_, at) => from + at),
          );
          expect(named).toEqual(sequences.toSorted((a, b) => a - b));
        },
      ),
      { seed: 1 },
    );
  });
});

describe('throughput slots', () => {
  const policy: SlotPolicy = {
    perSiteMs: 600_000,
    concurrent: 2,
    closedFrom: '09:15',
    closedTo: '10:30',
  };
  const candidates = ['1', '2', '3'].map((siteCode) => ({
    workstationId: `w${siteCode}`,
    siteCode,
    kinds: ['download', 'upload'] as const,
  }));
  const at = (nowMs: number, localTime = '08:00') => ({ nowMs, localTime });

  it('go to few at a time, one a ППЭ, and to who waited longest', () => {
    const first = grantable(
      noSlots,
      [...candidates, { workstationId: 'w1b', siteCode: '1', kinds: ['download'] }],
      policy,
      at(0),
    );
    expect(first.map((each) => each.siteCode)).toEqual(['1', '2']);
    let state = noSlots;
    for (const each of first)
      state = afterGrant(state, { ...each, slotId: each.siteCode, expiresAtMs: 15_000 }, 0);
    expect(grantable(state, candidates, policy, at(1_000))).toEqual([]);
    state = afterReturn(state, (slot) => slot.slotId === '1');
    expect(grantable(state, candidates, policy, at(1_000)).map((each) => each.siteCode)).toEqual([
      '3',
    ]);
    state = afterReturn(state, () => true);
    expect(grantable(state, candidates, policy, at(600_000)).map((each) => each.siteCode)).toEqual([
      '3',
      '1',
    ]);
  });

  it('take turns, and skip what an agent cannot do', () => {
    const [candidate] = candidates;
    if (!candidate) throw new Error('no candidate');
    let state = noSlots;
    const kinds = Array.from({ length: 5 }, (_, turn) => {
      const kind = dueKind(state, candidate);
      state = afterGrant(state, { ...candidate, slotId: `${turn}`, expiresAtMs: 1 }, turn);
      return kind;
    });
    expect(kinds).toEqual(['download', 'upload', 'download', 'download', 'download']);
    expect(dueKind(noSlots, { ...candidate, kinds: ['upload'] })).toBe('upload');
    expect(dueKind(noSlots, { ...candidate, kinds: [] })).toBeUndefined();
  });

  it.each([
    ['09:14', false],
    ['09:15', true],
    ['10:29', true],
    ['10:30', false],
  ])('at %s are closed: %s', (localTime, closed) => {
    expect(isClosed(policy, localTime)).toBe(closed);
    expect(grantable(noSlots, candidates, policy, at(0, localTime)).length === 0).toBe(closed);
  });

  it('may be closed over midnight, never, or switched off', () => {
    expect(isClosed({ ...policy, closedFrom: '23:00', closedTo: '01:00' }, '00:30')).toBe(true);
    expect(isClosed({ ...policy, closedFrom: '00:00', closedTo: '00:00' }, '00:00')).toBe(false);
    expect(grantable(noSlots, candidates, { ...policy, perSiteMs: 0 }, at(0))).toEqual([]);
  });
});
