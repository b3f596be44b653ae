import type { ReactNode } from 'react';
import { formatDuration } from '@ppe-pulse/protocol/texts';
import { useFreshness, useLine } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';
import { TrustFrame } from './TrustFrame.tsx';

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
  return (
    <TrustFrame
      freshness={freshness}
      title={freshness === 'lost' ? page.lost : page.stale}
      details={page.pictureAge(age)}
      watermark={`${page.watermark} · ${age}`}
    >
      {children}
    </TrustFrame>
  );
}
