import type { ReactNode } from 'react';
import { formatDuration } from '@ppe-pulse/protocol/texts';
import { useFreshness, useLine, useLive, useMoment, type Moment } from '../live/use-live.ts';
import { useIsReplay } from '../replay/is-replay.ts';
import { useWords } from '../text/texts.ts';

interface LiveFooterProps {
  readonly children?: ReactNode;
  /** At the end of the line. */
  readonly end: ReactNode;
}

/** Proof of life at the bottom of every page: line, age of the data, frames. */
export function LiveFooter({ children, end }: LiveFooterProps) {
  const { page, language } = useWords();
  const { freshness } = useFreshness();
  const isReplay = useIsReplay();
  const rate = useLive((state) => state.overview?.ingest.heartbeatsPerSecond ?? 0);
  const line = {
    waiting: page.waiting,
    live: isReplay ? page.replayed : page.live,
    late: page.late,
    stale: page.stale,
    lost: page.lost,
  };
  return (
    <footer className="footer">
      <span className={`pulse pulse-${freshness}`} aria-hidden="true" />
      <span data-testid="line">{line[freshness]}</span>
      <span data-testid="data-age">
        <DataAge />
      </span>
      <span className="quiet">{page.rate(rate.toLocaleString(language))}</span>
      <span className="quiet" data-testid="frames">
        <Frames />
      </span>
      {children}
      <span className="spring" />
      {end}
    </footer>
  );
}

/** «данные 2 с назад»: the age of the newest heartbeat, by the collector's clock. */
export function DataAge() {
  const { page, language } = useWords();
  const ageMs = useMoment(dataAge);
  return ageMs === null ? page.noData : page.dataAge(formatDuration(ageMs, language));
}

const SECOND_MS = 1_000;

/** In whole seconds, as it is read; null when there never was a heartbeat. */
function dataAge({ state, frameAgeMs }: Moment): number | null {
  const { dataAgeMs } = state;
  return dataAgeMs === null ? null : Math.round((dataAgeMs + frameAgeMs) / SECOND_MS) * SECOND_MS;
}

/** Nothing else of the line is rendered with every frame. */
function Frames() {
  const { page, number } = useWords();
  const frames = useLine((line) => line.frames);
  return page.frames(number(frames));
}
