import { useEffect, useState } from 'react';
import { getJson } from '../api/client.ts';
import { isOpen, type EmStandingAnswer } from './em-shapes.ts';

/** A rehearsal that runs is looked at this often. */
const EVERY_MS = 2_000;

/** A rehearsal of the download, followed while it runs. `nudge` asks at once. */
export function useDownload(id: string | undefined, nudge: number): EmStandingAnswer | undefined {
  const [standing, setStanding] = useState<EmStandingAnswer>();
  useEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const answer = await getJson<EmStandingAnswer>(`/api/v1/em-downloads/${id}`);
      if (!isCurrent || answer.kind === 'signedOut') return;
      if (answer.kind === 'done') setStanding(answer.value);
      const isOver = answer.kind === 'done' ? !isOpen(answer.value) : answer.status === 404;
      if (!isOver) timer = setTimeout(() => void ask(), EVERY_MS);
    };
    if (id !== undefined) void ask();
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [id, nudge]);
  return standing?.id === id ? standing : undefined;
}
