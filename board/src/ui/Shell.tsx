import type { ReactNode } from 'react';
import { formatDuration } from '@ppe-pulse/protocol/texts';
import { useFreshness, useLine } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';

/**
 * The frame of every page: says above all else whether the picture may be trusted. Stale and lost
 * pictures are drained of colour, so that nobody takes them for now.
 */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { page, language } = useWords();
  const { freshness, frameAgeMs } = useFreshness();
  const isRefused = useLine((line) => line.isRefused);
  const age = formatDuration(frameAgeMs, language);
  if (isRefused) {
    return (
      <main className="notice" role="alert">
        <h1>{page.signedOut}</h1>
        <p>{page.signedOutHint}</p>
      </main>
    );
  }
  const isOld = freshness === 'stale' || freshness === 'lost';
  return (
    <div className={`shell shell-${freshness}`}>
      {isOld && (
        <div className={`banner banner-${freshness}`} role="alert">
          <strong>{freshness === 'lost' ? page.lost : page.stale}</strong>
          <span>{page.pictureAge(age)}</span>
        </div>
      )}
      {isOld && (
        <div className="watermark" aria-hidden="true">
          {page.watermark} · {age}
        </div>
      )}
      <div className="content">{children}</div>
    </div>
  );
}
