import type { ReactNode } from 'react';
import { formatDuration } from '@ppe-pulse/protocol/texts';
import { useFreshness, useLine, useLive } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';
import { Switches } from './Switches.tsx';

/** Proof of life at the bottom of every page: line, age of the data, frames; and the switches. */
export function LiveFooter({ children }: { readonly children?: ReactNode }) {
  const { page, language } = useWords();
  const { freshness, frameAgeMs } = useFreshness();
  const frames = useLine((line) => line.frames);
  const dataAgeMs = useLive((state) => state.dataAgeMs);
  const rate = useLive((state) => state.overview?.ingest.heartbeatsPerSecond ?? 0);
  const line = {
    waiting: page.waiting,
    live: page.live,
    late: page.late,
    stale: page.stale,
    lost: page.lost,
  };
  const dataAge =
    dataAgeMs === null
      ? page.noData
      : page.dataAge(formatDuration(dataAgeMs + frameAgeMs, language));
  return (
    <footer className="footer">
      <span className={`pulse pulse-${freshness}`} aria-hidden="true" />
      <span data-testid="line">{line[freshness]}</span>
      <span data-testid="data-age">{dataAge}</span>
      <span className="quiet">{page.rate(rate.toLocaleString(language))}</span>
      <span className="quiet" data-testid="frames">
        {page.frames(frames)}
      </span>
      {children}
      <span className="spring" />
      <Switches />
    </footer>
  );
}
