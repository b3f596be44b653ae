import { useEffect, useState } from 'react';
import type { ApiAnswer } from '../api/client.ts';

/** Answers of the API are asked for at most this often, however often the picture changes. */
const EVERY_MS = 2_000;

/** An answer of the API, asked again `EVERY_MS` after `trigger` changed. The last good one stays. */
export function useAnswer<T>(
  get: (path: string) => Promise<ApiAnswer<T>>,
  path: string,
  trigger: unknown,
): ApiAnswer<T> | undefined {
  const [answer, setAnswer] = useState<{ readonly path: string; readonly of: ApiAnswer<T> }>();
  const isFirst = answer?.path !== path;
  useEffect(() => {
    let isCurrent = true;
    const ask = async (): Promise<void> => {
      const fresh = await get(path);
      if (!isCurrent) return;
      setAnswer((known) =>
        fresh.kind === 'failed' && known?.path === path ? known : { path, of: fresh },
      );
    };
    const timer = setTimeout(() => void ask(), isFirst ? 0 : EVERY_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [get, path, trigger, isFirst]);
  return isFirst ? undefined : answer.of;
}
