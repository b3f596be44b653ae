import { useEffect, useRef, useState } from 'react';
import type { ReplayClient } from './replay-client.ts';
import { gapsOf, shareOf, type Reel } from './timeline.ts';
import { useStatus } from './use-film.ts';
import type { FilmClock } from './use-film-clock.ts';
import type { MarkKind, MarkView } from './use-marks.ts';
import { useReplayWords } from './use-replay-words.ts';

/** A hand that drags asks for a picture only when it rests. */
const REST_MS = 150;
/** Marks that stand on the same place are one: so many places there are. */
const PLACES = 300;
const weights: Readonly<Record<MarkKind, number>> = {
  claim: 0,
  calm: 1,
  plan: 2,
  trouble: 3,
  person: 4,
};

interface SliderProps {
  readonly client: ReplayClient;
  readonly reel: Reel;
  readonly marks: readonly MarkView[];
  readonly clock: FilmClock;
}

/** The recorded day: where the film is, where it has gaps, and what happened when. */
export function ReplaySlider({ client, reel, marks, clock }: SliderProps) {
  const { own } = useReplayWords();
  const atMs = useStatus(client, (status) => Math.floor(status.atMs / 1_000) * 1_000);
  const [draggedMs, drag] = useDrag(client);
  const shownMs = draggedMs ?? atMs;
  const { fromMs, toMs } = reel;
  return (
    <div className="replay-slider">
      <span className="quiet">{clock.time(fromMs)}</span>
      <div className="replay-track">
        {gapsOf(reel.spans).map((gap) => (
          <span
            key={gap.fromMs}
            className="replay-hole"
            title={own.gapTitle}
            style={{
              left: percent(shareOf(reel, gap.fromMs)),
              width: percent(shareOf(reel, gap.toMs) - shareOf(reel, gap.fromMs)),
            }}
          />
        ))}
        {placed(marks, reel).map(({ id, kind, atMs: markMs }) => (
          <span
            key={id}
            className={`replay-tick replay-tick-${kind}`}
            style={{ left: percent(shareOf(reel, markMs)) }}
          />
        ))}
        <input
          type="range"
          min={0}
          max={Math.max(1, Math.round((toMs - fromMs) / 1_000))}
          step={1}
          value={Math.round((shownMs - fromMs) / 1_000)}
          aria-label={own.slider}
          aria-valuetext={clock.time(shownMs)}
          onChange={({ target }) => drag(Math.min(toMs, fromMs + Number(target.value) * 1_000))}
        />
      </div>
      <span className="quiet">{clock.time(toMs)}</span>
    </div>
  );
}

/** Where the hand is, until the film has followed it. */
function useDrag(client: ReplayClient): [number | undefined, (ms: number) => void] {
  const [draggedMs, setDraggedMs] = useState<number>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const drag = (ms: number): void => {
    setDraggedMs(ms);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setDraggedMs(undefined);
      void client.seek(ms);
    }, REST_MS);
  };
  return [draggedMs, drag];
}

/** The weightiest mark of each place. */
function placed(marks: readonly MarkView[], reel: Reel): MarkView[] {
  const places = new Map<number, MarkView>();
  for (const mark of marks) {
    const place = Math.round(shareOf(reel, mark.atMs) * PLACES);
    const known = places.get(place);
    if (!known || weights[known.kind] < weights[mark.kind]) places.set(place, mark);
  }
  return [...places.values()];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
