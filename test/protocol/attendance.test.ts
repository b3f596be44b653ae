import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Attendance } from '@ppe-pulse/protocol';

const PERIOD_MS = 5_000;
const ID = 'w-0000000000000001';

/** Hears boots as they beat, on time. */
function hears(attendance: Attendance, boot: string, atMs: number) {
  return attendance.heard(ID, boot, atMs, atMs);
}

describe('attendance', () => {
  it('takes a boot for the successor once the one before was silent for two periods', () => {
    const attendance = new Attendance(PERIOD_MS);
    attendance.joined(ID, 'old', 0);
    hears(attendance, 'old', 5_000);
    attendance.joined(ID, 'new', 7_000);
    expect(hears(attendance, 'new', 12_000)).toEqual({ kind: 'contested' });
    expect(attendance.current(ID)).toBe('old');
    expect(hears(attendance, 'new', 17_000)).toEqual({ kind: 'current', gone: ['old'] });
    expect(hears(attendance, 'new', 22_000)).toEqual({ kind: 'current', gone: [] });
    expect(attendance.current(ID)).toBe('new');
  });

  it('takes a boot for the successor at once when the socket of the one before is closed', () => {
    const attendance = new Attendance(PERIOD_MS);
    attendance.joined(ID, 'old', 0);
    attendance.joined(ID, 'new', 1_000);
    attendance.left(ID, 'old');
    expect(hears(attendance, 'new', 2_000)).toEqual({ kind: 'current', gone: [] });
    attendance.left(ID, 'new');
    expect(attendance.current(ID)).toBeUndefined();
  });

  it('calls a copied image a clone: the older is alive after the newer came', () => {
    const attendance = new Attendance(PERIOD_MS);
    attendance.joined(ID, 'original', 0);
    attendance.joined(ID, 'copy', 6_000);
    expect(hears(attendance, 'copy', 8_000)).toEqual({ kind: 'contested' });
    expect(hears(attendance, 'original', 10_000)).toEqual({ kind: 'cloned', boots: ['copy'] });
    expect(hears(attendance, 'original', 15_000)).toEqual({ kind: 'current', gone: [] });
  });

  it('does not forget a copy when the original comes again on a new socket', () => {
    const attendance = new Attendance(PERIOD_MS);
    attendance.joined(ID, 'original', 0);
    attendance.joined(ID, 'copy', 1_000);
    attendance.joined(ID, 'original', 3_000);
    expect(hears(attendance, 'original', 5_000)).toEqual({ kind: 'cloned', boots: ['copy'] });
  });

  it('tells three PCs with one key apart', () => {
    const attendance = new Attendance(PERIOD_MS);
    attendance.joined(ID, 'a', 0);
    attendance.joined(ID, 'b', 100);
    attendance.joined(ID, 'c', 200);
    expect(hears(attendance, 'a', 5_000)).toEqual({ kind: 'cloned', boots: ['b', 'c'] });
  });

  it('takes heartbeats that were on their way, or lay in a buffer, for no proof', () => {
    const attendance = new Attendance(PERIOD_MS);
    attendance.joined(ID, 'old', 0);
    attendance.joined(ID, 'new', 40_000);
    // A frozen listener wakes at 40 s: what the old boot produced before is read after the new came.
    for (const producedMs of [5_000, 10_000, 40_900])
      expect(attendance.heard(ID, 'old', producedMs, 42_000).kind).not.toBe('cloned');
    expect(attendance.current(ID)).toBe('new');
    expect(hears(attendance, 'new', 45_000)).toEqual({ kind: 'current', gone: ['old'] });
  });

  it('sees a PC that was only away for a while as a clone of the one that took its place', () => {
    const attendance = new Attendance(PERIOD_MS);
    attendance.joined(ID, 'original', 0);
    attendance.joined(ID, 'copy', 20_000);
    expect(attendance.current(ID)).toBe('copy');
    hears(attendance, 'copy', 25_000);
    expect(hears(attendance, 'original', 27_000)).toEqual({ kind: 'contested' });
    expect(hears(attendance, 'copy', 30_000)).toEqual({ kind: 'cloned', boots: ['original'] });
  });

  it('takes a PC that restarts again and again within two periods for no clone', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ aliveMs: fc.integer({ min: 200, max: 40_000 }), deadMs: fc.nat(9_000) }),
          {
            minLength: 2,
            maxLength: 20,
          },
        ),
        fc.boolean(),
        (lives, saysSo) => {
          const attendance = new Attendance(PERIOD_MS);
          let nowMs = 0;
          for (const [at, { aliveMs, deadMs }] of lives.entries()) {
            const boot = `boot ${at}`;
            attendance.joined(ID, boot, nowMs);
            let last: string = 'nothing';
            for (let beatMs = nowMs + 100; beatMs < nowMs + aliveMs; beatMs += PERIOD_MS) {
              const { kind } = hears(attendance, boot, beatMs);
              expect(kind).not.toBe('cloned');
              // Shown with its third heartbeat at the latest: two periods, and one.
              if (beatMs > nowMs + 3 * PERIOD_MS) expect(kind).toBe('current');
              last = kind;
            }
            expect(['current', 'contested', 'nothing']).toContain(last);
            nowMs += aliveMs + deadMs;
            if (saysSo) attendance.left(ID, boot);
          }
        },
      ),
      { seed: 46 },
    );
  });

  it('finds any two PCs that beat side by side within three periods', () => {
    fc.assert(
      fc.property(
        fc.nat(30_000),
        fc.nat(PERIOD_MS - 1),
        fc.nat(PERIOD_MS - 1),
        (joinMs, phaseA, phaseB) => {
          const attendance = new Attendance(PERIOD_MS);
          attendance.joined(ID, 'a', 0);
          const beats: [number, string][] = [];
          for (let beat = 0; beat < 12; beat += 1) {
            beats.push([phaseA + beat * PERIOD_MS, 'a']);
            beats.push([joinMs + phaseB + beat * PERIOD_MS, 'b']);
          }
          let foundMs = Number.POSITIVE_INFINITY;
          let hasJoined = false;
          for (const [atMs, boot] of beats.toSorted(([one], [other]) => one - other)) {
            if (!hasJoined && atMs >= joinMs) {
              attendance.joined(ID, 'b', joinMs);
              hasJoined = true;
            }
            const hearing = hears(attendance, boot, atMs);
            if (hearing.kind !== 'cloned') continue;
            expect(hearing.boots).toEqual(['b']);
            foundMs = Math.min(foundMs, atMs);
          }
          expect(foundMs).toBeLessThanOrEqual(Math.max(joinMs, PERIOD_MS) + 3 * PERIOD_MS);
        },
      ),
      { seed: 47 },
    );
  });
});
