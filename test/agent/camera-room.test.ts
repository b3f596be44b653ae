import { describe, expect, it } from 'vitest';
import { judgeAll, type CameraFacts } from '@ppe-pulse/protocol';
import { CameraRoom } from '../../agent/src/probes/camera/camera-room.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function roomOf(...devices: readonly number[]): CameraRoom {
  const room = new CameraRoom();
  for (const each of devices) room.join(each);
  return room;
}

/** What the check says of an outage. */
function judged(outageMs: number) {
  const facts: CameraFacts = {
    transport: 'tcp',
    state: 'streaming',
    lossRatio: 0,
    picture: 'moving',
    outageMs,
    isOtherStreaming: false,
  };
  const verdicts = judgeAll({
    role: 'video',
    readings: new Map(),
    families: new Map(),
    observations: [
      { subject: 'camera', device: 1, last: { facts: { subject: 'camera', facts }, atMs: 0 } },
    ],
    nowMs: 0,
  });
  return verdicts.find(({ id }) => id === 'camera.1.outage');
}

describe('a room', () => {
  it('has video while any of its cameras streams', () => {
    const room = roomOf(1, 2);
    room.report(1, true, 0);
    room.report(2, true, 0);
    room.report(1, false, 10_000);
    expect(room.outageMs(60_000)).toBe(0);
    expect([room.isOtherStreaming(1), room.isOtherStreaming(2)]).toEqual([true, false]);
    room.report(2, false, 60_000);
    expect(room.outageMs(90_000)).toBe(30_000);
    room.report(1, true, 100_000);
    expect(room.outageMs(500_000)).toBe(40_000);
  });

  it('is not dark while one of its cameras was not looked at yet', () => {
    const room = roomOf(1, 2);
    room.report(1, false, 5_000);
    expect(room.outageMs(65_000)).toBe(0);
    room.report(2, true, 65_000);
    expect(room.outageMs(70_000)).toBe(0);
    const other = roomOf(1, 2);
    other.report(1, false, 5_000);
    other.report(2, false, 9_000);
    expect(other.outageMs(19_000)).toBe(10_000);
  });

  it('is dark from the moment when its last camera stopped, however late that was noticed', () => {
    const room = roomOf(1, 2);
    room.report(1, true, 0);
    room.report(2, true, 0);
    // Noticed the other way round.
    room.report(2, false, 10_000);
    room.report(1, false, 8_000);
    expect(room.outageMs(20_000)).toBe(10_000);
    room.report(1, false, 8_000);
    room.report(2, false, 10_000);
    expect(room.outageMs(30_000)).toBe(20_000);
  });

  it('adds its outages up', () => {
    const room = roomOf(1);
    for (let minute = 0; minute < 20; minute += 2) {
      room.report(1, true, minute * MINUTE);
      room.report(1, false, (minute + 1) * MINUTE);
    }
    room.report(1, true, 20 * MINUTE);
    expect(room.outageMs(30 * MINUTE)).toBe(10 * MINUTE);
    expect(room.isOtherStreaming(1)).toBe(false);
  });

  it('begins another day after cameras were off for a night, and not after a long outage', () => {
    const room = roomOf(1);
    room.report(1, true, 0);
    room.report(1, false, HOUR);
    room.report(1, true, 7 * HOUR);
    expect(room.outageMs(8 * HOUR)).toBe(6 * HOUR);
    room.report(1, false, 10 * HOUR);
    expect(room.outageMs(20 * HOUR)).toBe(16 * HOUR);
    room.report(1, true, 24 * HOUR);
    expect(room.outageMs(24 * HOUR)).toBe(0);
    room.report(1, false, 25 * HOUR);
    expect(room.outageMs(25 * HOUR + MINUTE)).toBe(MINUTE);
  });

  it.each([
    [5 * MINUTE - 1, 'ok', 'ok'],
    [5 * MINUTE, 'warn', 'outage'],
    [15 * MINUTE - 1, 'warn', 'outage'],
    [15 * MINUTE, 'fail', 'outage'],
    [20 * MINUTE, 'fail', 'outageCritical'],
  ])('without video for %d ms is %s', (outageMs, verdict, reason) => {
    expect(judged(outageMs)).toMatchObject({
      verdict,
      reason,
      evidence: { value: Math.round(outageMs / 1_000), criticalMs: 20 * MINUTE },
    });
  });
});
