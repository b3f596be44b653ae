import { useEffect, useRef, useState } from 'react';
import type { ApiAnswer } from '../api/client.ts';

/** Answers of the API are asked for at most this often, however often the picture changes. */
const EVERY_MS = 2_000;

/** A session that ended takes no page away under the hands of somebody who writes: the frame says it. */
function isNoNews<T>({ kind }: ApiAnswer<T>, known: ApiAnswer<T>): boolean {
  return kind === 'failed' || (kind === 'signedOut' && known.kind === 'done');
}

/**
 * An answer of the API, asked again when `trigger` has changed, at most every `EVERY_MS`. The last good
 * one stays. A trigger that changes faster than that does not put the next question off.
 */
export function useAnswer<T>(
  get: (path: string) => Promise<ApiAnswer<T>>,
  path: string,
  trigger: unknown,
): ApiAnswer<T> | undefined {
  const [answer, setAnswer] = useState<{ readonly path: string; readonly of: ApiAnswer<T> }>();
  const wanted = useRef<string | undefined>(undefined);
  const asked = useRef({ path: '', atMs: 0 });
  useEffect(() => {
    wanted.current = path;
    return () => {
      wanted.current = undefined;
    };
  }, [path]);
  useEffect(() => {
    const ask = async (): Promise<void> => {
      asked.current = { path, atMs: performance.now() };
      const fresh = await get(path);
      if (wanted.current !== path) return;
      setAnswer((known) =>
        known?.path === path && isNoNews(fresh, known.of) ? known : { path, of: fresh },
      );
    };
    const dueMs = asked.current.path === path ? asked.current.atMs + EVERY_MS : 0;
    const timer = setTimeout(() => void ask(), Math.max(0, dueMs - performance.now()));
    return () => clearTimeout(timer);
  }, [get, path, trigger]);
  return answer?.path === path ? answer.of : undefined;
}
