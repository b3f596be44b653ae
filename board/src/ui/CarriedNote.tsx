import { useServerSecond } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';
import { broughtText, carriedText, type CarriedTimes } from './carried.ts';

/** Says that what is known came by flash drive, and how old it is. Keeps its own time. */
export function CarriedNote({ carried }: { readonly carried: CarriedTimes }) {
  const words = useWords();
  const nowMs = useServerSecond();
  return (
    <small className="carried" title={broughtText(words, carried, nowMs)} data-testid="carried">
      {carriedText(words, carried, nowMs)}
    </small>
  );
}
