import { lazy, useEffect, useRef, useState } from 'react';
import { domainTexts, nameOf } from '@ppe-pulse/protocol/texts';
import type { RangeName } from './workstation-texts.ts';
import { useWords } from '../text/texts.ts';
import { Part } from '../ui/Part.tsx';

const Chart = lazy(async () => ({ default: (await import('./Chart.tsx')).Chart }));

/**
 * The chart of a device's main number. A PC that watches 50 cameras has 50 of them: each is drawn, and
 * its history asked for, once it comes into view.
 */
export function DeviceChart({
  workstationId,
  metric,
  range,
}: {
  readonly workstationId: string;
  readonly metric: string;
  readonly range: RangeName;
}) {
  const { language } = useWords();
  const place = useRef<HTMLDivElement>(null);
  const isSeen = useSeen(place);
  return (
    <div ref={place} className="device-chart">
      {isSeen && metric !== '' && (
        <Part fallback={<figure className="chart" aria-busy="true" />}>
          <Chart
            id={workstationId}
            title={nameOf(domainTexts(language).metrics, metric)}
            metrics={[metric]}
            range={range}
          />
        </Part>
      )}
    </div>
  );
}

/** True from the moment the element was first in view. */
function useSeen(place: React.RefObject<HTMLElement | null>): boolean {
  const [isSeen, setSeen] = useState(typeof IntersectionObserver === 'undefined');
  useEffect(() => {
    const element = place.current;
    if (isSeen || !element) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [isSeen, place]);
  return isSeen;
}
