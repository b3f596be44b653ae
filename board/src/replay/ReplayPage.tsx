import './replay.css';
import { useMemo, useState, type ReactNode } from 'react';
import { Link, Router, useLocation } from 'wouter';
import type { ReplaySpan } from '@ppe-pulse/protocol';
import { LiveContext, useLive } from '../live/use-live.ts';
import { useZone } from '../ui/use-zone.ts';
import { REPLAY_BASE, ReplayContext } from './is-replay.ts';
import { MarkList } from './MarkList.tsx';
import { ReplayBar } from './ReplayBar.tsx';
import type { ReplayClient } from './replay-client.ts';
import { Screen } from './Screen.tsx';
import { reelAt, reelsOf } from './timeline.ts';
import { useAddress } from './use-address.ts';
import { useFilm, useStatus } from './use-film.ts';
import { useFilmClock } from './use-film-clock.ts';
import { useFilmKeys } from './use-film-keys.ts';
import { useMarks } from './use-marks.ts';
import { useReplayWords } from './use-replay-words.ts';

/** The whole board as it was at a moment of the past: `children` are the pages of the live one. */
export function ReplayPage({ children }: { readonly children: ReactNode }) {
  const { own } = useReplayWords();
  const { client, spans, isUnanswered } = useFilm();
  const liveZone = useZone();
  if (spans !== undefined && spans.length > 0) {
    return (
      <ReplayContext.Provider value={true}>
        <LiveContext.Provider value={client}>
          <Router base={REPLAY_BASE}>
            <Projection client={client} spans={spans} liveZone={liveZone}>
              {children}
            </Projection>
          </Router>
        </LiveContext.Provider>
      </ReplayContext.Provider>
    );
  }
  const isEmpty = spans !== undefined;
  return (
    <main id="main" className="notice replay-notice">
      <h1>{isUnanswered ? own.noAnswer : isEmpty ? own.nothingTitle : own.loading}</h1>
      {isEmpty && <p>{own.nothingHint}</p>}
      <Link href="~/">{own.toLive}</Link>
    </main>
  );
}

interface ProjectionProps {
  readonly client: ReplayClient;
  readonly spans: readonly ReplaySpan[];
  readonly liveZone: string;
  readonly children: ReactNode;
}

function Projection({ client, spans, liveZone, children }: ProjectionProps) {
  const { own } = useReplayWords();
  const [path] = useLocation();
  const [isListed, setIsListed] = useState(true);
  const filmZone = useZone();
  // Between two pictures, and in a gap, a film has no registry.
  const hasRegistry = useLive(({ registry }) => registry.size > 0);
  const zone = hasRegistry ? filmZone : liveZone;
  useAddress(client, spans, zone);
  const clock = useFilmClock(spans, zone);
  const reels = useMemo(() => reelsOf(spans, clock.dayOf), [spans, clock]);
  const reel = useStatus(client, ({ atMs }) => reelAt(reels, atMs)) ?? reels[0];
  if (!reel) return null;
  return (
    <Reeled client={client} reel={reel} time={clock.time}>
      {(marks, isCut) => (
        <div className="replay" data-testid="replay">
          <ReplayBar client={client} film={{ reels, reel, marks, clock }}>
            <button type="button" aria-expanded={isListed} onClick={() => setIsListed(!isListed)}>
              {isListed ? own.hideMarks : own.showMarks}
            </button>
          </ReplayBar>
          <div className="replay-room">
            <Screen client={client} spans={spans} clock={clock} path={path}>
              {children}
            </Screen>
            {isListed && <MarkList client={client} marks={marks} clock={clock} isCut={isCut} />}
          </div>
        </div>
      )}
    </Reeled>
  );
}

interface ReeledProps {
  readonly client: ReplayClient;
  readonly reel: Parameters<typeof useMarks>[0];
  readonly time: (wallMs: number) => string;
  readonly children: (marks: ReturnType<typeof useMarks>['marks'], isCut: boolean) => ReactNode;
}

/** Marks of the reel, and the keys that go to them. */
function Reeled({ client, reel, time, children }: ReeledProps) {
  const { marks, isCut } = useMarks(reel, time);
  useFilmKeys(client, reel, marks);
  return children(marks, isCut);
}
