import type { Timers } from '@ppe-pulse/protocol';

/** A time of every day, by the clock of the PC. */
export interface DailyTime {
  readonly hour: number;
  readonly minute: number;
}

/** What it waits with. */
interface DailyParts {
  readonly timers: Timers;
  /** The clock of the PC, ms since 1970 UTC. */
  readonly nowMs: () => number;
}

/** The longest that is waited at once: clocks are set and PCs sleep meanwhile. */
const LOOK_MS = 10 * 60_000;
/** `17 3 * * *`: minute and hour, every day. */
const DAILY = /^\s*(\d{1,2})\s+(\d{1,2})\s+\*\s+\*\s+\*\s*$/;

/** The time of day that a cron expression names every day; undefined for any other expression. */
export function dailyTimeOf(cron: string): DailyTime | undefined {
  const [, minuteText, hourText] = DAILY.exec(cron) ?? [];
  const [minute, hour] = [Number(minuteText), Number(hourText)];
  return minute <= 59 && hour <= 23 ? { hour, minute } : undefined;
}

/** When that time comes next, ms since 1970 UTC: later than now, by the local time of this process. */
export function nextDaily({ hour, minute }: DailyTime, nowMs: number): number {
  const today = new Date(nowMs);
  const at = new Date(today.getFullYear(), today.getMonth(), today.getDate(), hour, minute);
  if (at.getTime() <= nowMs) at.setDate(at.getDate() + 1);
  return at.getTime();
}

/**
 * Calls `work` at that time of every day until it is stopped. Looks at the clock now and then, so a
 * clock that is set does not make it wait for a time that has become another one; a time that was
 * slept through is made up for at once.
 */
export function everyDay(time: DailyTime, work: () => void, by: DailyParts): { stop(): void } {
  let dueMs = nextDaily(time, by.nowMs());
  let timer: unknown;
  const look = (): void => {
    const nowMs = by.nowMs();
    const isDue = nowMs >= dueMs;
    // A clock that was set back must not keep it from its days for long.
    dueMs = isDue ? nextDaily(time, nowMs) : Math.min(dueMs, nextDaily(time, nowMs));
    timer = by.timers.set(look, Math.min(dueMs - nowMs, LOOK_MS));
    if (isDue) work();
  };
  look();
  return { stop: () => by.timers.clear(timer) };
}
