import { useCallback, useState } from 'react';
import { getJson, type ApiAnswer } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';

/** Others change these lists as well: they are looked at this often. */
const EVERY_MS = 10_000;

/** A list of the collector, followed; `nudge` asks at once. */
export interface FollowedList<T> {
  readonly answer: ApiAnswer<T> | undefined;
  readonly nudge: () => void;
}

export function useList<T>(path: string): FollowedList<T> {
  const [nudges, setNudges] = useState(0);
  const rhythm = useLive((state) => Math.floor(state.serverTimeMs / EVERY_MS));
  const answer = useAnswer(getJson<T>, path, `${rhythm} ${nudges}`);
  const nudge = useCallback(() => setNudges((before) => before + 1), []);
  return { answer, nudge };
}
