import type { Cause } from './causes.ts';
import { useHqWords, type HqWords } from './hq-words.ts';
import { knowledgeOf, type Knowledge } from './known-incidents.ts';
import { isKnownNow } from './unheard.ts';
import { useHq, useHqNow } from './use-hq.ts';
import { useMoment } from './use-moment.ts';

/** Says of a fault that is seen here that the situation centre knows of it: nobody needs to call. */
export function KnownNote({ cause }: { readonly cause: Cause }) {
  const words = useHqWords();
  const { frame } = useHq();
  const { nowMs } = useHqNow();
  const moment = useMoment(words.language);
  const knowledge = frame && knowledgeOf(cause, frame.incidents);
  if (!knowledge || nowMs === null) return null;
  const { incident, standing, covered } = knowledge;
  const { id, acknowledgedAtMs, openedAtMs } = incident;
  const time = moment(acknowledgedAtMs ?? openedAtMs, nowMs);
  const all = cause.places.length;
  const isNow = frame !== null && isKnownNow(frame);
  const said = saidOf(words, isNow, { standing, time });
  return (
    <p className={`hq-known hq-known-${standing}`} data-testid={`known-${id}`}>
      {said}
      {covered < all && ` (${words.hq.incidents.known.partly(String(covered), String(all))})`}{' '}
      <span className="quiet">{id}</span>
    </p>
  );
}

function saidOf(
  { hq }: HqWords,
  isNow: boolean,
  { standing, time }: { readonly standing: Knowledge['standing']; readonly time: string },
): string {
  const { known } = hq.incidents;
  switch (standing) {
    case 'taken':
      return known.taken(time);
    case 'waits':
      return isNow ? known.waits(time) : known.waitsThen(time);
    case 'setAside':
      return known.setAside;
  }
}
