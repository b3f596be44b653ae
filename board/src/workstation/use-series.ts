import { useEffect, useState } from 'react';
import { getJson, type ApiAnswer } from '../api/client.ts';
import type { SeriesAnswer } from '../api/shapes.ts';
import type { RangeName } from './workstation-texts.ts';

export const rangeMs: Readonly<Record<RangeName, number>> = {
  '15m': 15 * 60_000,
  '1h': 3_600_000,
  '8h': 8 * 3_600_000,
  '24h': 24 * 3_600_000,
};

/** Charts are renewed this often: recharts costs 100 ms of the main thread each time. */
const EVERY_MS = 10_000;
const POINTS = 300;

/** History of several metrics over a span that ends now. */
export function useSeries(
  id: string,
  metricIds: readonly string[],
  range: RangeName,
): readonly ApiAnswer<SeriesAnswer>[] | undefined {
  const [answers, setAnswers] = useState<readonly ApiAnswer<SeriesAnswer>[]>();
  const list = metricIds.join(',');
  useEffect(() => {
    let isCurrent = true;
    const load = async (): Promise<void> => {
      const to = new Date();
      const from = new Date(to.getTime() - rangeMs[range]);
      const span = `from=${from.toISOString()}&to=${to.toISOString()}&points=${POINTS}`;
      const fresh = await Promise.all(
        list
          .split(',')
          .map((metric) =>
            getJson<SeriesAnswer>(`/api/v1/workstations/${id}/series?metric=${metric}&${span}`),
          ),
      );
      if (isCurrent) setAnswers(fresh);
    };
    setAnswers(undefined);
    void load();
    const timer = setInterval(() => void load(), EVERY_MS);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [id, list, range]);
  return answers;
}
