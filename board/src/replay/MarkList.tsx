import { useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { ReplayClient } from './replay-client.ts';
import { useStatus } from './use-film.ts';
import type { FilmClock } from './use-film-clock.ts';
import type { MarkKind, MarkView } from './use-marks.ts';
import { useReplayWords } from './use-replay-words.ts';

/** More lines nobody reads at once: those around the moment. */
const LINES = 120;
const BEFORE = 40;

/** Shapes carry the kind without colour: a person, a flag, a triangle, a tick, a square. */
const shapes: Readonly<Record<MarkKind, string>> = {
  person: 'M10 2a4 4 0 110 8 4 4 0 010-8zM3 18c0-4 3-6 7-6s7 2 7 6z',
  claim: 'M4 2h2v16H4zM7 3h10l-3 4 3 4H7z',
  trouble: 'M10 2L19 18H1z',
  calm: 'M3 10l5 5 9-10-2-2-7 8-3-3z',
  plan: 'M4 4h12v12H4z',
};

interface MarkListProps {
  readonly client: ReplayClient;
  readonly marks: readonly MarkView[];
  readonly clock: FilmClock;
  readonly isCut: boolean;
}

/** What happened on this day; a press shows the board at that moment. */
export function MarkList({ client, marks, clock, isCut }: MarkListProps) {
  const { own } = useReplayWords();
  const [onlyPeople, setOnlyPeople] = useState(false);
  const shown = onlyPeople
    ? marks.filter(({ kind }) => kind === 'person' || kind === 'claim')
    : marks;
  // Of the marks that are passed: rendered only when another one is.
  const passed = useStatus(client, ({ atMs }) => countUpTo(shown, atMs));
  const from = Math.max(0, Math.min(passed - BEFORE, shown.length - LINES));
  const lines = shown.slice(from, from + LINES);
  const list = useRef<HTMLElement>(null);
  useCurrentInSight(list, shown[passed - 1]?.id);
  return (
    <aside ref={list} className="replay-marks" aria-label={own.marks} data-testid="replay-marks">
      <h2>{own.marks}</h2>
      <label>
        <input type="checkbox" checked={onlyPeople} onChange={() => setOnlyPeople(!onlyPeople)} />{' '}
        {own.onlyPeople}
      </label>
      {isCut && <p className="quiet">{own.marksCut}</p>}
      {lines.length === 0 && <p className="quiet">{own.noMarks}</p>}
      <ol>
        {lines.map((mark, at) => (
          <li key={mark.id} className={from + at < passed ? 'is-passed' : ''}>
            <Mark
              mark={mark}
              time={clock.time(mark.atMs)}
              isLast={from + at === passed - 1}
              onPress={() => void client.seek(mark.atMs)}
            />
          </li>
        ))}
      </ol>
    </aside>
  );
}

/**
 * Follows the moment at once, without a glide that nobody asked for. Moves the list alone: where the whole
 * page scrolls it stays where its reader is.
 */
function useCurrentInSight(list: RefObject<HTMLElement | null>, currentId: string | undefined) {
  useLayoutEffect(() => {
    const current = list.current?.querySelector('[aria-current]');
    if (!list.current || !current) return;
    const box = list.current.getBoundingClientRect();
    const line = current.getBoundingClientRect();
    if (line.top >= box.top && line.bottom <= box.bottom) return;
    list.current.scrollBy({ top: line.top - box.top - box.height / 2 });
  }, [list, currentId]);
}

interface MarkProps {
  readonly mark: MarkView;
  readonly time: string;
  readonly isLast: boolean;
  readonly onPress: () => void;
}

function Mark({ mark, time, isLast, onPress }: MarkProps) {
  const { own } = useReplayWords();
  const { kind, text, by, note } = mark;
  const who = by === 'collector' ? own.collector : by;
  return (
    <button type="button" aria-current={isLast ? 'true' : undefined} onClick={onPress} title={text}>
      <svg className={`replay-sign replay-sign-${kind}`} viewBox="0 0 20 20" aria-hidden="true">
        <path d={shapes[kind]} />
      </svg>
      <span className="number">{time}</span>
      <span className="replay-what">
        {text}
        {note !== '' && <span className="replay-said"> {note}</span>}
        {who !== '' && <small className="quiet"> {who}</small>}
      </span>
    </button>
  );
}

function countUpTo(marks: readonly MarkView[], atMs: number): number {
  const at = marks.findIndex((mark) => mark.atMs > atMs);
  return at < 0 ? marks.length : at;
}
