import { useState } from 'react';
import { reasonText } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { causesOf, type Cause } from './causes.ts';
import {
  adviceOf,
  causeTitle,
  censusText,
  placeLabels,
  sinceText,
  useHqWords,
  type HqWords,
} from './hq-words.ts';
import { KnownNote } from './KnownNote.tsx';
import { censusOf } from '../rooms/standing.ts';
import { useHq, useHqNow } from './use-hq.ts';

/** Lines that leave room for the table on a small screen. */
const FIRST_LINES = 8;
/** Places of one line; a dead switch silences every room. */
const FIRST_PLACES = 8;

interface FixNowProps {
  readonly onRoom: (code: string) => void;
}

/** What to put right, worst first, in words for those who have no phone and five minutes. */
export function FixNow({ onRoom }: FixNowProps) {
  const words = useHqWords();
  const { hq, number } = words;
  const state = useHq();
  if (!state.frame) return null;
  const census = censusOf(state.frame);
  const causes = causesOf(state);
  const now = causes.filter(({ isNote }) => !isNote);
  const notes = causes.filter(({ isNote }) => isNote);
  const isCovered = census.live + census.byRule + census.carried === census.total;
  return (
    <section className="hq-fix" aria-label={hq.fixNow}>
      {now.length === 0 ? (
        <div className="hq-calm" role="status">
          <Glyph verdict="ok" />
          <p>
            <strong>{isCovered ? hq.calm : hq.calmUncovered}: </strong>
            {censusText(words, census)}
          </p>
        </div>
      ) : (
        <div className="hq-fix-head" role="status">
          <h2>
            {hq.fixNow}{' '}
            <span className={`hq-count hq-count-${now[0]?.verdict}`}>{number(now.length)}</span>
          </h2>
          <p>{censusText(words, census)}</p>
        </div>
      )}
      <Lines causes={now} onRoom={onRoom} />
      {notes.length > 0 && (
        <details className="hq-notes">
          <summary>
            {hq.notes} <span className="quiet">{number(notes.length)}</span>
          </summary>
          <Lines causes={notes} onRoom={onRoom} />
        </details>
      )}
    </section>
  );
}

function Lines({ causes, onRoom }: FixNowProps & { readonly causes: readonly Cause[] }) {
  const { hq } = useHqWords();
  const [isAll, setAll] = useState(false);
  // A button that hides one line takes that line's place.
  const first = causes.length <= FIRST_LINES + 1 ? causes.length : FIRST_LINES;
  const rest = causes.length - first;
  if (causes.length === 0) return null;
  return (
    <>
      <ol className="hq-causes">
        {causes.slice(0, isAll ? causes.length : first).map((cause) => (
          <CauseLine key={cause.key} cause={cause} onRoom={onRoom} />
        ))}
      </ol>
      {rest > 0 && (
        <button type="button" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
          {isAll ? hq.showLess : hq.showMore(rest)}
        </button>
      )}
    </>
  );
}

function CauseLine({ cause, onRoom }: FixNowProps & { readonly cause: Cause }) {
  const words = useHqWords();
  const { hq, domain, page } = words;
  const { nowMs } = useHqNow();
  const places = placeLabels(words, cause);
  return (
    <li className={`hq-cause hq-cause-${cause.verdict}`} data-testid={`cause-${cause.reason}`}>
      <Glyph verdict={cause.verdict} label={domain.verdicts[cause.verdict]} />
      <div className="hq-what">
        <strong>{causeTitle(words, cause)}</strong>
        {cause.alsoReasons.length > 0 && <small>{alsoText(words, cause)}</small>}
        <p className="hq-places">
          {places.slice(0, FIRST_PLACES).map(({ roomCode, text }) => (
            <button
              key={text}
              type="button"
              title={hq.openRoom(text)}
              onClick={() => onRoom(roomCode)}
            >
              {text}
            </button>
          ))}
          {places.length > FIRST_PLACES && (
            <span className="quiet">{page.more(places.length - FIRST_PLACES)}</span>
          )}
        </p>
      </div>
      <div className="hq-do">
        <p className="hq-advice">{adviceOf(words, cause)}</p>
        <KnownNote cause={cause} />
      </div>
      <span className="hq-since">{nowMs !== null && sinceText(words, cause, nowMs)}</span>
    </li>
  );
}

function alsoText(words: HqWords, { alsoReasons }: Cause): string {
  return words.hq.also(alsoReasons.map((each) => reasonText(words, each)).join(', '));
}
