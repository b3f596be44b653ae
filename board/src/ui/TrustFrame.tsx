import type { ReactNode } from 'react';
import type { Freshness } from '../live/freshness.ts';

interface TrustFrameProps {
  readonly freshness: Freshness;
  /** What is wrong with the line, said over everything once the picture is old. */
  readonly title: string;
  readonly details: string;
  /** What can be done about it. */
  readonly way?: ReactNode;
  /** Written across the picture. */
  readonly watermark: string;
  readonly children: ReactNode;
}

/** Old pictures are drained of colour and marked across, so that nobody takes them for now. */
export function TrustFrame(props: TrustFrameProps) {
  const { freshness, title, details, way, watermark, children } = props;
  const isOld = freshness === 'stale' || freshness === 'lost';
  return (
    <div className={`shell shell-${freshness}`}>
      {isOld && (
        <div className={`banner banner-${freshness}`} role="alert">
          <strong>{title}</strong>
          <span>{details}</span>
          {way}
        </div>
      )}
      {isOld && (
        <div className="watermark" aria-hidden="true">
          {watermark}
        </div>
      )}
      <div className="content">{children}</div>
    </div>
  );
}
