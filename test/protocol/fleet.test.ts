import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Fleet,
  allMetrics,
  flipsBetween,
  foldGoodbye,
  foldSilence,
  metricValue,
  noIncidents,
  overviewOf,
  recoveryMs,
  unheard,
  type Flip,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import { beat, check, foldHeartbeat, fresh, placement } from '../support/beats.ts';
import { REHEARSAL_MS, workstationId } from '../support/rows.ts';

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
      incidents: noIncidents,
      planEditing: null,
      rehearsal: null,
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

describe('throughput of the region', () => {
  const rates = (received: number, sent: number) => ({
    'net.rx.bytesPerSecond': received,
    'net.tx.bytesPerSecond': sent,
  });
  const told = (states: readonly WorkstationState[]) =>
    overviewOf(states, {
      nowMs: REHEARSAL_MS,
      dataAgeMs: 0,
      heartbeatsPerSecond: 0,
      backlog: 0,
      warnings: [],
      incidents: noIncidents,
      planEditing: { by: 'admin', sinceMs: REHEARSAL_MS },
      rehearsal: null,
    });
  const hq = unheard(workstationId(1), { ...placement, role: 'hq', roomCode: '7777' });

  it('is the sum over Штабы that are heard, of what they measured of late', () => {
    const one = foldHeartbeat(hq, beat(1, { metrics: rates(1_000, 10) }));
    const two = foldHeartbeat(hq, beat(1, { metrics: rates(500, 5) }));
    const room = foldHeartbeat(fresh, beat(1, { metrics: rates(9_000, 90) }));
    const silent = foldSilence(two, 60 * 60_000);
    const mute = foldHeartbeat(hq, beat(1));
    const sum = { rxBytesPerSecond: 1_500, txBytesPerSecond: 15, stations: 2 };
    expect(told([one, two, room, mute, hq]).throughput).toEqual(sum);
    expect(told([one, silent]).throughput).toMatchObject({ rxBytesPerSecond: 1_000, stations: 1 });
    // Rates come less often than heartbeats: one of half a minute ago counts, one of long ago does not.
    const later = (atMs: number) => foldHeartbeat(one, beat(2, { atMs: REHEARSAL_MS + atMs }));
    expect(told([later(35_000)]).throughput.stations).toBe(1);
    expect(told([later(300_000)]).throughput.stations).toBe(0);
  });

  it('stands beside who edits the plan', () => {
    expect(told([]).planEditing).toEqual({ by: 'admin', sinceAt: '2024-05-15T02:42:00.000Z' });
  });
});

describe('fleet', () => {
  const id = workstationId(1);
  const at = (monotonicMs: number) => ({ wallMs: REHEARSAL_MS + monotonicMs, monotonicMs });

  function listening(hasRestarted = false): Fleet {
    const fleet = new Fleet({ now: at(0), hasRestarted, intervalMs: 5_000 });
    fleet.place(id, placement, null, at(0));
    return fleet;
  }

  /** Sweeps twice a second until a moment, from another. */
  function sweep(fleet: Fleet, fromMs: number, toMs: number): Flip[] {
    const flips: Flip[] = [];
    for (let nowMs = fromMs; nowMs <= toMs; nowMs += 500) flips.push(...fleet.sweep(at(nowMs)));
    return flips;
  }

  it('raises no flip of a backlog or of what came by flash drive, whatever they say', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            seq: fc.integer({ min: 1, max: 400 }),
            boot: fc.constantFrom('00000000000000b1', '00000000000000b0'),
            delivery: fc.constantFrom('backlog' as const, 'carried' as const),
            verdict: fc.constantFrom('ok' as const, 'warn' as const, 'fail' as const),
          }),
        ),
        fc.boolean(),
        (late, wasHeard) => {
          const fleet = listening();
          if (wasHeard) fleet.take(beat(200), at(1_000_000));
          const before = fleet.get(id);
          for (const { seq, boot, delivery, verdict } of late) {
            const verdicts = [check('net.rtt', verdict), check('pc.cpu', verdict)];
            const taken = beat(seq, { bootId: boot, delivery, verdicts });
            expect(fleet.take(taken, at(1_000_100))).toEqual([]);
          }
          const after = fleet.get(id);
          expect(after?.standing).toEqual(before?.standing);
          expect([after?.lastSeenMs, after?.seq]).toEqual([before?.lastSeenMs, before?.seq]);
        },
      ),
      { seed: 49 },
    );
  });

  it('shows a clone as a failure beside everything else, and forgets it when it stays away', () => {
    const fleet = listening();
    fleet.take(beat(1), at(5_000));
    const cloned = fleet.cloned(id, '00000000000000b2', at(6_000));
    expect(cloned).toMatchObject([{ checkId: 'clone', from: 'ok', to: 'fail', reason: 'cloned' }]);
    expect(fleet.cloned(id, '00000000000000b2', at(6_500))).toEqual([]);
    expect(fleet.take(beat(2), at(10_000))).toEqual([]);
    expect(fleet.get(id)).toMatchObject({
      standing: { verdict: 'fail', reason: 'cloned' },
      problems: [{ id: 'clone' }],
      clone: { bootIds: ['00000000000000b2'] },
    });
    let healed: Flip[] = [];
    for (let seq = 3; healed.length === 0 && seq < 200; seq += 1) {
      fleet.take(beat(seq), at(seq * 5_000));
      healed = sweep(fleet, seq * 5_000, seq * 5_000 + 4_500);
    }
    expect(healed).toMatchObject([{ checkId: 'clone', to: 'ok' }]);
    expect(fleet.get(id)?.clone).toBeNull();
  });

  it('goes on after a restart where it was, and calls silent who does not come back', () => {
    const first = listening();
    first.take(beat(1, { verdicts: [check('net.rtt', 'warn')] }), at(5_000));
    const state = first.get(id);
    if (!state) throw new Error('the workstation is not there');
    const kept = first.remembered(state, at(8_000));
    const remembered = { ...kept, lastSeenAtMs: state.lastSeenAtMs, silentForMs: 3_000 };
    const second = new Fleet({ now: at(90_000_000), hasRestarted: true, intervalMs: 5_000 });
    second.place(id, placement, remembered, at(90_000_000));
    expect(second.get(id)?.standing.verdict).toBe('warn');
    const backMs = 90_000_000 + recoveryMs(5_000);
    expect([second.isRecovering, sweep(second, 90_000_000, backMs - 500)]).toEqual([true, []]);
    expect(sweep(second, backMs, backMs + 1_000)).toMatchObject([
      { checkId: 'heartbeat', from: 'ok', to: 'unknown', reason: 'silent' },
    ]);
    expect(second.isRecovering).toBe(false);
  });

  it('judges nobody while its owner doubts its own line', () => {
    const fleet = listening();
    fleet.take(beat(1), at(5_000));
    fleet.doubt(true);
    expect(sweep(fleet, 5_000, 60_000)).toEqual([]);
    fleet.doubt(false);
    expect(fleet.sweep(at(60_500))).toMatchObject([{ to: 'unknown' }]);
  });
});
