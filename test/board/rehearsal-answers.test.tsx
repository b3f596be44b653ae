// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApiAnswer } from '../../board/src/api/client.ts';
import { useAnswer } from '../../board/src/rehearsal/use-answer.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const passes = (ms: number): Promise<void> =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });

/** A page over an API that counts its questions. */
function asking(answerOf: (path: string, nth: number) => ApiAnswer<string>) {
  const asked: string[] = [];
  const get = async (path: string): Promise<ApiAnswer<string>> => {
    asked.push(path);
    return answerOf(path, asked.length);
  };
  const hook = renderHook(
    ({ path, trigger }: { path: string; trigger: number }) => useAnswer(get, path, trigger),
    { initialProps: { path: '/a', trigger: 0 } },
  );
  return { asked, ...hook };
}

const done = (value: string): ApiAnswer<string> => ({ kind: 'done', value });

describe('an answer that follows the picture', () => {
  it('is asked for every two seconds however fast the picture changes, and never put off', async () => {
    const { asked, rerender } = asking((path, nth) => done(`${path} ${nth}`));
    await passes(0);
    expect(asked).toHaveLength(1);
    for (let change = 1; change <= 20; change += 1) {
      rerender({ path: '/a', trigger: change });
      await passes(500);
    }
    expect(asked.length).toBeGreaterThanOrEqual(5);
    expect(asked.length).toBeLessThanOrEqual(6);
  });

  it('is not asked for again while nothing changes', async () => {
    const { asked } = asking(() => done('x'));
    await passes(60_000);
    expect(asked).toHaveLength(1);
  });

  it('keeps the last good one over a failure, and forgets it with another path', async () => {
    const { result, rerender } = asking((path, nth) =>
      nth === 2 ? { kind: 'failed', status: 0, detail: '' } : done(`${path} ${nth}`),
    );
    await passes(0);
    expect(result.current).toEqual(done('/a 1'));
    rerender({ path: '/a', trigger: 1 });
    await passes(2_000);
    expect(result.current).toEqual(done('/a 1'));
    rerender({ path: '/b', trigger: 1 });
    expect(result.current).toBeUndefined();
    await passes(0);
    expect(result.current).toEqual(done('/b 3'));
  });
});
