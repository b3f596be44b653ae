import { describe, expect, it } from 'vitest';
import { systemTimers } from '../../agent/src/platform/timers.ts';

describe('timers of the system', () => {
  it('tell how late the latest of them was, once', async () => {
    const timers = systemTimers();
    const ran = Promise.all(
      [5, 10, 60].map((ms) => new Promise<void>((resolve) => timers.set(resolve, ms))),
    );
    const untilMs = performance.now() + 50;
    // The loop is busy: what is due at 5 ms is 45 late.
    while (performance.now() < untilMs);
    await ran;
    expect(timers.takeLatenessMs()).toBeGreaterThanOrEqual(44);
    expect(timers.takeLatenessMs()).toBe(0);
  });

  it('are not late where they were cleared', async () => {
    const timers = systemTimers();
    let ran = 0;
    timers.clear(timers.set(() => (ran += 1), 1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ran).toBe(0);
    expect(timers.takeLatenessMs()).toBe(0);
  });
});
