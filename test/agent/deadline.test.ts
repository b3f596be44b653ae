import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DeadlineError, withDeadline } from '../../agent/src/platform/deadline.ts';

describe('a deadline', () => {
  it('gives no timer to what is done before the event loop goes on', async () => {
    const set = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => set.mockRestore());
    expect(await withDeadline('a file', 1_000, () => Promise.resolve(1))).toBe(1);
    await expect(
      withDeadline('a file', 1_000, () => Promise.reject(new Error('gone'))),
    ).rejects.toThrow('gone');
    await pause(20);
    expect(set.mock.calls.filter(([, afterMs]) => afterMs === 1_000)).toEqual([]);
  });

  it('ends what never looks at its signal, and tells it', async () => {
    let told: AbortSignal | undefined;
    const hanging = withDeadline('a spooler', 20, (signal) => {
      told = signal;
      return new Promise(() => undefined);
    });
    await expect(hanging).rejects.toThrow(DeadlineError);
    expect(told?.reason).toBeInstanceOf(DeadlineError);
  });

  it('leaves nothing behind when the work is done in time', async () => {
    let told: AbortSignal | undefined;
    const work = (signal: AbortSignal): Promise<string> => {
      told = signal;
      return pause(30, 'done');
    };
    expect(await withDeadline('a printer', 60, work)).toBe('done');
    await pause(60);
    expect(told?.aborted).toBe(false);
  });

  it('is told of work that throws before it begins', async () => {
    const broken = withDeadline('a disk', 1_000, () => {
      throw new Error('no disk');
    });
    await expect(broken).rejects.toThrow('no disk');
  });
});
