import { useMemo } from 'react';
import type { Overview } from '@ppe-pulse/protocol';
import { dayClockOf } from '../incidents/day-clock.ts';
import { useLive } from '../live/use-live.ts';
import { useDayClock } from '../rehearsal/use-day-clock.ts';
import { megabitsOf, trendPathOf, type TrendBox, type TrendPath } from './trend-path.ts';
import { useWallSideWords } from './use-wall-side-words.ts';

/** Units of the drawing; it is stretched to its place, its line and its texts are not. */
const box: TrendBox = { width: 300, height: 100 };
/** Above this a fraction is noise. */
const WHOLE_FROM = 10;
const SECOND_MS = 1_000;

/** What the Штабы receive together, of the last hours. Drawn anew when a point comes, four a minute. */
export function TrendPanel() {
  const { side, number } = useWallSideWords();
  const download = useLive((state) => state.overview?.emDownload);
  const now = useLive((state) =>
    shown(megabitsOf(state.overview?.throughput.rxBytesPerSecond ?? 0)),
  );
  const trend = useLive((state) => state.trend);
  const speed = useLive((state) => dayClockOf(state.overview).spanMs(1));
  const shiftMs = useLive((state) => dayShiftMs(state.overview));
  const drawn = useMemo(() => {
    const path = trendPathOf(trend, box, (wallMs) => wallMs * speed + shiftMs);
    const most = Math.max(...trend.points.map((point) => megabitsOf(point.rxBytesPerSecond)));
    return path && { path, most: shown(most) };
  }, [trend, speed, shiftMs]);
  return (
    <section className="panel trend-panel" aria-label={download ? side.emTrend : side.rxTrend}>
      <h2>
        {download ? side.emTrend : side.rxTrend}
        <span>
          <strong data-testid="trend-now">{number(now)}</strong> {side.megabits}
        </span>
      </h2>
      {drawn ? (
        <Chart drawn={drawn} now={now} />
      ) : (
        <p className="trend-empty quiet">{side.noTrend}</p>
      )}
      {download && (
        <p className="trend-got" data-testid="em-got">
          {side.emGot(number(download.sitesDone), number(download.sitesTotal))}
        </p>
      )}
    </section>
  );
}

function Chart({ drawn, now }: { readonly drawn: Drawn; readonly now: number }) {
  const { side, number } = useWallSideWords();
  const dayTime = useDayClock();
  const { line, area, ticks, times } = drawn.path;
  const percent = (part: number, whole: number): string => `${(part / whole) * 100}%`;
  return (
    <div className="trend" role="img" aria-label={side.trendName(number(now), number(drawn.most))}>
      <svg
        viewBox={`0 0 ${box.width} ${box.height}`}
        preserveAspectRatio="none"
        className="trend-line"
        aria-hidden="true"
      >
        {ticks.map(({ megabits, y }) => (
          <path key={megabits} className="trend-rule" d={`M0 ${y}H${box.width}`} />
        ))}
        <path className="trend-area" d={area} />
        <path className="trend-path" d={line} />
      </svg>
      {ticks.map(({ megabits, y }) => (
        <span key={megabits} className="trend-tick" style={{ top: percent(y, box.height) }}>
          {number(megabits)}
        </span>
      ))}
      {times.map(({ dayMs, x }) => (
        <span key={dayMs} className="trend-time" style={{ left: percent(x, box.width) }}>
          {dayTime(dayMs)}
        </span>
      ))}
    </div>
  );
}

interface Drawn {
  readonly path: TrendPath;
  /** The most in the time shown, Мбит/с. */
  readonly most: number;
}

/** What the day shown is ahead of `speed` wall times; in whole seconds, so that it is the same each beat. */
function dayShiftMs(overview: Overview | null): number {
  const { dayMs } = dayClockOf(overview);
  return Math.round(dayMs(0) / SECOND_MS) * SECOND_MS;
}

function shown(megabits: number): number {
  return megabits >= WHOLE_FROM ? Math.round(megabits) : Math.round(megabits * 10) / 10;
}
