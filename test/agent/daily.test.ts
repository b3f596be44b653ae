import { describe, expect, it } from 'vitest';
import { dailyTimeOf, everyDay, nextDaily } from '../../agent/src/schedule/daily.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const HOUR_MS = 3_600_000;
const at = (day: number, hour: number, minute: number): number =>
  new Date(2026, 4, day, hour, minute).getTime();

function setUp(startMs: number) {
  const timers = new VirtualTimers();
  const times: number[] = [];
  let setByMs = 0;
  const nowMs = (): number => startMs + timers.nowMs + setByMs;
  const daily = everyDay({ hour: 3, minute: 17 }, () => times.push(nowMs()), { timers, nowMs });
  return { timers, times, daily, setClockBy: (ms: number) => (setByMs += ms) };
}

describe('a time of every day', () => {
  it('is read from the cron expressions that name one, and from no other', () => {
    expect(dailyTimeOf('17 3 * * *')).toEqual({ hour: 3, minute: 17 });
    expect(dailyTimeOf(' 0  23 * * * ')).toEqual({ hour: 23, minute: 0 });
    for (const other of ['60 3 * * *', '0 24 * * *', '*/5 * * * *', '0 3 * * 1', '0 0 3 * * *', ''])
      expect(dailyTimeOf(other)).toBeUndefined();
  });

  it('comes today or tomorrow, by local time, and is always ahead', () => {
    const time = { hour: 3, minute: 17 };
    expect(nextDaily(time, at(5, 3, 16))).toBe(at(5, 3, 17));
    expect(nextDaily(time, at(5, 3, 17))).toBe(at(6, 3, 17));
    expect(nextDaily(time, at(31, 12, 0))).toBe(new Date(2026, 5, 1, 3, 17).getTime());
  });

  it('does its work once a day until it is stopped', async () => {
    const { timers, times, daily } = setUp(at(5, 1, 0));
    await timers.advance(50 * HOUR_MS);
    expect(times).toEqual([at(5, 3, 17), at(6, 3, 17)]);
    await timers.advance(HOUR_MS);
    expect(times).toHaveLength(3);
    daily.stop();
    await timers.advance(48 * HOUR_MS);
    expect(times).toHaveLength(3);
  });

  it('makes up at once for a time that was slept through, and does not wait for a clock set back', async () => {
    const { timers, times, setClockBy } = setUp(at(5, 1, 0));
    setClockBy(5 * HOUR_MS);
    await timers.advance(10 * 60_000);
    expect(times).toEqual([at(5, 6, 10)]);
    setClockBy(-72 * HOUR_MS);
    await timers.advance(22 * HOUR_MS);
    expect(times).toHaveLength(2);
  });
});
