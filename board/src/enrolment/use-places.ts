import { useState } from 'react';
import { useList } from '../access/use-list.ts';
import { useLater } from '../registry/use-later.ts';
import type { EnrolmentAnswer, EnrolmentsAnswer } from './enrolment-shapes.ts';
import { wholeSites } from './site-places.ts';

/** Places of a page: one ППЭ has at most half as many. */
const PAGE = 500;
/** Places where a person must decide: more of them at once are looked at after these. */
const UNDECIDED = 200;
const TYPING_MS = 300;
const LIST = '/api/v1/enrolments';

/** The places of one page, and how to turn to others. */
export interface PlacesPage {
  /** Undefined before the first answer. */
  readonly items: readonly EnrolmentAnswer[] | undefined;
  readonly search: string;
  readonly find: (search: string) => void;
  readonly turn: { readonly back?: () => void; readonly on?: () => void };
}

/** What waits for a person, and the page of places that is looked at: never the whole region at once. */
export function usePlaces() {
  const [search, setSearch] = useState('');
  const wanted = useLater(search.replace(/\D/g, ''), TYPING_MS);
  const [at, setAt] = useState({ search: '', cursors: [''] });
  const cursors = at.search === wanted ? at.cursors : [''];
  const cursor = cursors.at(-1) ?? '';
  const query = new URLSearchParams({
    limit: String(PAGE),
    ...(wanted !== '' && { search: wanted }),
    ...(cursor !== '' && { cursor }),
  });
  const undecided = useList<EnrolmentsAnswer>(`${LIST}?undecided=true&limit=${UNDECIDED}`);
  const list = useList<EnrolmentsAnswer>(`${LIST}?${query}`);
  const shown = list.answer?.kind === 'done' ? wholeSites(list.answer.value) : undefined;
  const next = shown?.nextCursor;
  const go = (to: readonly string[]) => (): void => setAt({ search: wanted, cursors: [...to] });
  const places: PlacesPage = {
    items: shown?.items,
    search,
    find: setSearch,
    turn: {
      ...(cursors.length > 1 && { back: go(cursors.slice(0, -1)) }),
      ...(next !== undefined && { on: go([...cursors, next]) }),
    },
  };
  return {
    places,
    undecided: undecided.answer,
    isLost: [undecided.answer, list.answer].some((answer) => answer?.kind === 'failed'),
    nudge: (): void => {
      undecided.nudge();
      list.nudge();
    },
  };
}
