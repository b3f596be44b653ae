import { useEffect, useRef, useState } from 'react';
import { getJson, type ApiAnswer } from '../api/client.ts';
import type { WorkstationAnswer } from '../api/shapes.ts';
import { useLive } from '../live/use-live.ts';

/** Details are asked for at most this often, however often the workstation speaks. */
const EVERY_MS = 1_000;

/** Details of a workstation, asked again when its live row changes. The last good ones stay. */
export function useWorkstation(id: string): ApiAnswer<WorkstationAnswer> | undefined {
  const row = useLive((state) => state.workstations.find((each) => each?.id === id));
  const [answer, setAnswer] = useState<ApiAnswer<WorkstationAnswer>>();
  const askedMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    let isCurrent = true;
    const waitMs = Math.max(0, askedMs.current + EVERY_MS - performance.now());
    const timer = setTimeout(() => {
      askedMs.current = performance.now();
      void getJson<WorkstationAnswer>(`/api/v1/workstations/${id}`).then((fresh) => {
        if (!isCurrent) return;
        setAnswer((known) => (fresh.kind === 'failed' && known?.kind === 'done' ? known : fresh));
      });
    }, waitMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [id, row]);
  return answer;
}
