import { useMemo } from 'react';
import { getJson, type ApiAnswer } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import type { TimelineAnswer, TimelineFilter } from './timeline-answer.ts';

const EVERY_MS = 5_000;

/** Events of a site, asked again when anything of it changed. */
export function useTimeline(
  code: string,
  filter: TimelineFilter,
  limit: number,
): ApiAnswer<TimelineAnswer> | undefined {
  const site = useLive((state) => state.registry.get(code));
  const incidents = useLive((state) => state.incidents);
  // Verdicts change without a word of the site: a list of them is asked again in this rhythm.
  const rhythm = useLive((state) => Math.floor(state.serverTimeMs / EVERY_MS));
  const trigger = useMemo(() => ({ site, incidents, rhythm }), [site, incidents, rhythm]);
  const kind = filter === 'all' ? '' : `&kind=${filter}`;
  const path = `/api/v1/sites/${code}/timeline?limit=${limit}${kind}`;
  return useAnswer(getJson<TimelineAnswer>, path, trigger);
}
